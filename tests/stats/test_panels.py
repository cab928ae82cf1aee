"""Without randomisation: equal to statsmodels, and not louder than the data."""

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm

from nousnous.base.errors import Refused
from nousnous.stats.panels import difference_in_differences, interrupted, placebo, pre_trends

UNITS, PERIODS, BEFORE = 40, 10, 6
TREATED = np.arange(UNITS) < 15


def panel(seed: int, effect: float = 0.0, drift: float = 0.0) -> npt.NDArray[np.float64]:
    draw = np.random.default_rng(seed)
    rows = draw.normal(0, 1, (UNITS, 1)) + draw.normal(0, 0.3, (UNITS, PERIODS)).cumsum(axis=1)
    rows += np.where(TREATED[:, None], drift * np.arange(PERIODS), 0.0)
    return np.asarray(rows + np.where(TREATED[:, None] & (np.arange(PERIODS) >= BEFORE), effect, 0.0))


def test_a_difference_in_differences_is_that_of_a_regression_with_clustered_errors() -> None:
    rows = panel(1, effect=1.0)
    found = difference_in_differences(rows, TREATED, BEFORE)
    after = np.tile(np.arange(PERIODS) >= BEFORE, UNITS).astype(float)
    treated, unit = np.repeat(TREATED.astype(float), PERIODS), np.repeat(np.arange(UNITS), PERIODS)
    design = np.column_stack([np.ones(rows.size), treated, after, treated * after])
    told = sm.OLS(rows.ravel(), design).fit(cov_type="cluster", cov_kwds={"groups": unit})
    assert found.value == pytest.approx(told.params[3])
    assert (found.high or 0) - (found.low or 0) == pytest.approx(2 * 1.96 * told.bse[3], rel=0.1)


def test_its_error_is_exactly_that_of_the_collapsed_regression() -> None:
    rows = panel(2)
    changes = rows[:, BEFORE:].mean(axis=1) - rows[:, :BEFORE].mean(axis=1)
    told = sm.OLS(changes, sm.add_constant(TREATED.astype(float))).fit(cov_type="HC2")
    found = pre_trends(rows, TREATED, BEFORE)
    effect = difference_in_differences(rows, TREATED, BEFORE)
    half = ((effect.high or 0) - (effect.low or 0)) / 2
    assert 1.96 < half / told.bse[1] < 2.1
    assert found.parallel is True


def test_false_alarms_of_drifting_units_stay_at_five_per_cent() -> None:
    found = [difference_in_differences(panel(seed), TREATED, BEFORE) for seed in range(400)]
    assert np.mean([not (one.low or 0) <= 0 <= (one.high or 0) for one in found]) == pytest.approx(0.05, abs=0.035)


def test_groups_that_moved_apart_before_are_noticed() -> None:
    assert pre_trends(panel(3, drift=0.5), TREATED, BEFORE).parallel is False
    assert pre_trends(panel(3), TREATED, 2).parallel is None


def test_a_period_that_nobody_saw_is_left_out() -> None:
    rows = panel(4, effect=1.0)
    holes = rows.copy()
    holes[::3, 2] = np.nan
    assert difference_in_differences(holes, TREATED, BEFORE).value == pytest.approx(
        difference_in_differences(rows, TREATED, BEFORE).value or 0, abs=0.3
    )
    assert pre_trends(holes, TREATED, BEFORE).difference.n == UNITS


def test_four_units_of_a_kind_are_too_few() -> None:
    few = np.arange(UNITS) < 4
    assert difference_in_differences(panel(5), few, BEFORE).too_few


def test_an_interrupted_series_is_that_of_statsmodels() -> None:
    draw = np.random.default_rng(6)
    treated, control = draw.normal(size=30).cumsum(), draw.normal(size=30)
    after = (np.arange(30) >= 20).astype(float)
    design = np.column_stack([np.ones(30), np.arange(30), after])
    kept = {"maxlags": int(4 * 0.3 ** (2 / 9)), "use_correction": True}
    told = sm.OLS(treated - control, design).fit(cov_type="HAC", cov_kwds=kept, use_t=True)
    found = interrupted(treated, control, 20)
    assert (found.value, found.low, found.high) == pytest.approx((told.params[2], *told.conf_int()[2]), rel=1e-9)


def test_a_series_needs_eight_periods_before_and_four_after() -> None:
    line = np.arange(12.0)
    assert interrupted(line, line * 0, 7).too_few
    assert interrupted(line, line * 0, 9).too_few
    with pytest.raises(Refused, match="as many"):
        interrupted(line, line[1:], 8)


def test_one_unit_is_proven_by_nineteen_controls_and_by_eighteen_it_is_not() -> None:
    draw = np.random.default_rng(7)
    rows = draw.normal(0, 0.1, (20, 8))
    rows[4, 4:] -= 2
    found = placebo(rows, 4, 4, "lower")
    assert (found.p, found.controls, found.more_controls, found.proof) == (0.05, 19, 0, True)
    fewer = placebo(rows[:19], 4, 4, "lower")
    assert (fewer.more_controls, fewer.proof) == (1, False)
    assert placebo(rows, 4, 4, "both").more_controls == 20
    assert not placebo(rows, 4, 4, "higher").proof


def test_a_restless_unit_proves_nothing_by_being_restless() -> None:
    proven = 0
    for seed in range(300):
        rows = np.random.default_rng(seed).normal(0, 1, (20, 10))
        rows[0] *= 10
        proven += placebo(rows, 0, 5, "higher").proof
    assert proven / 300 <= 0.05


def test_a_placebo_needs_controls_that_were_seen() -> None:
    rows = np.full((9, 4), np.nan)
    rows[:5] = 1.0
    with pytest.raises(Refused, match="5 controls"):
        placebo(rows, 0, 2, "both")
    with pytest.raises(Refused, match="both sides"):
        placebo(rows, 0, 4, "both")
