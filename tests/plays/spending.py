"""Thirty threads admit people into one play with a budget at once; run in a process of its own, prints JSON."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import django

THREADS = 30
TEXT = """
[play]
id = "dear"
[trigger]
event = "Signed Up"
[limits]
budget = 20
cost = 2.5
[holdout]
share = 0.5
[[do]]
action = "webhook"
"""


def main() -> None:
    django.setup()
    from django.db import connection, transaction

    from nousnous.base import clock
    from nousnous.people.identity import Person
    from nousnous.plays.actions.admitting import admit
    from nousnous.plays.actions.judging import Case
    from nousnous.plays.models import Firing, Play, PlayVersion
    from nousnous.warehouse.lake import lake_of
    from nousnous.workspaces.models import Workspace

    workspace = Workspace.objects.create(slug="spending", name="Spending")
    play = Play.objects.create(workspace=workspace, play_id="dear", name="Dear", on=True)
    version = PlayVersion.objects.create(play=play, number=1, text=TEXT, actor="test")
    common = {"play": play, "version": 1, "event": "Signed Up", "moment_us": 1, "due_at": clock.now()}
    firings = [
        Firing.objects.create(message_key=one, identity_key=one, person=f"p{one}", **common) for one in range(THREADS)
    ]
    barrier = Barrier(THREADS)

    def enter(firing: Firing) -> str:
        person = Person(firing.message_key, (firing.message_key,), (firing.person,), ())
        case = Case(firing, workspace, version, person, lake_of(workspace).snapshot(), {})
        barrier.wait()
        try:
            with transaction.atomic():
                admit(case)
            return firing.state
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        states = Counter(pool.map(enter, firings))
    spent = sum(one.cost_cents for one in play.firings.all())
    print(json.dumps({**states, "spent": spent}))  # noqa: T201  # the test reads it


if __name__ == "__main__":
    main()
