"""What goes with lost time: equal to the oracle, found where it was planted, and nothing where nothing is."""

from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from tests.capabilities.gaps.likeness import differences
from tests.capabilities.gaps.lives import Visited, followed, losing, nobody_driven, visited
from tests.capabilities.gaps.told import told_report
from tests.oracle import consequence as oracle
from tests.oracle.identity import timelines
from tests.oracle.periods import default_window, written
from tests.oracle.visits import visits
from tests.oracle.worlds import journey, shop_events

from nousnous.capabilities.gaps.actions import following
from nousnous.capabilities.gaps.measures.consequence import Compared, consequence, multiplied
from nousnous.capabilities.gaps.measures.following import Passings, rows_of_persons
from nousnous.capabilities.gaps.measures.trade import Moments, Trade
from nousnous.journeys.periods import Period

DAY = 86_400_000_000
START = 1_704_067_200_000_000
WINDOW = (START + 150 * DAY, START + 240 * DAY)
SHOP = """
[journey]
id = "shop"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "checkout"
starts = { event = "Checkout" }
completes = { event = "Order Completed" }
fails = { event = "Payment Error" }

[[step]]
id = "payment"
starts = { event = "Payment" }
completes = { event = "Order Completed" }
fails = { event = "Payment Error" }

[[step]]
id = "delivery"
reference_s = 100
starts = { event = "Order Completed" }
completes = { event = "Received" }
within = "2h"
"""


def lives(random: Random) -> list[dict[str, Any]]:
    """Eight months of some people who buy, fail, subscribe and stop."""
    events: list[dict[str, Any]] = []

    def happen(person: int, at_us: float, name: str, **properties: object) -> None:
        here = {"country": "DE" if person % 2 else "FR", **properties}
        key = {"message_id": f"m{len(events)}", "type": "track", "user_id": f"u{person}", "anonymous_id": None}
        events.append({**key, "event": name, "ts_us": int(at_us), "properties": here})

    for person in range(90):
        at, pace = START + random.random() * 40 * DAY, random.choice([6, 15, 40]) * DAY
        if person % 7 == 0:
            happen(person, at - 5 * DAY, "Subscription Started")
        while at < START + 240 * DAY:
            happen(person, at, "Checkout")
            if random.random() < 0.5:
                happen(person, at + 20_000_000, "Payment")
            fails = random.random() < 0.35
            priced = {} if random.random() < 0.1 else {"revenue": random.choice([10.0, 25.5, 90.0])}
            happen(
                person, at + 90_000_000, "Payment Error" if fails else "Order Completed", **({} if fails else priced)
            )
            if not fails:
                happen(person, at + random.choice([150, 400]) * 1_000_000, "Received")
            if random.random() < 0.03:
                happen(person, at + DAY, random.choice(["Subscription Cancelled", "Subscription Started"]))
            at += random.expovariate(1 / pace) if random.random() < 0.8 else 120_000_000
    random.shuffle(events)
    return [event for event in events if event["ts_us"] < START + 240 * DAY]


