"""Gaps, verdicts, blind spots and calibration by hand values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nousnous.stats.estimate import Estimate, too_few
from nousnous.stats.gaps import (
    Gap,
    Scale,
    blind_spot,
    calibration,
    gap,
    interval_score,
    judge,
    lean,
    needed,
    team_ratio,
)

SHARE = Scale("share", 1)
FAILURES = Scale("share", -1)
NPS = Scale("nps", 1, -100, 100)
RATING = Scale("bounded", 1, 1, 5)
DURATION = Scale("unbounded", -1)
ends = st.lists(st.floats(0, 1000), min_size=3, max_size=3).map(sorted)


def seen(low: float | None, value: float | None, high: float | None, n: int = 400) -> Estimate:
    return Estimate(value, low, high, n, "wilson", n_least=900)


def test_a_share_below_the_belief_is_a_gap_in_points() -> None:
    found = gap(0.75, seen(0.5, 0.625, 0.6875), SHARE)
    assert (found.value, found.low, found.high, found.unit) == (12.5, 6.25, 25.0, "points")


def test_more_failures_than_believed_are_bad_news() -> None:
    found = gap(0.25, seen(0.25, 0.5, 0.625), FAILURES)
    assert (found.value, found.low, found.high) == (25.0, 0.0, 37.5)


def test_nps_is_in_points_and_a_rating_in_percent_of_its_scale() -> None:
    assert gap(50, seen(30, 40, 45), NPS).value == 10
    assert gap(4.5, seen(4.0, 4.25, 4.5), RATING).value == 6.25
    assert gap(4.5, seen(4.0, 4.25, 4.5), RATING).unit == "percent of scale"


def test_a_duration_is_in_percent_of_the_larger_with_the_factor_beside_it() -> None:
    slower, faster = gap(300, seen(450, 600, 1200), DURATION), gap(300, seen(60, 150, 300), DURATION)
    assert (slower.value, slower.high, slower.times) == (50.0, 75.0, 2.0)
    assert (faster.value, faster.low, faster.high, faster.times) == (-50.0, -80.0, 0.0, 0.5)


def test_nothing_believed_and_nothing_found_is_no_gap() -> None:
    found = gap(0, seen(0, 0, 10), DURATION)
    assert (found.value, found.low, found.high, found.times) == (0.0, 0.0, 100.0, None)


def test_a_missing_bound_stays_missing_on_its_mirrored_side() -> None:
    assert gap(100, seen(None, 50, 80), Scale("unbounded", 1)).high is None
    assert gap(100, seen(None, 50, 80), DURATION).low is None


@given(st.floats(0, 1000), ends, st.sampled_from([SHARE, FAILURES, NPS, RATING, DURATION]))
def test_a_gap_lies_between_its_bounds(believed: float, seen_ends: list[float], scale: Scale) -> None:
    found = gap(believed, seen(*seen_ends), scale)
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(2.1, 9, "gap"), (2.0, 9, "unproven"), (-9, -2.1, "delight"), (-2, 2, "confirmed"), (-2.1, 2, "unproven")],
)
def test_the_verdict_waits_for_the_whole_interval(low: float, high: float, verdict: str) -> None:
    assert judge(Gap((low + high) / 2, low, high, "points"), seen(0, 0, 0), 0.02).verdict == verdict


def test_one_bound_is_enough_for_the_side_it_is_on() -> None:
    assert judge(Gap(50.0, 20.0, None, "percent"), seen(0, 0, 0), 0.05).verdict == "gap"
    assert judge(Gap(-50.0, None, -20.0, "percent"), seen(0, 0, 0), 0.05).verdict == "delight"
    assert judge(Gap(0.0, None, 1.0, "percent"), seen(0, 0, 0), 0.05).verdict == "unproven"


def test_an_unproven_verdict_says_where_it_leans_and_what_it_needs() -> None:
    found = judge(Gap(5.0, -1.0, 11.0, "points"), seen(0, 0, 0, 240), 0.02)
    assert (found.verdict, found.lean, found.needed_n, found.reason) == ("unproven", "gap", 960, None)
    assert lean(Gap(0.0, -1.0, 1.0, "points")) is None


def test_what_lies_on_the_tolerance_is_too_close_to_call() -> None:
    assert needed(Gap(2.0, -1.0, 5.0, "points"), seen(0, 0, 0), 0.02) == (None, "too close to call")
    assert needed(Gap(2.3, -1.0, 5.6, "points"), seen(0, 0, 0), 0.02) == (None, "too close to call")
    assert needed(Gap(-1.0, -11.0, 9.0, "points"), seen(0, 0, 0, 10), 0.02) == (1000, None)


def test_a_missing_bound_needs_the_least_sample_of_the_quantile() -> None:
    assert needed(Gap(50.0, None, 70.0, "percent"), seen(0, 0, 0), 0.05) == (900, None)


def test_too_few_persons_have_neither_gap_nor_need() -> None:
    found = gap(0.7, too_few(3), SHARE)
    assert (found.value, found.low, found.high) == (None, None, None)
    judged = judge(found, too_few(3), 0.02)
    assert (judged.verdict, judged.lean, judged.needed_n, judged.reason) == ("unproven", None, None, "too few persons")


def test_a_blind_spot_is_what_nobody_expected() -> None:
    found = blind_spot(Gap(10.0, 6.0, 14.0, "points"), 5.0)
    assert (found.difference, found.low, found.high, found.ratio) == (5.0, 1.0, 9.0, 2.0)
    assert blind_spot(Gap(-10.0, -14.0, -6.0, "points"), -5.0).ratio == 2.0


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(6.0, 14.0, 1.9), (0.0, 14.0, 5.0), (None, 14.0, 5.0), (6.0, 14.0, -5.0)]
)
def test_a_ratio_needs_an_expectation_and_an_interval_of_its_sign(low, high, expected: float) -> None:
    found = blind_spot(Gap(10.0, low, high, "points"), expected)
    assert found.ratio is None
    assert found.reason


def test_a_team_is_measured_on_all_its_beliefs() -> None:
    assert team_ratio([10.0, -6.0], [5.0, -3.0]) == 2.0
    assert team_ratio([10.0], [0.0]) is None


def test_a_range_that_misses_pays_for_the_distance() -> None:
    assert interval_score(10, 20, 15) == 10
    assert interval_score(10, 20, 22) == pytest.approx(30)
    assert interval_score(10, 20, 9) == pytest.approx(20)


def test_calibration_counts_the_ranges_that_held() -> None:
    found = calibration([(0, 2)] * 8 + [(5, 6)] * 2, [1] * 10)
    assert (found.held.value, found.held.n) == (0.8, 10)
    assert found.score == pytest.approx((8 * 2 + 2 * 41) / 10)
    assert calibration([], []).score is None
