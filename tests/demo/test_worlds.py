"""What is planted in worlds of the demo is found, and nothing where nothing is; `make soak` tries more of them."""

import pytest
from bench.worlds import PEOPLE, Tally, judge_planted, judge_without

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]


@pytest.mark.parametrize("seed", [1, 2])
def test_everything_that_was_planted_is_found(seed: int) -> None:
    tally = Tally()
    judge_planted(seed, PEOPLE, tally)
    assert len(tally.names) >= 15
    assert tally.missed() == []


@pytest.mark.parametrize("first", [1, 6, 11, 16])
def test_worlds_without_gaps_show_none(first: int) -> None:
    tally = Tally()
    for seed in range(first, first + 5):
        judge_without(seed, PEOPLE, tally)
    assert tally.false == []
    assert tally.judged >= 5 * 12
    assert tally.held >= 0.85 * tally.judged