@cache
def told(seed: int, by: str | None = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    events = lives(Random(seed))
    return told_report(events, [], journey(SHOP), WINDOW, by), events


def expected(seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    _, events = told(seed)
    plan, newest_us = journey(SHOP), max(event["ts_us"] for event in events)
    return plan, oracle.world_of(timelines(events), visits(events, plan, newest_us), plan, WINDOW, newest_us)


def unlike(found: dict[str, Any], rows: list[Any], groups: int) -> list[str]:
    names = ("without", "with") if groups == 2 else ("none", "one", "two")
    wrong = []
    for outcome, (estimates, difference) in oracle.compared(rows, groups).items():
        want = dict(zip((*names, "difference"), (*estimates, difference), strict=True))
        wrong += differences(found[outcome], want, outcome)
    return wrong


@pytest.mark.parametrize("seed", range(3))
def test_the_consequence_of_a_step_is_that_of_the_oracle(seed: int) -> None:
    plan, world = expected(seed)
    report, _ = told(seed)
    for step in plan["step"]:
        found = next(row for row in report["steps"] if row["step"] == step["id"])["consequence"]
        rows = oracle.rows_of_step(world, step, "country")
        assert unlike(found, rows, 2) == []
        assert found["people"] == sum(row[1] for row in rows)
        assert (written(world["followed"][0]), written(world["followed"][1])) == (found["from"], found["to"])


@pytest.mark.parametrize("seed", range(3))
def test_two_frictions_against_the_sum_of_singles_are_those_of_the_oracle(seed: int) -> None:
    _, world = expected(seed)
    rows = oracle.rows_of_journey(world, "country")
    assert unlike(told(seed)[0]["journey"]["frictions"], rows, 3) == []
    assert {row[1] for row in rows} == {0, 1, 2}


def test_it_is_the_same_in_whatever_lots_people_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, events = told(1)
    monkeypatch.setattr(following, "VISITS_A_LOT", 50)
    in_lots = told_report(events, [], journey(SHOP), WINDOW)
    assert [step["consequence"] for step in in_lots["steps"]] == [step["consequence"] for step in at_once["steps"]]
    assert in_lots["journey"] == at_once["journey"]


def test_a_part_of_the_report_compares_its_own_people() -> None:
    plan, world = expected(0)
    report, _ = told(0, "country")
    rows = oracle.rows_of_step(world, plan["step"][0], "country")
    for part in report["segments"]:
        found = next(row for row in part["steps"] if row["step"] == "checkout")["consequence"]
        assert unlike(found, [row for row in rows if row[6] == part["segment"]], 2) == []


CLICKS = """
[journey]
id = "clicks"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "cart"
starts = { event = "cart" }
completes = { event = "shipping_details" }
fails = [{ event = "error_page" }, { event = "checkout_bug" }]

[[step]]
id = "checkout"
starts = { event = "shipping_details" }
completes = { event = "Order Completed" }
fails = [{ event = "payment_error" }, { event = "error_page" }, { event = "checkout_bug" }]
"""


def test_the_consequence_of_a_real_shop_is_that_of_the_oracle() -> None:
    """Half a year of clicks of 600 people: too few lose time in the first three months for a word on them."""
    events = [
        {
            **event,
            "event": "Order Completed" if event["event"] == "purchase" else event["event"],
            "properties": {"channel": event["properties"]["acquisition_channel"]},
        }
        for event in shop_events()
    ]
    plan, newest_us = journey(CLICKS), max(event["ts_us"] for event in events)
    window = default_window(events)
    report = told_report(events, [], plan, window)
    world = oracle.world_of(timelines(events), visits(events, plan, newest_us), plan, window, newest_us)
    for step in plan["step"]:
        found = next(row for row in report["steps"] if row["step"] == step["id"])["consequence"]
        rows = oracle.rows_of_step(world, step, "channel")
        left, difference = oracle.compared(rows, 2)["left"]
        want = {"without": left[0], "with": left[1], "difference": difference}
        assert differences(found["left"], want) == []
        assert found["people"] == sum(row[1] for row in rows) > 0
        assert found["left"]["difference"]["method"] == "too few"
        assert found["spend"] is None  # nothing says what was paid


def trade(
    *orders: tuple[int, int], begun: tuple[tuple[int, int], ...] = (), ended: tuple[tuple[int, int], ...] = ()
) -> Trade:
    """Orders of 10 each and subscriptions, as (person, day)."""
    bought, *told = (np.array(rows, dtype=np.int64).reshape(-1, 2).T for rows in (orders, begun, ended))
    subscriptions = [Moments.sorted_from(person, day * DAY) for person, day in told]
    return Trade.of((bought[0], bought[1] * DAY, np.full(bought[0].size, 10.0)), *subscriptions)


def asked(found: Any, *moments: tuple[int, ...]) -> list[list[Any]]:
    """Both things that are answered of each (person, day …)."""
    columns = (np.array(column) * (DAY if place else 1) for place, column in enumerate(zip(*moments, strict=True)))
    return [one.tolist() for one in found(*columns)]


REGULARS = tuple((person, day) for person in range(5) for day in (0, 10, 20))


def test_the_usual_gap_is_the_slow_tenth_of_times_between_orders_of_five_people() -> None:
    assert trade(*REGULARS).usual_us == 10 * DAY
    assert trade(*REGULARS, (5, 0), (5, 90), (6, 0), (6, 95)).usual_us == 90 * DAY
    assert trade(*REGULARS, (5, 0), (5, 0)).usual_us == 10 * DAY
    assert trade(*REGULARS[:12]).usual_us is None


def test_a_customer_has_ordered_as_lately_as_is_usual_or_is_subscribed() -> None:
    found = trade(*REGULARS, begun=((9, 5),), ended=((9, 50),))
    assert asked(found.before, (0, 0), (0, 30), (0, 31), (9, 5), (9, 49), (9, 51)) == [
        [0, 3, 3, 0, 0, 0],
        [False, True, False, False, True, False],
    ]


def test_who_left_ended_a_subscription_or_has_not_ordered_for_longer_than_is_usual() -> None:
    found = trade(*REGULARS, begun=((9, 0), (8, 0), (8, 60)), ended=((9, 50), (8, 50)))
    left, _ = asked(found.between, (0, 15, 30), (0, 15, 31), (0, 31, 99), (9, 40, 99), (9, 51, 99), (8, 40, 99))
    assert left == [False, True, False, True, False, False]


def test_spend_counts_orders_after_one_moment_and_up_to_another() -> None:
    _, spent = asked(trade(*REGULARS).between, (0, 0, 20), (0, 0, 19), (0, 20, 99), (7, 0, 99))
    assert spent == [20, 10, 0, 0]


def frictions(*visits: tuple[int, int, bool]) -> int:
    """How many frictions wasted visits of one person are, as (opened, ended, wasted) in days since the first."""
    opened, ended, wasted = np.array(visits).T
    nothing = np.zeros(opened.size, dtype=np.int64)
    seen = Passings(nothing, nothing, opened * DAY, ended * DAY, wasted.astype(bool), nothing, nothing, nothing)
    return int(rows_of_persons(seen, trade(*REGULARS), Period(30 * DAY, 90 * DAY)).group[0])


def test_visits_that_overlap_or_touch_are_one_friction_and_only_thirty_days_count() -> None:
    assert frictions((0, 1, True), (2, 3, True)) == 2
    assert frictions((0, 2, True), (2, 3, True)) == 1
    assert frictions((0, 9, True), (1, 2, True), (8, 9, True)) == 1
    assert frictions((0, 9, False), (10, 11, True), (29, 31, True), (30, 31, True)) == 2


def verdicts(found: Compared | None) -> tuple[str, float]:
    assert found is not None
    assert found.difference.value is not None
    return found.judgement.verdict, found.difference.value


def driven(world: Visited, share: float, between: Period, nth: int = 1) -> Any:
    """Who loses time for the nth time in a period is driven out by it, with a chance."""
    lucky = np.random.default_rng(9).random(world.leaves_us.size) >= share
    return np.where(lucky, 2**62, losing(world, between, nth))


def test_people_who_are_driven_out_by_lost_time_are_found_to_leave_more_often_and_to_spend_less() -> None:
    world = visited(np.random.default_rng(1), 1_500)
    found = consequence(followed(world, driven(world, 0.5, Period(90 * DAY, 110 * DAY))), 0, "USD")
    verdict, more = verdicts(found.left)
    assert verdict == "gap"
    assert 0.05 < more < 0.5
    assert verdicts(found.spend)[0] == "gap"
    assert (found.spend.difference.value if found.spend else 0) < -5


def test_a_second_friction_that_drives_people_out_is_found_to_multiply() -> None:
    world = visited(np.random.default_rng(2), 3_000)
    found = multiplied(followed(world, driven(world, 0.8, Period(60 * DAY, 95 * DAY), nth=2)), "USD")
    verdict, more = verdicts(found.left)
    assert (verdict, more > 0.2) == ("gap", True)
    assert found.left is not None
    none, one, two = found.left.groups
    assert found.left.singles.value == pytest.approx(2 * (one.value or 0) - (none.value or 0))
    assert found.left.difference.value == pytest.approx((two.value or 0) - (found.left.singles.value or 0))


def test_where_lost_time_changes_nothing_nothing_is_found_though_who_comes_more_stays_longer() -> None:
    held, false = dict.fromkeys(range(4), 0), 0
    for seed in range(60):
        world = visited(np.random.default_rng(seed), 300)
        seen = followed(world, nobody_driven(world))
        both = consequence(seen, 0, "USD"), multiplied(seen, "USD")
        for number, found in enumerate(outcome for one in both for outcome in (one.left, one.spend)):
            assert found is not None
            low, high = found.difference.low, found.difference.high
            held[number] += low is None or high is None or low <= 0 <= high
            false += found.judgement.verdict != "unproven"
    assert min(held.values()) >= 54
    assert false <= 12


def test_what_is_unproven_says_how_many_people_would_settle_it() -> None:
    found = consequence(followed(world := visited(np.random.default_rng(3), 400), nobody_driven(world)), 0, "USD")
    assert found.left is not None
    judged, people = found.left.judgement, found.left.groups[-1].n
    assert judged.verdict == "unproven"
    assert judged.reason == "too close to call" or (judged.needed_n or 0) > people
    few = consequence(followed(world := visited(np.random.default_rng(3), 12), nobody_driven(world)), 7, "USD")
    assert few.left is not None
    assert (few.left.difference.method, few.left.judgement.needed_n) == ("too few", 5)
