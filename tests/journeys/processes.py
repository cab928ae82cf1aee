"""What the processes of the test of kills do, each with the environment of its installation."""

import sys
import time
from random import Random

import django

django.setup()

from tests.capabilities.gaps.test_worlds import events_of  # noqa: E402  # Django's apps must be loaded before models
from tests.journeys.test_visits import landed, new_workspace  # noqa: E402
from tests.journeys.test_visits_histories import JOURNEY_KEPT, computed_anew, rows_of  # noqa: E402

from nousnous.journeys.actions.visits import kept_visits  # noqa: E402
from nousnous.workspaces.models import Workspace  # noqa: E402

LANDINGS = 24
SEEDS = 6


def land() -> None:
    """Events of the same few people, in many small landings and in no order of time; says when it begins."""
    workspace, events = new_workspace(), []
    for seed in range(SEEDS):
        events += [{**event, "message_id": f"{seed}-{event['message_id']}"} for event in events_of(Random(seed))]
    Random(1).shuffle(events)
    print("began", flush=True)  # noqa: T201  # the test waits for it
    for number in range(LANDINGS):
        landed(workspace, events[number::LANDINGS])
        time.sleep(0.1)


def keep() -> None:
    """Catch up again and again until killed; says when it begins."""
    workspace = Workspace.objects.get()
    print("began", flush=True)  # noqa: T201  # the test waits for it
    while True:
        kept_visits(workspace, JOURNEY_KEPT)


def compare() -> None:
    workspace = Workspace.objects.get()
    kept = rows_of(workspace, JOURNEY_KEPT)
    print(len(kept), kept == computed_anew(workspace))  # noqa: T201  # the test reads it


if __name__ == "__main__":
    globals()[sys.argv[1]]()
