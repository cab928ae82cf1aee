"""Shares against statsmodels, against plain readings of the formula, and for what must never change."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from nousnous.base.errors import Refused
from nousnous.stats.clusters import clustering, kish
from nousnous.stats.shares import share, share_of, wilson

people = st.lists(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=5, max_size=40
)


def slow_scatter(counts: list[tuple[int, int]]) -> int:
    n, k = sum(size for _, size in counts), sum(ones for ones, _ in counts)
    return sum((n * ones - size * k) ** 2 for ones, size in counts)


def slow_effective_size(counts: list[tuple[int, int]]) -> Fraction:
    n, k, g = sum(size for _, size in counts), sum(ones for ones, _ in counts), len(counts)
    scatter = slow_scatter(counts)
    return Fraction(g) if scatter == 0 else min(Fraction(n), Fraction(k * (n - k) * n**2 * (g - 1), g * scatter))


@pytest.mark.parametrize(("k", "n"), [(0, 10), (1, 10), (5, 10), (37, 240), (240, 240)])
def test_wilson_is_that_of_statsmodels(k: int, n: int) -> None:
    assert wilson(k / n, n) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-12)


@given(people)
def test_the_effective_size_is_the_definition_read_slowly(counts: list[tuple[int, int]]) -> None:
    found = share([ones for ones, _ in counts], [size for _, size in counts])
    assert found.n_eff == float(slow_effective_size(counts))
    assert found.n == sum(size for _, size in counts)


@given(people)
def test_a_share_lies_between_its_bounds_whatever_the_order(counts: list[tuple[int, int]]) -> None:
    found = share(*np.array(counts).T)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert share(*np.array(counts[::-1]).T) == found


def test_one_answer_a_person_is_worth_all_answers_but_one() -> None:
    assert share([1, 0, 1, 0, 1, 0, 0, 0, 1, 1], [1] * 10).n_eff == 9


def test_people_who_never_change_their_mind_are_worth_one_answer_each() -> None:
    assert share([3, 0] * 10, [3, 3] * 10).n_eff == pytest.approx(19)


def test_none_gives_low_zero_and_all_gives_high_one() -> None:
    none, everyone = share([0] * 8, [2] * 8), share([2] * 8, [2] * 8)
    assert (none.value, none.low, none.n_eff) == (0.0, 0.0, 8.0)
    assert (everyone.value, everyone.high, everyone.n_eff) == (1.0, 1.0, 8.0)


def test_four_persons_are_too_few_however_often_they_come() -> None:
    found = share([50, 40, 30, 20], [100, 100, 100, 100])
    assert found.too_few
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 400)


def test_persons_without_observation_do_not_count() -> None:
    assert share([1, 0, 1, 0, 0], [1, 1, 1, 1, 0]).too_few
    assert share([1, 0, 1, 0, 1, 0], [1, 1, 1, 1, 1, 0]) == share([1, 0, 1, 0, 1], [1, 1, 1, 1, 1])


def test_huge_counts_stay_exact() -> None:
    ones, sizes = np.full(6, 10**9), np.full(6, 3 * 10**9) + np.arange(6)
    counts = list(zip(ones.tolist(), sizes.tolist(), strict=True))
    assert share(ones, sizes).n_eff == float(slow_effective_size(counts))
    assert clustering(ones, sizes).sizes == sum(size**2 for size in sizes.tolist())


def test_equal_weights_change_no_value() -> None:
    plain, weighted = share([1, 0, 2, 1, 0], [1, 2, 2, 1, 1]), share([1, 0, 2, 1, 0], [1, 2, 2, 1, 1], [2.0] * 5)
    assert weighted.value == pytest.approx(plain.value, abs=1e-15)
    assert weighted.n_eff == pytest.approx(7 * 12 * 7 / slow_scatter([(1, 1), (0, 2), (2, 2), (1, 1), (0, 1)]))


def test_weights_cost_what_kish_says_where_everybody_answers_once() -> None:
    weights = [0.5, 1.0, 3.0, 1.0, 0.25, 2.0]
    assert share([1, 0, 1, 1, 0, 0], [1] * 6, weights).n_eff == kish(weights)
    assert share([1, 0, 1, 1, 0, 0], [1] * 6, weights).value == pytest.approx(4.5 / 7.75)
    assert share([10, 0, 10, 10, 0, 0], [10] * 6, weights).n_eff == pytest.approx(kish(weights))


def test_flags_and_counts_tell_the_same() -> None:
    flags, persons = [True, False, True, True, False, True, False], [8, 8, 3, 4, 5, 6, 7]
    assert share_of(flags, persons) == share([1, 1, 1, 0, 1, 0], [2, 1, 1, 1, 1, 1])
    assert share_of(flags, persons, [2.0] * 7) == share([1, 1, 1, 0, 1, 0], [2, 1, 1, 1, 1, 1], [2.0] * 6)


def test_a_person_with_more_ones_than_observations_is_refused() -> None:
    with pytest.raises(Refused, match="between 0 and it"):
        share([2], [1])
