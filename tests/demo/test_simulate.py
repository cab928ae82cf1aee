"""A world of the demo company is drawn from its seed and holds what was planted."""

import numpy as np
import pyarrow.compute as pc
import pytest

from nousnous.base.clock import DAY_US
from nousnous_demo.company import NORTHWIND
from nousnous_demo.simulate import World, simulate
from nousnous_demo.truths import true_value, without_gaps

UNTIL_US = 1_795_651_200_000_000


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(NORTHWIND, 1_000, 1, UNTIL_US)


def count(world: World, event: str, since_us: int = 0, until_us: int = UNTIL_US) -> int:
    moments = world.events["timestamp"].cast("int64").to_numpy()
    named = pc.equal(world.events["event"], event).to_numpy()
    return int((named & (moments >= since_us) & (moments < until_us)).sum())


def test_a_seed_draws_the_same_world_again() -> None:
    first, again = (simulate(NORTHWIND, 60, 3, UNTIL_US, days=30) for _ in range(2))
    assert first.events.equals(again.events)
    assert first.answers.equals(again.answers)
    assert not first.events.equals(simulate(NORTHWIND, 60, 4, UNTIL_US, days=30).events)


@pytest.mark.parametrize("step", ["onboarding", "search-and-book", "change-booking", "store-pick-up", "refund"])
def test_the_planted_shares_are_in_the_world(world: World, step: str) -> None:
    passage = NORTHWIND.passage(step)
    anew = 0.4 * (1 - passage.completion) * passage.failing if passage.signal else 0  # some who fail open it twice
    done, begun = count(world, passage.completes), count(world, passage.starts)
    assert np.isclose(done / begun, passage.completion, atol=0.05 + anew)


def test_check_in_breaks_with_the_release(world: World) -> None:
    release = NORTHWIND.passage("check-in").release
    assert release is not None
    released_us = UNTIL_US - release.days_before * DAY_US
    before = count(world, "Check-in Finished", 0, released_us) / count(world, "Check-in Opened", 0, released_us)
    since = count(world, "Check-in Finished", released_us) / count(world, "Check-in Opened", released_us)
    assert before - since > 0.25


def test_everything_happens_within_the_days_of_the_world(world: World) -> None:
    assert pc.max(world.events["timestamp"]).value < UNTIL_US
    assert pc.min(world.events["timestamp"]).value >= UNTIL_US - 180 * DAY_US
    assert pc.max(world.answers["answered_at"]).value < UNTIL_US


def test_nobody_is_asked_twice_within_14_days(world: World) -> None:
    order = world.answers.sort_by([("customer", "ascending"), ("answered_at", "ascending")])
    who = order["customer"].to_numpy()
    moments = order["moment_at"].cast("int64").to_numpy()
    again = who[1:] == who[:-1]
    assert again.sum() > 50
    assert np.diff(moments)[again].min() >= 14 * DAY_US


def test_a_robot_and_strangers_touch_no_step(world: World) -> None:
    unknown = pc.starts_with(world.events["anonymous_id"], "visitor-").fill_null(fill_value=False)
    assert pc.unique(world.events.filter(unknown)["event"]).to_pylist() == ["Page Viewed"]


def test_people_live_by_the_hours_of_their_country(world: World) -> None:
    hours = (world.events["timestamp"].cast("int64").to_numpy() // 3_600_000_000) % 24
    country = world.events["country"].to_numpy(zero_copy_only=False)
    night = [((hours[country == one] + ahead) % 24 < 5).mean() for one, ahead in (("US", -5), ("DE", 1))]
    assert max(night) < 0.04


def test_in_a_world_without_gaps_every_team_is_right() -> None:
    company = without_gaps(NORTHWIND)
    assert len(company.convictions) >= 10
    for one in company.convictions:
        assert one.value == true_value(company.passage(one.step), one.metric)
        assert one.low <= one.value <= one.high
