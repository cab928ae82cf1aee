"""Differences between estimates of different people."""

import numpy as np
import pytest
from bench.coverage import RISES, SINGLES, left_holds, spent_holds
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import Estimate, too_few
from nousnous.stats.matching import matched, strata
from nousnous.stats.shares import wilson

DRAWS = 2_000


def plain(ones: int, n: int) -> Estimate:
    return Estimate(ones / n, *wilson(ones / n, n), n, "wilson")


@given(st.integers(5, 400), st.integers(5, 400), st.floats(0, 1), st.floats(0, 1))
def test_a_difference_of_shares_is_newcombes(n_one: int, n_other: int, p: float, q: float) -> None:
    ones, others = round(p * n_one), round(q * n_other)
    found = contrast([(1, plain(ones, n_one)), (-1, plain(others, n_other))])
    low, high = confint_proportions_2indep(ones, n_one, others, n_other, method="newcomb", compare="diff")
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


def test_a_contrast_turns_over_with_its_signs_and_grows_with_its_weights() -> None:
    one, other = plain(20, 100), plain(9, 150)
    there, back = contrast([(2, one), (-2, other)]), contrast([(-1, one), (1, other)])
    assert back.value is not None
    assert there.value == pytest.approx(-2 * back.value)
    assert (there.low, there.high) == (pytest.approx(-2 * (back.high or 0)), pytest.approx(-2 * (back.low or 0)))
    assert contrast([(1, one), (-1, too_few(3))]).as_dict() == too_few(103).as_dict()


def test_matching_gives_the_others_the_mix_of_those_asked_about() -> None:
    group, place = [1, 1, 1, 0, 0, 0, 0, 1, 0], [0, 0, 1, 0, 1, 1, 1, 2, 3]
    found = matched(group, place, 2)
    assert found.kept.tolist() == [True] * 7 + [False] * 2
    assert found.weights[3:7] == pytest.approx([2, 1 / 3, 1 / 3, 1 / 3])
    values = np.arange(9.0)
    without, _ = found.means(values, values.astype(int))
    assert without.method == "too few"
    assert np.average(values[3:7], weights=found.weights[3:7]) == pytest.approx((2 * 3 + 5) / 3)


def test_strata_are_the_combinations_that_occur() -> None:
    columns = np.random.default_rng(1).integers(-2, 3, (3, 200))
    found = strata(columns)
    alike = found[:, None] == found[None, :]
    assert bool((alike == (columns[:, :, None] == columns[:, None, :]).all(axis=0)).all())
    far = columns * 2**40 - 2**41
    assert bool(((strata(far)[:, None] == strata(far)[None, :]) == alike).all())
    assert strata([np.zeros(0, dtype=int)]).size == 0


@pytest.mark.parametrize("visits", [1, 3])
@pytest.mark.parametrize("world", ["left", "spent", "two"])
def test_the_interval_of_a_difference_holds_the_truth(world: str, visits: int) -> None:
    """2,000 draws of 60 people with friction; the whole grid is in `make soak`."""
    draw = np.random.default_rng([visits, len(world)])
    if world == "two":
        held = sum(left_holds(draw, visits, 60, SINGLES["+5 and +10"]) for _ in range(DRAWS))
    else:
        drawn = left_holds if world == "left" else spent_holds
        held = sum(drawn(draw, visits, 60, RISES["+5"]) for _ in range(DRAWS))
    assert held / DRAWS >= 0.93
