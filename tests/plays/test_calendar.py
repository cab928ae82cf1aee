"""Plays of the calendar: everybody of a segment, once each time, also in the nights when clocks are moved."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.mails import Inbox
from tests.plays.conftest import NOW, WELCOME, Did, later

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.journeys.actions.segments import apply_segment
from nousnous.plays.actions import calendar
from nousnous.plays.actions.dry_run import dry_run
from nousnous.plays.actions.versions import apply_play, switch_play
from nousnous.plays.definition import study_play
from nousnous.plays.models import Play
from nousnous.runs.models import Schedule
from nousnous.runs.registry import Work
from nousnous.runs.schedules import fire, keep_schedule
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = '[segment]\nname = "buyers"\n[[condition]]\nevent = "Order Completed"\n'
WEEKLY = (
    WELCOME.replace('"welcome"', '"weekly"\naudience = "buyers"')
    .replace('event = "Signed Up"', 'schedule = "0 9 * * 5"\ntimezone = "Europe/Berlin"')
    .replace("Your {plan} plan waits", "This week")
)
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = 24 * 2 + 20  # hours from the noon of Tuesday to 9 in Berlin on Friday


@pytest.fixture
def weekly(workspace: Workspace, did: Did) -> Play:
    """Three buyers, one who looks, and a play that writes to buyers on Fridays."""
    for person in ("ada", "bob", "cas"):
        did("Order Completed", f"{person}@example.org")
    did("Looked", "dan@example.org")
    apply_segment(workspace, BUYERS, None, "test")
    play = apply_play(workspace, WEEKLY, None, "test")
    return switch_play(workspace, play.play_id, "test", on=True)


def test_everybody_of_the_segment_is_written_to_each_friday_once(
    weekly: Play, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "AT_ONCE", 2)
    later(FRIDAY - 0.1)
    assert inbox.mails == []
    later(FRIDAY)
    later(FRIDAY + 1)
    assert sorted(mail["To"] for mail in inbox.mails) == ["ada@example.org", "bob@example.org", "cas@example.org"]
    later(FRIDAY + 24 * 7)
    assert len(inbox.mails) == 6


def test_a_tick_that_is_performed_again_reaches_nobody_twice(weekly: Play, inbox: Inbox) -> None:
    with clock.frozen(clock.to_us(NOW + timedelta(hours=FRIDAY))):
        for _ in range(2):
            run = Work("run_1", weekly.workspace_id, "start", {"play": weekly.pk}, 1)
            effect = calendar.perform_tick(run).effect
            assert effect is not None
            effect()
    assert weekly.firings.count() == 3


def test_a_play_that_is_off_or_says_another_time_has_no_old_schedule(weekly: Play, workspace: Workspace) -> None:
    apply_play(workspace, WEEKLY.replace("0 9 * * 5", "0 9 * * 4"), None, "test")
    assert [one.cron for one in Schedule.objects.all()] == ["0 9 * * 4"]
    switch_play(workspace, "weekly", "test", on=False)
    assert not Schedule.objects.exists()


def test_a_dry_run_says_for_whom_it_fires_next(weekly: Play, workspace: Workspace) -> None:
    tried = dry_run(workspace, weekly.current.definition)
    assert tried.sentence == "It would fire for 3 people next, 13 March, 09:00 (Europe/Berlin)."
    assert sorted(person[:3] for person, _ in tried.newest) == ["ada", "bob", "cas"]


@pytest.mark.parametrize(
    ("night", "times"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), ["03-29 03:00", "03-30 02:30"]),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), ["10-25 02:30", "10-26 02:30"]),
    ],
)
@pytest.mark.usefixtures("transactional_db")
def test_in_a_daylight_saving_night_a_schedule_fires_once(night: datetime, times: list[str]) -> None:
    fired: list[str] = []
    with clock.frozen(clock.to_us(night)):
        keep_schedule("nightly", "30 2 * * *", "plays.look", timezone="Europe/Berlin")
    for quarters in range(4 * 44):
        with clock.frozen(clock.to_us(night + timedelta(minutes=15 * quarters))):
            at = clock.now().astimezone(BERLIN)
            fired += [f"{at:%m-%d %H:%M}"] * fire()
    assert fired == times


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("0 9 * * 5", "every friday"), "five cron fields"),
        (("Europe/Berlin", "Berlin"), "no time zone “Berlin”"),
        (('\naudience = "buyers"', ""), "reaches everybody of a segment"),
    ],
)
def test_a_schedule_that_nobody_can_keep_is_refused(change: tuple[str, str], said: str) -> None:
    play, troubles = study_play(WEEKLY.replace(*change))
    assert play is None
    assert said in _sentences(troubles)


def _sentences(troubles: Iterable[Refused]) -> str:
    return " ".join(one.sentence for one in troubles)
