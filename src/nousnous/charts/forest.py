"""Effects with their intervals under one another, about a line that stands for no effect."""

from collections.abc import Sequence
from dataclasses import dataclass

from nousnous.charts.axes import axis_of
from nousnous.charts.kit import MUTED, NARROW_LEAST, WIDE_LEAST, Sheet, fitted

LEFT, RIGHT, HEAD = 34.0, 84.0, 24  # per cent of the width, and px
LEAST, MOST = -100.0, 200.0
"""What lies beyond is cut off there: an interval up to +11,000 % says no more than one up to +200 %."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A change in points or per cent with its interval; None where there is none yet. Its words: figure, sentence."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    figure: str
    sentence: str


def forest(rows: Sequence[Effect], title: str, sheet: Sheet) -> str:
    """Circle: the change. Bar: its 95 % interval; it excludes no effect where it does not touch the line."""
    pen, height = sheet.pen, 40 if sheet.is_wide else 56
    ends = [_cut(end) for row in rows for end in (row.low, row.high, row.value) if end is not None]
    axis = axis_of([*ends, 0.0], "points", 5 if sheet.is_wide else 3)
    at = axis.scale(LEFT, RIGHT) if sheet.is_wide else axis.scale(4, 96)
    bottom = HEAD + height * len(rows)
    drawn = [pen.line(at(tick), HEAD, at(tick), bottom) for tick in axis.ticks]
    drawn += [
        pen.text(at(tick), 14, text, "middle", **MUTED) for tick, text in zip(axis.ticks, axis.labels, strict=True)
    ]
    drawn.append(pen.line(at(0), HEAD, at(0), bottom, stroke="var(--ink)", stroke_width=1.5))
    hits = []
    for place, row in enumerate(rows):
        y = HEAD + height * place
        middle = y + (20 if sheet.is_wide else 40)
        room = (LEFT / 100 * (pen.width or WIDE_LEAST) - 16) if sheet.is_wide else 0.6 * (pen.width or NARROW_LEAST)
        words = middle + 4 if sheet.is_wide else y + 20
        drawn.append(pen.text(0, words, fitted(row.name, room), halo=True, font_size=13, font_weight=500))
        drawn.append(pen.text(100, words, row.figure, "end", halo=True, font_size=14, font_weight=600))
        if row.low is not None and row.high is not None:
            drawn.append(pen.range(at(_cut(row.low)), at(_cut(row.high)), middle))
        if row.value is not None:
            drawn.append(pen.circle(at(_cut(row.value)), middle))
        hits.append(pen.hit((-1.2, 101.2, y + 1, height - 2), row.sentence))
    return sheet.svg(bottom, title, drawn, hits)


def _cut(end: float) -> float:
    return min(MOST, max(LEAST, end))
