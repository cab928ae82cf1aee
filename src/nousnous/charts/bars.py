"""Amounts side by side, largest first as they are given: how visits ended, what wasted the time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from nousnous.charts.kit import MUTED, NARROW_LEAST, WIDE_LEAST, Pen, Sheet, fitted, in_two_lines, scale

TONES = {"exp": "var(--exp)", "bad": "var(--bad)", "good": "var(--good)", "quiet": "var(--quiet)"}
LEFT, RIGHT = 28.0, 78.0  # per cent: where bars begin and end in the wide form


@dataclass(frozen=True, slots=True)
class Bar:
    """An amount from 0, its interval where one is known, and its words: figure, note beside it, sentence."""

    name: str
    value: float
    figure: str
    note: str
    sentence: str
    low: float | None = None
    high: float | None = None
    tone: Literal["exp", "bad", "good", "quiet"] = "exp"


def bars(rows: Sequence[Bar], title: str, sheet: Sheet) -> str:
    """Bar: the amount, from 0. Thin line with ends: its 95 % interval."""
    pen, height = sheet.pen, 36 if sheet.is_wide else 48
    largest = max((end for row in rows for end in (row.value, row.high or 0.0)), default=0.0) or 1.0
    at = scale(0, largest, LEFT, RIGHT) if sheet.is_wide else scale(0, largest, 0, 100)
    drawn, hits = [], []
    for index, row in enumerate(rows):
        y = index * height
        drawn += [pen.line(0, y, 100, y)] if index else []
        middle = y + (18 if sheet.is_wide else 35)
        drawn += _wide(pen, row, middle) if sheet.is_wide else _narrow(pen, row, y + 20)
        drawn.append(pen.bar(at(0), at(row.value), middle - 6, 12, rx=2, fill=TONES[row.tone]))
        drawn += _interval(pen, (row.low, row.high), at, middle)
        hits.append(pen.hit((-1.2, 101.2, y + 1, height - 2), row.sentence))
    return sheet.svg(height * len(rows), title, drawn, hits)


def _wide(pen: Pen, row: Bar, middle: float) -> list[str]:
    lines = in_two_lines(row.name, LEFT / 100 * (pen.width or WIDE_LEAST) - 16)
    start = middle + 4 if len(lines) == 1 else middle - 4
    names = [pen.text(0, start + 15 * index, line, font_size=13, font_weight=500) for index, line in enumerate(lines)]
    figure = pen.text(88, middle + 5, row.figure, "end", font_size=14, font_weight=600)
    return [*names, figure, pen.text(100, middle + 4, row.note, "end", **MUTED)]


def _narrow(pen: Pen, row: Bar, y: float) -> list[str]:
    name = fitted(row.name, 0.66 * (pen.width or NARROW_LEAST))
    figure = pen.text(100, y, row.figure, "end", font_size=14, font_weight=600)
    return [pen.text(0, y, name, font_size=13, font_weight=500), figure]


def _interval(pen: Pen, ends: tuple[float | None, float | None], at: Callable[[float], float], y: float) -> list[str]:
    low, high = ends
    if low is None or high is None:
        return []
    own = {"stroke": "var(--ink)", "stroke_width": 1.5}
    tips = [pen.line(at(end), y - 4, at(end), y + 4, **own) for end in (low, high)]
    return [pen.line(at(low), y, at(high), y, **own), *tips]
