"""Guilty screens: exact against scipy, statsmodels and a slow reading; what is planted is found, and nothing else."""

import numpy as np
import pytest
from bench.screens import TABLE, Rates, failures, page, rates
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from tests.oracle.screens import chance, guilty

from nousnous.base.errors import Refused
from nousnous.stats.screens import LEAST_SESSIONS, benjamini_hochberg, guilty_screens

LOW, HIGH = 40, 60
seen = st.lists(st.tuples(st.integers(0, LOW), st.integers(0, HIGH)), min_size=1, max_size=12)


@given(seen)
def test_a_screen_is_guilty_where_a_slow_reading_says_so(pairs: list[tuple[int, int]]) -> None:
    low, high = zip(*pairs, strict=True)
    found = guilty_screens(low, high, LOW, HIGH)
    assert found.p == pytest.approx([float(chance(*pair, LOW, HIGH)) for pair in pairs], rel=1e-9)
    named = guilty(dict(enumerate(pairs)), LOW, HIGH)
    assert set(np.flatnonzero(found.guilty).tolist()) == named == set(found.ranked)


def test_the_chance_is_that_of_fishers_exact_test_and_of_a_table_by_hand() -> None:
    nine_of_ten = 9 / 10  # of the ten ways to draw two of five sessions nine hold one of the three that saw it
    assert guilty_screens([1], [2], 2, 3).p[0] == pytest.approx(nine_of_ten)
    table = [[14, 26], [9, 51]]
    fisher = stats.fisher_exact(table, alternative="greater").pvalue
    assert guilty_screens([14], [9], LOW, HIGH).p[0] == pytest.approx(fisher)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_chances_are_adjusted_as_statsmodels_adjusts_them(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_under_twenty_sessions_of_a_kind_nothing_is_named_and_it_is_said_how_many_are_missing() -> None:
    found = guilty_screens([19], [0], 19, 400)
    assert (found.p[0] < 1e-9, found.guilty.tolist(), found.more_low, found.more_high) == (True, [False], 1, 0)
    assert guilty_screens([20], [0], LEAST_SESSIONS, 400).guilty.tolist() == [True]


def test_the_log_odds_rank_and_their_interval_shrinks_with_more_sessions() -> None:
    found = guilty_screens([60, 90, 50], [30, 60, 50], 100, 100)
    assert found.ranked == (1, 0)
    many = guilty_screens([600], [300], 1_000, 1_000).log_odds[0]
    few = found.log_odds[0]
    assert (many.high or 0) - (many.low or 0) < (few.high or 0) - (few.low or 0)
    assert found.log_odds[2].value == pytest.approx(0)


def test_a_screen_cannot_be_seen_in_more_sessions_than_there_are() -> None:
    with pytest.raises(Refused, match="once a session"):
        guilty_screens([21], [0], 20, 20)


def test_a_tenth_of_the_soak_is_as_asked_and_the_whole_is_written_down() -> None:
    assert failures(rates(20, 100, 100), slack=0.05) == []
    assert "| Any screen named | 1,000 null worlds |" in TABLE.read_text()


def test_a_soak_that_finds_too_little_or_too_much_fails() -> None:
    wrong = Rates(0.9, 0.2, 0.4, 0.1, 0.2, 0.2)
    assert len(failures(wrong)) == 5
    assert "| 90.0 |" in page(wrong)
