"""Planning and guarding: the numbers of the definitions come out, and a broken split is noticed."""

import numpy as np
import pyarrow as pa
import pytest
import tea_tasting as tt
from scipy import stats
from statsmodels.stats.power import tt_ind_solve_power

from nousnous.base.errors import Refused
from nousnous.stats.lifts import arm, compare
from nousnous.stats.mismatch import mismatch
from nousnous.stats.power import detectable, needed_for_means, needed_for_shares, run_days


def test_the_numbers_of_the_definitions_come_out() -> None:
    assert needed_for_shares(0.10, 0.111) == 12_242
    assert needed_for_shares(0.30, 0.42) == needed_for_shares(0.42, 0.30) == 250


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_means_need_as_many_as_statsmodels_says(share: float) -> None:
    told = tt_ind_solve_power(effect_size=0.1, alpha=0.05, power=0.8, ratio=(1 - share) / share)
    assert needed_for_means(0.1, 1.0, share) == pytest.approx(told, rel=0.002)


def test_what_can_be_seen_is_seen_in_four_of_five_experiments() -> None:
    draw = np.random.default_rng(8)
    effect = detectable(1.0, 400)
    found = [compare(arm(draw.normal(size=200)), arm(draw.normal(effect, size=200))).p or 1 for _ in range(600)]
    assert np.mean([p <= 0.05 for p in found]) == pytest.approx(0.8, abs=0.05)
    assert detectable(1.0, 400, planned=400) > effect
    assert detectable(1.0, 400, 0.1) > effect
    assert detectable(1.0, 0) == float("inf")


def test_a_run_takes_whole_days_and_none_without_people() -> None:
    assert (run_days(100, 30.0), run_days(1, 1_000.0), run_days(100, 0.0), run_days(10**9, 0.1)) == (4, 1, None, None)


@pytest.mark.parametrize(("control", "treated"), [(0.1, 0.1), (0.1, 1.1), (-0.1, 0.5)])
def test_shares_that_nobody_could_tell_apart_are_refused(control: float, treated: float) -> None:
    with pytest.raises(Refused, match="different shares"):
        needed_for_shares(control, treated)


def test_a_mean_without_an_effect_is_refused() -> None:
    with pytest.raises(Refused, match="effect"):
        needed_for_means(0.0, 1.0)


def test_a_broken_split_blocks_and_its_chance_is_scipys() -> None:
    found = mismatch([5_300, 4_700, 10_000], [1, 1, 2])
    assert found.p == pytest.approx(stats.chisquare([5_300, 4_700, 10_000], [5_000, 5_000, 10_000]).pvalue)
    assert found.blocks
    assert not mismatch([5_000, 5_040], [1, 1]).blocks


def test_a_split_is_judged_as_tea_tasting_judges_it() -> None:
    variants = {"variant": [0] * 520 + [1] * 480}
    told = tt.Experiment(split=tt.SampleRatio(method="norm", correction=False)).analyze(pa.table(variants))
    assert mismatch([520, 480], [1, 1]).p == pytest.approx(told["split"].pvalue, rel=1e-6)


def test_few_people_block_nothing() -> None:
    assert mismatch([9, 0], [1, 1]).p is None
    assert not mismatch([3, 0], [1, 1]).blocks


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0]])
def test_arms_without_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(Refused, match="weight above 0"):
        mismatch([1, 2], weights)
