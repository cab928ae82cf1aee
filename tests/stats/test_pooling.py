"""Partial pooling: equal to statsmodels, and nearer to the truth than each country alone."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from nousnous.stats.estimate import Estimate, Z, too_few
from nousnous.stats.pooling import pooled


def effects(values: list[float], deviations: list[float]) -> list[Estimate]:
    return [Estimate(one, one - Z * s, one + Z * s, 100, "") for one, s in zip(values, deviations, strict=True)]


def test_the_mean_effect_is_that_of_statsmodels() -> None:
    draw = np.random.default_rng(3)
    deviations = draw.uniform(0.05, 0.3, 9)
    values = draw.normal(0.2, 0.2, 9) + draw.normal(0, deviations)
    found = pooled(effects(values.tolist(), deviations.tolist()))
    assert found.everywhere is not None
    told = combine_effects(values, deviations**2, method_re="iterated")
    assert (found.between or 0) ** 2 == pytest.approx(told.tau2, rel=1e-4)
    assert found.everywhere.value == pytest.approx(told.mean_effect_re, rel=1e-5)
    error = ((found.everywhere.high or 0) - found.everywhere.value) / stats.t.ppf(0.975, 8)
    assert error == pytest.approx(max(told.sd_eff_w_re, told.sd_eff_w_re_hksj), rel=1e-4)


def test_countries_that_agree_become_one_and_those_that_differ_stay_apart() -> None:
    alike = pooled(effects([0.10, 0.11, 0.12, 0.11], [0.1] * 4))
    assert alike.between == 0
    assert all(0.10 < (one.value or 0) < 0.12 for one in alike.each)
    apart = pooled(effects([-1.0, 0.0, 1.0, 2.0], [0.01] * 4))
    assert [one.value for one in apart.each] == pytest.approx([-1, 0, 1, 2], abs=1e-3)
    assert apart.new is not None
    assert (apart.new.low or 0) < -1


def test_a_shrunken_country_is_nearer_to_its_truth_and_its_interval_holds() -> None:
    draw = np.random.default_rng(4)
    alone, together, held = [], [], []
    for _ in range(200):
        truth = draw.normal(0.1, 0.05, 8)
        seen = draw.normal(truth, 0.1)
        each = pooled(effects(seen.tolist(), [0.1] * 8)).each
        found = np.array([one.value for one in each])
        alone.append(np.mean((seen - truth) ** 2))
        together.append(np.mean((found - truth) ** 2))
        held += [one.low <= t <= one.high for one, t in zip(each, truth, strict=True) if one.low and one.high]
    assert np.mean(together) < 0.7 * np.mean(alone)
    assert np.mean(held) > 0.94


def test_three_countries_lend_each_other_nothing() -> None:
    given = [*effects([0.1, 0.3, 0.2], [0.1] * 3), too_few(3)]
    found = pooled(given)
    assert found.everywhere is None
    assert list(found.each) == given
