"""Wasted seconds, each once, and what they cost."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capabilities.gaps.made import candidates, visits

from nousnous.capabilities.gaps.measures.debt import Wasted, debt, reference, wasted_time
from nousnous.capabilities.gaps.measures.visits import HOUR_US, SECOND_US

DAY_US = 24 * HOUR_US


def seconds(wasted: Wasted) -> list[float]:
    return [float(one) / SECOND_US for one in wasted.wasted_us]


def test_a_failed_visit_wastes_all_of_its_active_time() -> None:
    wasted = wasted_time(candidates({"stretches": [0, 60, 1000, 1030]}))
    assert seconds(wasted) == [90.0]


def test_what_is_above_the_reference_are_the_last_active_seconds() -> None:
    early = {"opened": 0, "stretches": [0, 60, 1000, 1030], "allowed": 50}
    within_the_pause = {"step": 1, "opened": 300, "stretches": [0, 100]}
    assert seconds(wasted_time(candidates(early, within_the_pause))) == [40.0, 100.0]
    at_the_end = {"step": 1, "opened": 1010, "stretches": [0, 100]}
    assert seconds(wasted_time(candidates(early, at_the_end))) == [20.0, 100.0]


def test_a_second_belongs_to_the_visit_opened_last() -> None:
    outer = {"step": 1, "opened": 0, "stretches": [0, 100]}
    inner = {"step": 0, "opened": 40, "stretches": [0, 20]}
    assert seconds(wasted_time(candidates(outer, inner))) == [80.0, 20.0]


def test_of_visits_opened_together_the_later_step_has_the_second() -> None:
    wasted = wasted_time(candidates({"step": 1, "stretches": [0, 30]}, {"step": 0, "stretches": [0, 100]}))
    assert seconds(wasted) == [30.0, 70.0]


def test_people_do_not_take_seconds_from_each_other() -> None:
    wasted = wasted_time(
        candidates({"person": 0, "stretches": [0, 50]}, {"person": 1, "step": 1, "stretches": [0, 50]})
    )
    assert seconds(wasted) == [50.0, 50.0]


def test_the_clean_median_bounds_troubled_visits_alone() -> None:
    clean = [{"person": p, "completed": True, "active": a} for p, a in enumerate([10, 20, 30, 40])]
    found = reference(visits(*clean, {"completed": True, "troubled": True, "active": 500}), None)
    assert (found.clean_us, found.troubled_us) == (None, 20 * SECOND_US)


def test_without_a_clean_visit_a_completed_one_wastes_nothing() -> None:
    assert reference(visits({"completed": True, "troubled": True}), None).troubled_us is None


def test_an_owners_reference_bounds_every_completed_visit() -> None:
    found = reference(visits({"completed": True}), 7 * SECOND_US)
    assert (found.clean_us, found.troubled_us) == (7 * SECOND_US, 7 * SECOND_US)


def test_causes_add_up_to_the_hours() -> None:
    rows = [
        {"person": p, "stretches": [0, 100 + p], "cause": "Rage Click" if p % 2 else "Payment Error"} for p in range(9)
    ]
    found = debt(wasted_time(candidates(*rows)), 9, 30.0, 90 * DAY_US)
    assert math.isclose(sum(cause.hours for cause in found.causes), found.hours.value or 0)
    assert [cause.cause for cause in found.causes] == ["Payment Error", "Rage Click"]


def test_money_follows_the_wage_of_the_country() -> None:
    rows = [{"person": p, "stretches": [0, 3600], "country": "DE" if p else "FR"} for p in range(6)]
    found = debt(wasted_time(candidates(*rows)), 6, {"default": 10.0, "DE": 20.0}, 90 * DAY_US)
    assert found.hours.value == 6
    assert found.money.value == 5 * 20 + 10


def test_a_short_window_is_not_scaled_to_a_year() -> None:
    wasted = wasted_time(candidates({"stretches": [0, 3600]}))
    assert debt(wasted, 9, 10.0, 28 * DAY_US - 1).per_year is None
    yearly = debt(wasted, 9, 10.0, 28 * DAY_US).per_year
    assert yearly is not None
    assert yearly.value == pytest.approx(10 * 365.25 / 28)


def test_few_persons_keep_value_and_hours_and_lose_the_interval() -> None:
    hours = debt(wasted_time(candidates({"stretches": [0, 3600]})), 4, 10.0, 90 * DAY_US).hours
    assert (hours.value, hours.low, hours.high, hours.n) == (1.0, None, None, 1)


def test_nothing_wasted_costs_nothing_to_nothing() -> None:
    found = debt(wasted_time(candidates()), 50, {"default": 10.0, "DE": 5.0}, 90 * DAY_US)
    assert (found.hours.value, found.hours.low, found.hours.high) == (0, 0, 0)
    assert found.causes == ()


def test_the_simulator_cuts_active_times_and_nothing_else() -> None:
    rows = candidates({"stretches": [0, 60, 100, 160], "allowed": 30}, {"person": 1, "step": 1, "stretches": [0, 60]})
    assert seconds(wasted_time(rows, {0: 70 * SECOND_US})) == [40.0, 60.0]
    assert seconds(wasted_time(rows, {0: 20 * SECOND_US})) == [60.0]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 3),
            st.integers(0, 12),
            st.integers(0, 9),
            st.lists(st.integers(0, 4), max_size=5),
        ),
        max_size=14,
    )
)
def test_the_sweep_agrees_with_counting_second_by_second(worlds: list[tuple[int, int, int, int, list[int]]]) -> None:
    last_end: dict[tuple[int, int], int] = {}
    rows = []
    for person, step, opened, allowed, lengths in worlds:
        start = max(opened, last_end.get((person, step), -1) + 1)
        ends = np.cumsum(lengths[: len(lengths) // 2 * 2]).tolist()
        last_end[person, step] = start + (ends[-1] if ends else 0)
        rows.append({"person": person, "step": step, "opened": start, "allowed": allowed, "stretches": ends})
    owner: dict[tuple[int, int], tuple[int, int, int]] = {}
    for number, row in enumerate(rows):
        ends = row["stretches"]
        active = [second for first, last in zip(ends[::2], ends[1::2], strict=True) for second in range(first, last)]
        for second in active[row["allowed"] :]:
            place = (row["person"], row["opened"] + second)
            owner[place] = max(owner.get(place, (-1, -1, -1)), (row["opened"], row["step"], number))
    expected = [sum(1 for *_, number in owner.values() if number == one) for one in range(len(rows))]
    assert seconds(wasted_time(candidates(*rows))) == [one for one in expected if one]
