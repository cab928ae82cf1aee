"""Means against statsmodels, and against a real gap."""

import csv

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from tests.places import SHARED_DATA

from nousnous.stats.means import mean

answers = st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(0, 12)), min_size=5, max_size=60)


def test_the_stars_shown_are_a_quarter_above_the_stars_given() -> None:
    with (SHARED_DATA / "fandango_scores.csv").open(newline="") as file:
        films = [float(row["Fandango_Stars"]) - float(row["Fandango_Ratingvalue"]) for row in csv.DictReader(file)]
    found = mean(films, range(len(films)))
    error = np.std(films, ddof=1) / np.sqrt(146)
    assert (round(found.value, 3), round(error, 3), found.n) == (0.244, 0.013, 146)
    assert (found.low, found.high) == pytest.approx(t.interval(0.95, 145, np.mean(films), error), abs=1e-12)


def test_a_mean_is_the_cluster_robust_regression_of_statsmodels() -> None:
    draw = np.random.default_rng(3)
    persons = draw.integers(0, 40, 200)
    values = draw.normal(size=200) + draw.normal(size=40)[persons]
    found, groups = mean(values, persons), np.unique(persons).size
    fit = sm.OLS(values, np.ones(200)).fit(
        cov_type="cluster", cov_kwds={"groups": persons, "df_correction": True}, use_t=True
    )
    # statsmodels corrects by G/(G − 1) times (N − 1)/(N − k), which is 1 for a mean.
    half = t.ppf(0.975, groups - 1) * fit.bse[0]
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half), abs=1e-12)


@given(answers, st.randoms())
def test_a_mean_is_the_same_to_the_last_digit_in_every_order(pairs: list[tuple[float, int]], draw) -> None:
    found = mean(*zip(*pairs, strict=True))
    draw.shuffle(pairs)
    assert mean(*zip(*pairs, strict=True)) == found
    assert found.too_few or found.low <= found.value <= found.high


def test_whole_and_broken_ratings_are_added_alike() -> None:
    whole = np.random.default_rng(6).integers(1, 6, 200)
    persons = np.random.default_rng(7).integers(0, 60, 200)
    found, shifted = mean(whole, persons), mean(whole + 0.1, persons)
    assert (shifted.value, shifted.low) == pytest.approx((found.value + 0.1, found.low + 0.1), abs=1e-12)
    assert mean(whole[::-1], persons[::-1]) == found


def test_equal_weights_change_nothing_where_everybody_answers_once() -> None:
    values = np.random.default_rng(4).normal(size=50)
    plain, weighted = mean(values, range(50)), mean(values, range(50), np.full(50, 3.0))
    assert (weighted.value, weighted.low, weighted.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_weights_of_nothing_are_too_few() -> None:
    assert mean([1.0, 2.0, 3.0, 4.0, 5.0], [1, 2, 3, 4, 5], [0.0] * 5).too_few
    assert mean([1.0] * 9, [1, 2, 3] * 3).too_few
