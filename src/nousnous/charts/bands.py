"""A whole distribution week by week: the middle half, nine tenths, the median, and the tenth that fares worst."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nousnous.charts.axes import axis_of
from nousnous.charts.kit import MUTED, Pen, Sheet, apart, runs, scale
from nousnous.charts.words import reading

TOP, BASE = 16, 216  # px
AREAS = (("p5", "p95", "exp", ".12"), ("p25", "p75", "exp", ".2"))
WORST = {"low": ("p5", "p10", "p10"), "high": ("p90", "p95", "p90")}
WORDS = {"p95": "top 5%", "p75": "quarter above", "p50": "median", "p25": "quarter below", "p5": "lowest 5%"}
TENTHS = {"low": "lowest tenth", "high": "slow tenth"}
Place = Callable[[float], float]
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its label, quantiles by name (none: too few people), and its sentence."""

    label: str
    quantiles: Mapping[str, float]
    sentence: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured: its unit, the end that is bad, and what the team believes of the median."""

    unit: str
    worst: Literal["low", "high"]
    believed: float | None = None


def bands(weeks: Sequence[Week], measured: Measured, title: str, sheet: Sheet) -> str:
    """Pale band: 5 to 95 of 100. Darker band: the middle half. Lines: the median, and the tenth that fares worst."""
    pen, unit = sheet.pen, measured.unit
    seen = [value for week in weeks for value in week.quantiles.values()]
    seen += [] if measured.believed is None else [measured.believed]
    timed = unit == "seconds"
    axis = axis_of(seen or [0.0, 1.0], unit, 4 if timed else 6, from_zero=timed)
    left, right = (7.0, 75.0) if sheet.is_wide else (13.0, 72.0)
    x, y = scale(0, max(1, len(weeks) - 1), left, right), axis.scale(BASE, TOP)
    drawn = [pen.line(left, y(tick), right, y(tick)) for tick in axis.ticks]
    for tick, text in zip(axis.ticks, axis.labels, strict=True):
        drawn.append(pen.text(left, y(tick) + 4, text, "end", dx=-8, **MUTED))
    for run in runs([bool(week.quantiles) for week in weeks]):
        at = {name: [(x(index), y(weeks[index].quantiles[name])) for index in run] for name in weeks[run[0]].quantiles}
        drawn += _spread(pen, at, measured.worst)
    every = 1 if sheet.is_wide else 3
    for index, week in enumerate(weeks):
        if (len(weeks) - 1 - index) % every == 0:
            drawn.append(pen.text(x(index), BASE + 20, week.label, "middle", **MUTED))
    drawn += _ends(sheet, weeks, measured, right, y) + _believed(pen, measured, (left, right), y)
    step = (right - left) / max(1, len(weeks) - 1)
    tall = (TOP - 8, BASE - TOP + 16)
    hits = [
        pen.hit((x(index) - step / 2, x(index) + step / 2, *tall), week.sentence) for index, week in enumerate(weeks)
    ]
    return sheet.svg(BASE + 28, title, drawn, hits)


def _spread(pen: Pen, at: Mapping[str, Points], worst: Literal["low", "high"]) -> list[str]:
    """The bands and lines of weeks in a row; a week on its own is an upright of the same marks."""
    below, above, line = WORST[worst]
    if len(at["p50"]) == 1:
        at = {name: [(x - 0.4, y), (x + 0.4, y)] for name, ((x, y),) in at.items()}
    areas = [*AREAS, (below, above, "bad", ".3")]
    drawn = [pen.band(at[high], at[low], fill=f"var(--{ink})", fill_opacity=tint) for low, high, ink, tint in areas]
    return [*drawn, pen.curve(at["p50"]), pen.curve(at[line], stroke="var(--bad)", stroke_width=2)]


def _ends(sheet: Sheet, weeks: Sequence[Week], measured: Measured, right: float, y: Place) -> list[str]:
    """What the last week's lines are, pushed apart; on phones only the two that are drawn as lines."""
    last, tenth = weeks[-1].quantiles, WORST[measured.worst][2]
    words = {**WORDS, tenth: TENTHS[measured.worst]}
    if measured.worst == "high":
        words |= {"p95": "slowest 5%", "p5": "fastest 5%"}
    shown = [name for name in words if name in last and (sheet.is_wide or name in {"p50", tenth})]
    places = _above(apart([y(last[name]) for name in shown]), BASE - 2)
    drawn = []
    for name, place in zip(shown, places, strict=True):
        own = {"p50": "var(--exp)", tenth: "var(--bad)"}.get(name)
        text = reading(last[name], measured.unit) + (f" {words[name]}" if sheet.is_wide else "")
        marked = MUTED if own is None else {"fill": own, "font_weight": 600}
        drawn.append(sheet.pen.text(right, place + 4, text, dx=8, **marked))
    return drawn


def _above(places: Sequence[float], lowest: float) -> list[float]:
    """The places moved up where they would reach into the axis, and kept apart."""
    found = list(places)
    for index in sorted(range(len(found)), key=lambda one: -found[one]):
        found[index] = min(found[index], lowest)
        lowest = found[index] - 15
    return found


def _believed(pen: Pen, measured: Measured, ends: tuple[float, float], y: Place) -> list[str]:
    if measured.believed is None:
        return []
    (left, right), place = ends, y(measured.believed)
    own = {"stroke": "var(--belief)", "stroke_width": 1.5, "stroke_dasharray": "2 2"}
    text = f"Team believes {reading(measured.believed, measured.unit)}"
    label = pen.text(left, place - 8, text, dx=12, fill="var(--belief)", font_weight=500, halo=True)
    return [pen.line(left, place, right, place, **own), pen.diamond(left, place, 6), label]
