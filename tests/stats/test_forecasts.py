"""Chances held against what came: equal to scikit-learn and statsmodels, and intervals that hold what they should."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from nousnous.base.errors import Refused
from nousnous.stats.forecasts import auc, calibration_curve, calibration_slope, lift_of_top, outcomes
from nousnous.stats.hazards import chances_of

WORLDS = 300
TRUE_AUC = float(norm.cdf(1.0 / np.sqrt(2)))


def world(random: np.random.Generator, people: int = 120, each: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chances of people looked at some times, alike each time, of whom a third leave: their ranks differ by 1 SD."""
    persons = np.repeat(np.arange(people), each)
    left = (random.random(people) < 1 / 3)[persons].astype(int)
    score = left + np.sqrt(0.5) * random.normal(size=people)[persons] + np.sqrt(0.5) * random.normal(size=people * each)
    return chances_of(score - 1), left, persons


def test_the_area_is_that_of_scikit_learn_ties_and_all() -> None:
    random = np.random.default_rng(3)
    chances, left = random.integers(0, 8, 500) / 8, random.integers(0, 2, 500)
    found = auc(outcomes(chances, left, np.arange(500)))
    assert found.value == pytest.approx(roc_auc_score(left, chances), abs=1e-12)


def test_its_interval_holds_the_true_area_though_people_are_looked_at_again() -> None:
    random = np.random.default_rng(11)
    found = [auc(outcomes(*world(random))) for _ in range(WORLDS)]
    held = np.mean([one.low <= TRUE_AUC <= one.high for one in found if one.low is not None and one.high is not None])
    assert 0.92 <= held <= 0.98


def test_the_interval_of_the_lift_holds_the_true_one() -> None:
    random = np.random.default_rng(12)
    everybody = outcomes(*world(random, 200_000))
    true = lift_of_top(everybody).value
    found = [lift_of_top(outcomes(*world(random, 300))) for _ in range(WORLDS)]
    held = np.mean([(one.low or 0) <= true <= one.high for one in found if one.high is not None])
    assert 2 < true < 2.5
    assert 0.9 <= held <= 0.98


def test_where_all_have_one_chance_the_list_of_the_likeliest_is_worth_nothing() -> None:
    same = outcomes(np.full(100, 0.2), np.arange(100) % 5 == 0, np.arange(100))
    assert lift_of_top(same).value == pytest.approx(1.0)
    assert auc(same).value == pytest.approx(0.5)
    assert calibration_slope(same).too_few


def test_the_slope_is_that_of_statsmodels_and_one_for_chances_that_hold() -> None:
    random = np.random.default_rng(4)
    logits = random.normal(-1, 1, 20_000)
    left = (random.random(20_000) < chances_of(logits)).astype(int)
    found = calibration_slope(outcomes(chances_of(logits), left, np.arange(20_000)))
    told = sm.Logit(left, sm.add_constant(logits)).fit(disp=0)
    assert found.value == pytest.approx(told.params[1], abs=1e-6)
    assert (found.low, found.high) == pytest.approx(tuple(told.conf_int()[1]), abs=0.01)
    extreme = calibration_slope(outcomes(chances_of(2 * logits), left, np.arange(20_000)))
    assert extreme.value == pytest.approx(told.params[1] / 2, abs=1e-6)


def test_the_curve_has_ten_groups_of_equal_size_that_hold_what_was_said() -> None:
    random = np.random.default_rng(6)
    chances = random.random(5_000)
    curve = calibration_curve(outcomes(chances, random.random(5_000) < chances, np.arange(5_000)))
    assert [one.observed.n for one in curve] == [500] * 10
    inside = [one.observed.low <= one.predicted <= one.observed.high for one in curve]  # type: ignore[operator]
    assert sum(inside) >= 8
    assert calibration_curve(outcomes([], [], np.zeros(0, dtype=int))) == []


def test_too_few_on_a_side_is_said_and_what_does_not_fit_refused() -> None:
    few = outcomes(np.linspace(0, 1, 50), np.arange(50) >= 46, np.arange(50))
    assert auc(few).too_few
    assert lift_of_top(few).too_few
    with pytest.raises(Refused, match="one outcome"):
        outcomes([0.1, 0.2], [1], [1, 2])
    with pytest.raises(Refused, match="between 0 and 1"):
        outcomes([1.2], [1], [1])
