"""Quantiles against scipy's binomial and a plain reading of the definition."""

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from nousnous.stats.quantiles import SPREAD, least, quantile, ranks, spread
from nousnous.stats.shares import share_of

answers = st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 12)), min_size=5, max_size=60)


def slow_quantile(pairs: list[tuple[int, int]], p: Fraction) -> tuple[float | None, float | None, float | None]:
    ordered, n = sorted(value for value, _ in pairs), len(pairs)
    if len({person for _, person in pairs}) < 5:
        return None, None, None
    value = ordered[ceil(n * p) - 1]
    m = floor(share_of([one <= value for one, _ in pairs], [person for _, person in pairs]).n_eff)
    low, high = int(binom.ppf(0.025, m, float(p))), int(binom.ppf(0.975, m, float(p))) + 1
    return (
        value,
        ordered[floor(Fraction(low * n, m)) - 1] if low >= 1 else None,
        ordered[ceil(Fraction(high * n, m)) - 1] if high <= m else None,
    )


@given(answers)
def test_a_spread_is_the_definition_read_slowly(pairs: list[tuple[int, int]]) -> None:
    found = spread([value for value, _ in pairs], [person for _, person in pairs])
    for name, p in SPREAD.items():
        assert (found[name].value, found[name].low, found[name].high) == slow_quantile(pairs, p)


@given(answers)
def test_a_spread_ascends_and_does_not_mind_the_order(pairs: list[tuple[int, int]]) -> None:
    values, persons = np.array(pairs).T
    found = spread(values, persons)
    assert spread(values[::-1], persons[::-1] * 2**40 - 7) == found
    centres = [one.value for one in found.values() if one.value is not None]
    assert centres == sorted(centres)


@pytest.mark.parametrize("m", [1, 5, 6, 7, 35, 36, 71, 72, 73, 999, 10**5, 10**7])
@pytest.mark.parametrize("p", SPREAD.values())
def test_ranks_are_those_of_the_binomial(m: int, p: Fraction) -> None:
    assert ranks(m, p) == (int(binom.ppf(0.025, m, float(p))), int(binom.ppf(0.975, m, float(p))) + 1)


@pytest.mark.parametrize(("name", "m"), [("p50", 6), ("p25", 13), ("p75", 13), ("p10", 36), ("p90", 36), ("p5", 72)])
def test_a_quantile_has_both_bounds_from_its_least_size_on(name: str, m: int) -> None:
    p = SPREAD[name]
    assert least(p) == m
    assert ranks(m, p)[0] >= 1
    assert ranks(m, p)[1] <= m
    assert ranks(m - 1, p)[0] < 1 or ranks(m - 1, p)[1] > m - 1


def test_the_median_of_six_has_no_bounds_as_they_are_worth_five() -> None:
    found = quantile([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], 1, 2)
    assert (found.value, found.low, found.high, found.n_eff) == (3.0, None, None, 5.0)
    assert found.n_least == ceil(6 * 6 / 5)


def test_a_share_that_floats_round_up_still_takes_the_right_rank() -> None:
    found = spread(range(1, 101), range(100))
    assert [one.value for one in found.values()] == [5, 10, 25, 50, 75, 90, 95]


def test_ten_answers_of_one_person_make_no_narrower_interval() -> None:
    values = np.random.default_rng(1).lognormal(size=100)
    once, often = spread(values, range(100)), spread(np.repeat(values, 10), np.repeat(np.arange(100), 10))
    assert often["p50"].n_eff == once["p50"].n_eff == 99
    assert (often["p95"].high, often["p5"].low) == (once["p95"].high, once["p5"].low)


def test_no_answer_and_four_persons_are_too_few() -> None:
    assert spread([], [])["p50"].too_few
    assert spread([1, 2, float("nan"), 4, 5], [1, 2, 3, 4, 5])["p50"].n == 4
    assert quantile([1.0] * 8, [1, 2, 3, 4] * 2, 1, 2).too_few


def test_equal_weights_give_the_plain_quantile() -> None:
    values = np.random.default_rng(2).integers(1, 11, 200)
    plain, weighted = spread(values, range(200)), spread(values, range(200), np.full(200, 0.3))
    assert [one.value for one in weighted.values()] == [one.value for one in plain.values()]
    assert weighted["p50"].n_eff == pytest.approx(200)


def test_a_heavy_answer_moves_a_weighted_median() -> None:
    found = spread([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 9])
    assert found["p50"].value == 6.0
    assert found["p50"].n == 6
