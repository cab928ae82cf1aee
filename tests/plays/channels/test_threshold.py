"""Plays that tell when a metric passes a value: once each time that its whole interval does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.capabilities.gaps.house import SHOP, START_S, apply, bring
from tests.plays.channels.conftest import Connected, Other

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.plays.actions.dry_run import dry_run
from nousnous.plays.actions.versions import apply_play, switch_play
from nousnous.plays.definition import parse_play
from nousnous.plays.models import Firing, Watch
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
FALLS = """
[play]
id = "falls"
[trigger]
metric = "completion"
step = "checkout"
below = 0.6
over = "7d"
[[do]]
action = "slack"
text = "Look: {said}"
"""
START = datetime.fromtimestamp(START_S, UTC)
DAYS = ((0.9, 14), (0.2, 14), (0.9, 14), (0.2, 14))


@pytest.fixture
def shop(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Eight weeks of ten visits a day: good for two weeks, bad for two, and again."""
    rows, day = [], 0
    for share, days in DAYS:
        for _ in range(days):
            for person in range(10):
                at, who = START_S + day * 86_400 + 36_000 + person, f"u{day}-{person}"
                done = [(60, "Bought")] if person < share * 10 else []
                rows += [{"user_id": who, "event": name, "timestamp": at + s} for s, name in [(0, "Checkout"), *done]]
            day += 1
    bring(workspace, rows, tmp_path)
    apply(workspace, SHOP)
    return workspace


def look_after(days: int) -> None:
    with clock.frozen(clock.to_us(START + timedelta(days=days, hours=1))):
        work_all()


def test_a_metric_that_falls_below_a_value_is_told_once_each_time(
    shop: Workspace, other: Other, connected: Connected
) -> None:
    connected("slack")
    with clock.frozen(clock.to_us(START + timedelta(days=10))):
        work_all()
        play = apply_play(shop, FALLS, None, "test")
        switch_play(shop, "falls", "test", on=True)
    told = []
    for day in (11, 17, 26, 27, 40, 54, 55):
        look_after(day)
        told.append(len(other.kept))
    assert told == [0, 0, 1, 1, 1, 2, 2]
    assert "completion at checkout over 7 days is 20% (95% interval" in other.kept[0]["text"]
    assert {(one.state, one.identity_key, one.person) for one in play.firings.all()} == {(Firing.ACTED, None, "")}
    assert Watch.objects.get(play=play).passed
    tried = dry_run(shop, play.current.definition)
    assert (len(tried.passings or ()), "It would have fired once" in tried.sentence) == (1, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"completion"', '"complexion"'), "no metric “complexion”"),
        (('"checkout"', '"check-in"'), "no step “check-in”"),
        (("0.6", "60"), "60% is written 0.6"),
        (("below = 0.6", ""), "passed one way"),
        (('action = "slack"', 'action = "in_page"\ntitle = "x"'), "needs a person"),
        (("[[do]]", "[holdout]\nshare = 0.5\n[[do]]"), "concerns no single person"),
        (('"7d"', '"7h"'), "whole days"),
    ],
)
def test_a_threshold_that_means_nothing_is_refused(
    workspace: Workspace, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    bring(workspace, [{"user_id": "u", "event": "Checkout", "timestamp": START_S}], tmp_path)
    apply(workspace, SHOP)
    with pytest.raises(Refused) as refusal:
        apply_play(workspace, FALLS.replace(*change), None, "test")
    assert said in refusal.value.sentence


def test_it_says_in_words_what_it_waits_for() -> None:
    said = "When the whole interval of completion at checkout over 7 days lies below 60%"
    assert parse_play(FALLS).trigger.words == said
