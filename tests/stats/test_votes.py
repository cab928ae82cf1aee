"""Votes among three: leads as an independent reading has them, intervals that hold, and few false winners."""

import pytest
from bench.votes import coverage_of, false_winners
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle import votes as oracle

from nousnous.base.errors import Refused
from nousnous.stats.votes import lead, poll, votes_needed

counts = st.lists(st.integers(0, 60), min_size=2, max_size=4)


@given(counts)
@settings(max_examples=200)
def test_a_lead_is_what_the_definition_says_vote_by_vote(given_counts: list[int]) -> None:
    found = poll(given_counts)
    first, second, n = given_counts[found.first], given_counts[found.second], sum(given_counts)
    expected = oracle.lead(first, second, n)
    assert sorted(given_counts)[-2:] == [second, first]
    if expected is None:
        assert (found.lead.value, found.lead.method, found.won) == (None, "too few", False)
    else:
        assert (found.lead.value, found.lead.low, found.lead.high) == pytest.approx(expected)
        assert found.won == (found.lead.low > 0)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 6))
@settings(max_examples=60)
def test_votes_needed_are_those_that_counting_up_finds(first: int, second: int, others: int) -> None:
    n = first + second + others
    if not n:
        assert votes_needed(first, second, n) is None
    elif n >= 5 and poll([first, second, others]).won:
        assert poll([first, second, others]).needed is None
    else:
        assert votes_needed(first, second, n) == (oracle.needed(first, second, n) if first > second else None)


def test_one_voter_and_nobody_have_no_winner_and_counts_must_fit() -> None:
    assert (poll([1, 0, 0]).won, poll([1, 0, 0]).needed) == (False, 5)
    assert (poll([0, 0, 0]).won, poll([0, 0, 0]).needed) == (False, None)
    with pytest.raises(Refused):
        lead(3, 3, 5)
    with pytest.raises(Refused):
        poll([3])


def test_the_interval_holds_the_truth_and_equal_tones_seldom_have_a_winner() -> None:
    for shares in ((0.4, 0.35, 0.25), (0.8, 0.15, 0.05)):
        for voters in (12, 60, 300):
            assert coverage_of(shares, voters, 4_000) >= 0.93
    for voters in (10, 40, 200):
        assert false_winners((1 / 3, 1 / 3, 1 / 3), voters, 4_000) <= 0.05
        assert false_winners((0.45, 0.45, 0.1), voters, 4_000) <= 0.065
