"""Totals: the gamma interval of Fay and Feuer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from nousnous.base.errors import Refused
from nousnous.stats.totals import total

amounts = st.lists(st.floats(0, 1e6), min_size=0, max_size=50)


def test_single_seconds_give_the_exact_poisson_interval_of_garwood() -> None:
    found = total([1.0] * 10, 100)
    assert (found.low, found.high) == pytest.approx((chi2.ppf(0.025, 20) / 2, chi2.ppf(0.975, 22) / 2))


def test_the_interval_is_the_definition_written_with_chi_squares() -> None:
    x = np.random.default_rng(5).lognormal(6, 1.5, 300)
    y, v, w = x.sum(), (x**2).sum(), x.max()
    low = v / (2 * y) * chi2.ppf(0.025, 2 * y**2 / v)
    high = (v + w**2) / (2 * (y + w)) * chi2.ppf(0.975, 2 * (y + w) ** 2 / (v + w**2))
    assert (total(x, 400).low, total(x, 400).high) == pytest.approx((low, high), rel=1e-9)


@given(amounts, st.randoms())
def test_a_total_lies_between_its_bounds_whatever_the_order(x: list[float], draw) -> None:
    found = total(x, 50)
    draw.shuffle(x)
    assert total(x, 50) == found
    assert 0 <= found.low <= found.value <= found.high


def test_nothing_wasted_is_zero_to_zero() -> None:
    found = total([0.0] * 7, 7)
    assert (found.value, found.low, found.high, found.n) == (0.0, 0.0, 0.0, 0)


def test_four_persons_with_a_closed_visit_keep_the_hours_without_interval() -> None:
    found = total([60.0, 0.0, 30.0, 5.0], 4)
    assert (found.value, found.low, found.high, found.n) == (95.0, None, None, 3)


def test_hours_are_seconds_in_another_unit() -> None:
    seconds = total([60.0, 90.0, 30.0, 5.0, 3600.0], 9)
    hours = seconds.times(1 / 3600)
    assert hours.high == pytest.approx(seconds.high / 3600)
    assert (hours.n, total([], 3).times(2.0).low) == (5, None)


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(Refused, match="at least 0"):
        total([1.0, -1.0], 9)
