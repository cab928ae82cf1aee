"""Scores on a real survey, on hand values and for what must never change."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.places import SHARED_DATA

from nousnous.base.errors import Refused
from nousnous.stats.scores import csat, easy, enps, histogram, low_answers_to, low_tail, nps

answers = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 20)), min_size=5, max_size=60)


def airport() -> tuple[list[float], list[int], list[float]]:
    with (SHARED_DATA / "airport_survey_2017.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["NETPRO"].strip().isdigit() and int(row["NETPRO"]) <= 10]
    return tuple(list(column) for column in zip(*[_answer(row) for row in rows], strict=True))


def _answer(row: dict[str, str]) -> tuple[float, int, float]:
    return float(row["NETPRO"]), int(row["RESPNUM"]), float(row["WEIGHT"])


def test_the_airport_has_an_nps_of_almost_forty() -> None:
    values, persons, weights = airport()
    plain, weighted = nps(values, persons), nps(values, persons, weights)
    assert (plain.n, round(plain.value, 1), round(weighted.value, 1)) == (2746, 39.8, 40.4)
    assert (weighted.n, round(weighted.n_eff)) == (2746, 2267)


def test_nps_is_the_adjusted_wald_worked_by_hand() -> None:
    found = nps([10] * 85 + [7] * 12 + [2] * 3, range(100))
    n, p, d = found.n_eff + 3, 0.85 * found.n_eff + 0.75, 0.03 * found.n_eff + 0.75
    half = 1.959963984540054 * np.sqrt((p / n + d / n - (p / n - d / n) ** 2) / n)
    assert found.n_eff == pytest.approx(99)
    assert (found.low, found.high) == pytest.approx((100 * (p / n - d / n - half), 100 * (p / n - d / n + half)))


@given(answers)
def test_nps_lies_between_its_bounds_whatever_the_order(pairs: list[tuple[int, int]]) -> None:
    values, persons = np.array(pairs).T
    found = nps(values, persons)
    assert nps(values[::-1], persons[::-1]) == found
    assert found.too_few or -100 <= found.low <= found.value <= found.high <= 100


def test_what_is_off_the_scale_or_missing_is_no_answer() -> None:
    assert nps([10, 10, 0, 7, 9, 11, -1, float("nan")], range(8)) == nps([10, 10, 0, 7, 9], range(5))


def test_who_answers_ten_times_counts_as_one_person() -> None:
    once = nps([10, 9, 0, 7, 8, 10, 3], range(7))
    often = nps(np.repeat([10, 9, 0, 7, 8, 10, 3], 10), np.repeat(np.arange(7), 10))
    assert (often.low, often.high, often.n) == pytest.approx((once.low, once.high, 70))


def test_a_whole_staff_leaves_nothing_uncertain() -> None:
    everyone = enps([10] * 6 + [5] * 4, staff=10)
    half = enps([10] * 6 + [5] * 4, staff=20)
    many = enps([10] * 6 + [5] * 4, staff=10**9)
    assert everyone.low == pytest.approx(everyone.value) == everyone.high
    assert half.high - half.low < many.high - many.low


def test_a_cell_stays_hidden_when_it_or_its_complement_is_small() -> None:
    assert enps([10] * 4, staff=40, others=30).too_few
    assert enps([10] * 6, staff=40, others=4).too_few
    assert not enps([10] * 6, staff=40, others=5).too_few
    with pytest.raises(Refused, match="staff of 5"):
        enps([10] * 6, staff=5)


def test_the_ends_of_the_scales_are_shares() -> None:
    assert csat([5, 4, 3, 2, 5], range(5), 5).value == pytest.approx(0.6)
    assert csat([3, 2, 1, 3, 3], range(5), 3).value == pytest.approx(0.6)
    assert csat([8, 7, 9, 10, 1], range(5), 10).value == pytest.approx(0.6)
    assert easy([5, 6, 7, 4, 1], range(5)).value == pytest.approx(0.6)
    assert low_tail([1, 2, 3, 4, float("nan"), 5], range(6), (1, 5)).value == pytest.approx(0.4)


def test_the_low_tail_ends_at_two_of_five_and_six_of_ten() -> None:
    assert [low_answers_to(*scale) for scale in ((1, 5), (0, 5), (0, 10), (1, 10), (1, 7))] == [2, 2, 6, 6, 2]


def test_a_histogram_shows_the_answers_that_nobody_gave() -> None:
    found = histogram([5, 3.5, 5, float("nan")], (1, 5), [1.0, 2.0, 1.0, 9.0])
    assert found.answers == (1, 2, 3, 3.5, 4, 5)
    assert (found.counts, found.shares) == ((0, 0, 0, 1, 0, 2), (0, 0, 0, 0.5, 0, 0.5))
