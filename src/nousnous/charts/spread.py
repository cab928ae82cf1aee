"""How long things took, all of it: the middle half, nine tenths, the median, and the slow end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nousnous.charts.axes import axis_of
from nousnous.charts.kit import FIGURE, MUTED, NARROW_LEAST, WIDE_LEAST, Pen, Sheet, fitted, in_two_lines
from nousnous.charts.words import reading

LEFT, RIGHT = 21.0, 80.0
Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles in the metric's unit by name (p5 to p95; None: nobody knows), beliefs, the row's sentence."""

    name: str
    quantiles: dict[str, float | None]
    note: str
    sentence: str
    median: tuple[float | None, float | None] = (None, None)
    believed: float | None = None


def spread(rows: Sequence[Spread], unit: str, title: str, sheet: Sheet) -> str:
    """Pale band: 5 to 95 of 100. Darker band: the middle half. Upright line: the median. Last tenth: the slow end."""
    pen, row_height, top = sheet.pen, 56 if sheet.is_wide else 68, 26 if sheet.is_wide else 0
    values = [end for row in rows for end in (*row.quantiles.values(), row.believed) if end is not None] or [0.0]
    axis = axis_of(values, unit, 6 if sheet.is_wide else 3, from_zero=True)
    at = axis.scale(LEFT, RIGHT) if sheet.is_wide else axis.scale(2, 95)
    bottom = top + row_height * len(rows)
    drawn = [pen.line(at(tick), top, at(tick), bottom) for tick in axis.ticks]
    if sheet.is_wide:
        drawn += [pen.text(90, 14, "Median", "end", **MUTED), pen.text(100, 14, "Visits", "end", **MUTED)]
    hits = []
    for index, row in enumerate(rows):
        y = top + row_height * index
        drawn += [pen.line(0, y, 100, y)] if index else []
        drawn += _names(pen, row, unit, y, sheet)
        drawn += _marks(pen, row, at, y + (28 if sheet.is_wide else 44))
        hits.append(pen.hit((-1.2, 101.2, y + 1, row_height - 2), row.sentence))
    for tick, text in zip(axis.ticks, axis.labels, strict=True):
        drawn.append(pen.text(at(tick), bottom + 18, text, "middle", **MUTED))
    return sheet.svg(bottom + 26, title, drawn, hits)


def _names(pen: Pen, row: Spread, unit: str, y: float, sheet: Sheet) -> list[str]:
    median = reading(row.quantiles.get("p50"), unit)
    if not sheet.is_wide:
        name = fitted(row.name, 0.6 * (pen.width or NARROW_LEAST))
        return [
            pen.text(0, y + 20, name, font_size=13, font_weight=500),
            pen.text(100, y + 20, median, "end", font_size=14, font_weight=600),
        ]
    lines = in_two_lines(row.name, LEFT / 100 * (pen.width or WIDE_LEAST) - 20)
    start = y + (32 if len(lines) == 1 else 24)
    names = [pen.text(0, start + 16 * index, line, font_size=13, font_weight=500) for index, line in enumerate(lines)]
    figure = pen.text(90, y + 33, median, "end", **(FIGURE | {"font_size": 14}))
    return [*names, figure, pen.text(100, y + 32, row.note, "end", **MUTED)]


def _marks(pen: Pen, row: Spread, at: Place, y: float) -> list[str]:
    found = row.quantiles
    drawn = []
    for low, high, opacity in (("p5", "p95", ".12"), ("p25", "p75", ".2")):
        first, last = found.get(low), found.get(high)
        if first is not None and last is not None:
            drawn.append(pen.bar(at(first), at(last), y - 12, 24, rx=2, fill="var(--exp)", fill_opacity=opacity))
    slow, end = found.get("p90"), found.get("p95")
    if slow is not None and end is not None:
        drawn.append(pen.bar(at(slow), at(end), y - 12, 24, rx=2, fill="var(--bad)", fill_opacity=".25"))
        drawn.append(pen.line(at(slow), y - 12, at(slow), y + 12, stroke="var(--bad)", stroke_width=2))
    low_end, high_end = row.median
    if low_end is not None and high_end is not None:
        drawn.append(pen.range(at(low_end), at(high_end), y))
    median = found.get("p50")
    if median is not None:
        drawn.append(pen.line(at(median), y - 14, at(median), y + 14, stroke="var(--exp)", stroke_width=2.5))
    if row.believed is not None:
        drawn.append(pen.diamond(at(row.believed), y, 7))
    return drawn
