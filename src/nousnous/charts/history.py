"""What was judged of a belief, Monday by Monday: its gap with its interval against the tolerance."""

from collections.abc import Sequence
from dataclasses import dataclass

from nousnous.charts.axes import axis_of
from nousnous.charts.kit import MUTED, Sheet, scale

TOP, BASE = 16, 156  # px
COLOURS = {"gap": "var(--bad)", "delight": "var(--good)", "confirmed": "var(--ink)", "unproven": "var(--muted)"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One Monday: its label, the gap in its unit (None: too few), the verdict, and the sentence."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    verdict: str
    sentence: str


def history(weeks: Sequence[Judged], tolerance: float, title: str, sheet: Sheet) -> str:
    """Circle with its line: the gap and its 95 % interval. Band about 0: what the team would call right."""
    pen = sheet.pen
    seen = [end for week in weeks for end in (week.low, week.value, week.high) if end is not None]
    axis = axis_of([*seen, -tolerance, tolerance], "points", 4)
    left, right = (7.0, 99.0) if sheet.is_wide else (12.0, 98.0)
    x, y = scale(0, max(1, len(weeks) - 1), left + 3, right - 2), axis.scale(BASE, TOP)
    tolerated = pen.bar(
        left, right, y(tolerance), y(-tolerance) - y(tolerance), fill="var(--belief)", fill_opacity=".13"
    )
    drawn = [tolerated, *[pen.line(left, y(tick), right, y(tick)) for tick in axis.ticks]]
    for tick, text in zip(axis.ticks, axis.labels, strict=True):
        drawn.append(pen.text(left, y(tick) + 4, f"+{text}" if tick > 0 else text, "end", dx=-8, **MUTED))
    every, hits = -(-len(weeks) // (9 if sheet.is_wide else 4)), []
    for index, week in enumerate(weeks):
        colour = COLOURS[week.verdict]
        if week.low is not None and week.high is not None:
            drawn.append(pen.line(x(index), y(week.low), x(index), y(week.high), stroke=colour, stroke_width=1.5))
        if week.value is not None:
            hollow = week.verdict == "unproven"
            own = {"fill": "var(--surface)" if hollow else colour, "stroke": colour if hollow else "var(--surface)"}
            drawn.append(pen.circle(x(index), y(week.value), 4.5, **own))
        if (len(weeks) - 1 - index) % every == 0:
            drawn.append(pen.text(x(index), BASE + 20, week.label, "middle", **MUTED))
        half = (right - left) / max(1, len(weeks) - 1) / 2
        hits.append(pen.hit((x(index) - half, x(index) + half, TOP - 8, BASE - TOP + 16), week.sentence))
    return sheet.svg(BASE + 28, title, drawn, hits)
