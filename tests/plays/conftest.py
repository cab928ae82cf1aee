"""A workspace in which people do things: what they do lands by the log, and due work is performed at once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.mails import Inbox, mail_server

from nousnous.base import clock
from nousnous.collector.accepting import accept_events
from nousnous.collector.loader import Loader
from nousnous.plays.actions.versions import apply_play, switch_play
from nousnous.plays.models import Firing, Play
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
Did = Callable[..., None]
Standing = Callable[..., Play]

SECOND_LOGIN = """
[play]
id = "second-login"
name = "Bring back who came once"

[trigger]
event = "Signed Up"
without = "Signed In"
within = "48h"

[holdout]
share = 0.0

[[do]]
action = "email"
subject = "Your {plan} plan waits"
text = "One step is left."
button = "Go on"
address = "https://shop.example/go-on"
"""
WELCOME = SECOND_LOGIN.replace('without = "Signed In"\nwithin = "48h"\n', "").replace("second-login", "welcome")


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    with mail_server(settings) as inbox:
        yield inbox


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.frozen(clock.to_us(NOW)):
        yield


@pytest.fixture
def did(workspace: Workspace, noon: None) -> Did:
    """Somebody does something now, and whatever follows from it is done."""

    def did(event: str, person: str = "ada@example.org", **properties: object) -> None:
        told = {"type": "track", "event": event, "userId": person, "properties": properties}
        if event == "identify":
            told = {"type": "identify", "userId": person, "traits": properties}
        stamp = {"messageId": f"{event}-{person}-{clock.now_us()}", "timestamp": clock.now().isoformat()}
        accept_events(workspace, [{**told, **stamp}], "test")
        Loader().load()
        work_all()

    return did


@pytest.fixture
def standing(workspace: Workspace, did: Did) -> Standing:
    """A play that is on; what it waits for has come before, from somebody else long ago."""

    def standing(text: str = SECOND_LOGIN) -> Play:
        with clock.frozen(clock.to_us(NOW - timedelta(days=60))):
            for event in ("Signed Up", "Signed In"):
                did(event, "zoe@example.org")
        play = apply_play(workspace, text, None, "test")
        return switch_play(workspace, play.play_id, "test", on=True)

    return standing


def later(hours: float) -> None:
    """Let time pass, and do what is due."""
    with clock.frozen(clock.to_us(NOW + timedelta(hours=hours))):
        work_all()
        Loader().load()
        work_all()


def states(play: Play) -> list[tuple[str, str]]:
    found = Firing.objects.filter(play=play).order_by("moment_us", "person").values_list("person", "state")
    return [(person.partition("@")[0], state) for person, state in found]
