"""Each chart in both forms against its stored text; small and quick."""

import gzip
import re
from collections.abc import Callable
from time import process_time
from timeit import timeit

import numpy as np
import pytest
from tests.charts.stored_text import assert_stored

from nousnous.charts.bands import Measured, bands
from nousnous.charts.bands import Week as Banded
from nousnous.charts.bars import Bar, bars
from nousnous.charts.calibration import Group, calibration
from nousnous.charts.flow import flow
from nousnous.charts.forest import Effect, forest
from nousnous.charts.histogram import Answers, histogram
from nousnous.charts.history import Judged, history
from nousnous.charts.kit import Form, Sheet
from nousnous.charts.spread import Spread, spread
from nousnous.charts.timeline import Moment, timeline
from nousnous.charts.trend import Week, spark, trend

BARS = [
    Bar("Finished", 843, "70%", "n 843", "Finished: 843 of 1,204 visits, 70%", 800, 880),
    Bar("Failed after the button was pressed", 240, "20%", "n 240", "Failed: 240 of 1,204, 20%", tone="bad"),
    Bar("Left", 121, "10%", "n 121", "Left: 121 of 1,204 visits, 10%", tone="quiet"),
]
COUNTS = [(str(answer), count) for answer, count in enumerate((9, 3, 5, 9, 8, 140, 130, 300, 690, 580, 872))]
ANSWERS = Answers(COUNTS, 6, "12.5%", "scored 0 to 6, of 2,746 answers", ("0 never", "10 surely"))
QUANTILES: dict[str, float | None] = {"p5": 21, "p10": 30, "p25": 58, "p50": 124, "p75": 260, "p90": 540, "p95": 790}
SPREADS = [
    Spread("All", QUANTILES, "843", "All: half take up to 2 min 4 s", (112, 140), 60),
    Spread("Germany", {"p50": 90.0}, "6", "Germany: half take up to 1 min 30 s"),
]
WEEKS = [
    Week(f"{day} Oct", None if day == 9 else value, value - 0.03, value + 0.03, f"Week from {day} Oct")
    for day, value in ((2, 0.78), (9, 0.77), (16, 0.64), (23, 0.61))
]
BANDS = [
    Banded("2 Oct", {name: value or 0.0 for name, value in QUANTILES.items()}, "Week from 2 Oct: half up to 2 min 4 s"),
    Banded(
        "9 Oct", {name: 1.1 * (value or 0.0) for name, value in QUANTILES.items()}, "Week from 9 Oct: half up to 2 min"
    ),
    Banded("16 Oct", {}, "Week from 16 Oct: n 3, too few"),
    Banded(
        "23 Oct",
        {name: 1.3 * (value or 0.0) for name, value in QUANTILES.items()},
        "Week from 23 Oct: half up to 3 min",
    ),
]
MONDAYS = [
    Judged("5 Oct", 3.0, -1.0, 7.0, "unproven", "Week closed on 5 Oct: gap +3 points"),
    Judged("12 Oct", 9.0, 5.0, 13.0, "gap", "Week closed on 12 Oct: gap +9 points"),
    Judged("19 Oct", None, None, None, "unproven", "Week closed on 19 Oct: n 3, too few"),
]
SHARES = {(0, 1): 0.62, (0, 0): 0.2, (1, 2): 0.9, (2, 0): 0.04}
MOMENTS = [
    Moment(0, "Check-in Opened", "/check-in", "start"),
    Moment(8, "Rage Click", "button#check-in", "signal"),
    Moment(11, "Check-in Error", "button#check-in", "failure"),
    Moment(200, "Check-in Finished", "", "completion"),
]
EFFECTS = [
    Effect("Ordered, restitution", 40.0, 10.0, 11_000.0, "+40%", "Ordered, restitution: +40%, better."),
    Effect("Ordered, retention", -5.0, -20.0, 12.0, "−5%", "Ordered, retention: −5%, not proven."),
    Effect("Revenue a person, restitution", None, None, None, "", "Revenue a person: no interval yet."),
]
GROUPS = [
    Group(0.02, 0.015, 0.01, 0.02, "Tenth 1: said 2%, 2% left (1 to 2%), n 900"),
    Group(0.2, None, None, None, "Tenth 2: said 20%, n 4, too few"),
    Group(0.78, 0.8, 0.76, 0.84, "Tenth 3: said 78%, 80% left (76 to 84%), n 900"),
]

