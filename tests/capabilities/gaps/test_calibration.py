"""What teams know of what they do not know."""

import pytest

from nousnous.capabilities.gaps.measures.beliefs import Stated
from nousnous.capabilities.gaps.measures.calibration import Known, team_calibrations
from nousnous.stats.gaps import Scale


def known(author: str, truth: float | None, expected: float | None = 5.0) -> Known:
    stated = Stated("completion", 0.7, 0.02, (0.62, 0.78), expected)
    return Known(author, stated, Scale("share", 1), truth, in_time=truth == 0.7)


def test_everybody_comes_first_and_then_each_team() -> None:
    rows = team_calibrations([known("store", 0.5), *[known("shop", 0.7)] * 5])
    assert [(row.author, row.sealed, row.in_time) for row in rows] == [("", 6, 5), ("shop", 5, 5), ("store", 1, 0)]
    assert rows[1].held.value == 1.0
    assert rows[2].held.method == "too few"


def test_ranges_are_scored_on_the_gaps_own_scale() -> None:
    (row, _) = team_calibrations([known("shop", 0.58)])
    assert row.score == pytest.approx(16 + 10 * 4)


def test_the_blind_spot_of_a_team_is_the_sum_of_gaps_by_what_was_expected() -> None:
    (row, _) = team_calibrations([known("shop", 0.6), known("shop", 0.8), known("shop", 0.1, None)])
    assert row.blind_spot == pytest.approx(20 / 10)


def test_what_nobody_has_judged_yet_counts_as_sealed_alone() -> None:
    (row, _) = team_calibrations([known("shop", None)])
    assert (row.sealed, row.held.n, row.score, row.blind_spot) == (1, 0, None, None)


def test_a_range_of_durations_is_scored_in_per_cent() -> None:
    stated = Stated("duration_p50", 100.0, 0.05, (80.0, 125.0), None)
    (row, _) = team_calibrations([Known("shop", stated, Scale("unbounded", -1), 100.0, in_time=True)])
    assert row.score == pytest.approx(40.0)
