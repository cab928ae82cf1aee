"""A thin grid of the soak: intervals hold the truth of simulated worlds as often as they say."""

from functools import cache

import pytest
from bench.coverage import TABLE, WORLDS, Cell, cells, failures, false_verdicts, page

DRAWS = 300


@cache
def grid() -> tuple[Cell, ...]:
    return tuple(cells(DRAWS, (50,)))


def test_intervals_hold_the_truth_with_one_three_and_ten_visits_a_person() -> None:
    assert {cell.visits for cell in grid()} == {1, 3, 10}
    assert failures(grid(), DRAWS) == []


def test_an_interval_that_is_too_narrow_is_found() -> None:
    narrow = [Cell("Shares", 3, 50, "p 0.5", 0.84), Cell("Shares", 1, 50, "p 0.5", 0.95)]
    assert len(failures(narrow, DRAWS)) == 2
    assert failures([Cell("Shares", 3, 20, "p 0.5", 0.84)], DRAWS) == []


def test_true_beliefs_seldom_show_a_gap_from_five_hundred_persons_on() -> None:
    false_gap, either = false_verdicts(100, 1, 500)
    assert false_gap <= 0.06
    assert either <= 0.12


@pytest.mark.parametrize("family", [*WORLDS, "Quantiles"])
def test_the_committed_table_shows_every_estimator(family: str) -> None:
    assert f"\n## {family}\n" in TABLE.read_text()
    assert f"\n## {family}\n" in page(grid())