CHARTS: dict[str, Callable[[Sheet], str]] = {
    "bars": lambda sheet: bars(BARS, "70% of 1,204 visits finish", sheet),
    "histogram": lambda sheet: histogram(ANSWERS, "NPS 40, and 12% score low", sheet),
    "spread": lambda sheet: spread(SPREADS, "seconds", "Half take up to 2 min 4 s", sheet),
    "trend": lambda sheet: trend(WEEKS, "share", 0.95, "Completion: 78% in the first week, 61% last week", sheet),
    "bands": lambda sheet: bands(BANDS, Measured("seconds", "high", 60), "The slow tenth: 9 min, then 12 min", sheet),
    "history": lambda sheet: history(MONDAYS, 2.0, "Completion: not proven since 19 Oct", sheet),
    "forest": lambda sheet: forest(EFFECTS, "What changed", sheet),
    "calibration": lambda sheet: calibration(GROUPS, "What was said came true", sheet),
    "flow": lambda sheet: flow(["Search", "Pay", "Refund"], SHARES, ["Search: 62% to Pay"] * 3, "What follows", sheet),
    "timeline": lambda sheet: timeline(MOMENTS, "Finished after 3 min 20 s", sheet),
}


@pytest.mark.parametrize("form", ["wide", "narrow"])
@pytest.mark.parametrize("name", CHARTS)
def test_the_chart_is_as_stored(name: str, form: Form) -> None:
    assert_stored(f"{name}.{form}.svg", CHARTS[name](Sheet(name, form)))


@pytest.mark.parametrize("name", CHARTS)
def test_the_chart_is_small_quick_and_one_tab_stop(name: str) -> None:
    text = CHARTS[name](Sheet(name))
    assert len(gzip.compress(text.encode())) <= 3 * 1024
    assert text.count('tabindex="0"') == 1
    assert text.count('role="img"') == text.count("aria-label=") >= 2
    assert min(timeit(lambda: CHARTS[name](Sheet(name)), number=20, timer=process_time) for _ in range(5)) / 20 < 0.001


@pytest.mark.parametrize("name", CHARTS)
def test_the_fixed_form_places_nothing_in_per_cent(name: str) -> None:
    text = CHARTS[name](Sheet(name, "wide", 900))
    assert not re.search(r'(x|x1|x2|cx|width)="[\d.]+%"', text)
    assert "vector-effect" not in text


def test_the_tenth_that_fares_worst_is_the_slow_one_of_durations_and_the_lowest_of_scores() -> None:
    weeks = [
        Banded(label, {"p5": 1, "p10": 1, "p25": 1, "p50": 6, "p75": 8, "p90": 9, "p95": 10}, "") for label in "ab"
    ]
    high = bands(weeks, Measured("seconds", "high"), "", Sheet("b"))
    low = bands(weeks, Measured("score", "low"), "", Sheet("b"))
    assert ("9.0 s slow tenth" in high or "9 s slow tenth" in high, "1.0 lowest tenth" in low) == (True, True)
    assert high.count("var(--bad)") == low.count("var(--bad)") == 3
    ends = [float(y) for y in re.findall(r'<text x="75%" y="([\d.]+)"[^>]* dx="8"', low)]
    assert (len(ends), max(ends) <= 218, min(np.diff(sorted(ends))) >= 15) == (6, True, True)  # clear of the axis
    narrow = bands(weeks, Measured("score", "low"), "", Sheet("b", "narrow"))
    assert ("quarter" in low, "quarter" in narrow) == (True, False)


def test_a_week_of_too_few_breaks_the_line_and_a_sparkline_needs_two() -> None:
    assert CHARTS["trend"](Sheet("t")).count("<circle") == 2
    assert (spark([0.5, None]), spark([0.5, None, 0.4])[:4]) == ("", "<svg")
