"""What teams believe beside what customers live, a row a step: the dot plot of the gap page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nousnous.charts.axes import Axis, axis_of
from nousnous.charts.kit import FIGURE, MUTED, NARROW_LEAST, WIDE_LEAST, Pen, Sheet, fitted, in_two_lines, width_of
from nousnous.charts.words import interval, number, reading, signed, verdict

Verdict = Literal["gap", "delight", "confirmed", "unproven"]
COLOURS = {"gap": "var(--bad)", "delight": "var(--good)"}
LEFT, RIGHT, GAP = 21.0, 74.0, 81.5  # per cent: where the plot begins and ends, where the gap column ends


@dataclass(frozen=True, slots=True)
class BeliefRow:
    """One belief: values in the metric's unit (shares 0 to 1, seconds), the gap in points or per cent; `few`: n < 5."""

    name: str
    believed: float
    tolerated: tuple[float, float]
    experienced: float | None
    low: float | None
    high: float | None
    n: int
    gap: float | None
    verdict: Verdict
    cost: str
    sentence: str
    few: bool = False
    cost_is_money: bool = True

    @property
    def colour(self) -> str:
        return COLOURS.get(self.verdict, "var(--muted)")

    @property
    def numbers_shown(self) -> bool:
        return self.gap is not None and abs(self.gap) > 6


@dataclass(frozen=True, slots=True)
class Heads:
    """The words over the columns, and the metric's unit."""

    title: str
    about: str
    customers: str
    teams: str
    gap: str = "Gap, points"
    cost: str = "Cost a year"
    unit: str = "share"


def belief_gaps(rows: Sequence[BeliefRow], heads: Heads, sheet: Sheet) -> str:
    """Circle and thick bar: customers with their interval. Diamond and pale band: the team and its tolerance."""
    pen, wide = sheet.pen, sheet.is_wide
    axis = _axis(rows, heads.unit, 5 if wide else 3)
    marks = axis.scale(*((LEFT, RIGHT) if wide else (2.0, 96.0)))
    row_height, top = (44, 34) if wide else (56, 30)
    bottom = top + row_height * len(rows)
    drawn = [pen.line(marks(tick), top - 8 if wide else top, marks(tick), bottom) for tick in axis.ticks]
    drawn += _heads(pen, rows[0], heads, marks) if wide else _key(pen, heads)
    hits = []
    for index, row in enumerate(rows):
        y = top + row_height * index
        if wide:
            drawn += [pen.line(0, y, 100, y)] if index else []
            drawn += _columns(pen, row, y + 22)
            drawn += _marks(pen, row, marks, y + 22) + _labels(pen, row, marks, (y + 26, heads.unit))
        else:
            drawn += _above(pen, row, y + 20) + _marks(pen, row, marks, y + 40)
        hits.append(pen.hit((-1.2, 101.2, y + 1, row_height - 2), row.sentence))
    for index, (tick, text) in enumerate(zip(axis.ticks, axis.labels, strict=True)):
        anchor: Literal["end", "middle"] = "end" if not wide and index == len(axis.ticks) - 1 else "middle"
        shift = 8 if anchor == "end" else None
        drawn.append(pen.text(marks(tick), bottom + 18, text, anchor, dx=shift, **MUTED))
    return sheet.svg(bottom + 26, heads.title, drawn, hits, heads.about)


def _axis(rows: Sequence[BeliefRow], unit: str, about: int) -> Axis:
    ends = [end for row in rows for end in (row.experienced, row.low, row.high, row.believed, *row.tolerated)]
    seen = [end for end in ends if end is not None]
    if unit == "seconds" and about > 3:  # room for the label after the last mark: durations are long words
        seen.append(max(seen) + 0.16 * (max(seen) - min(seen)))
    return axis_of(seen, unit, about)


def _heads(pen: Pen, first: BeliefRow, heads: Heads, marks: Callable[[float], float]) -> list[str]:
    """Column heads; those of the marks sit on the first row's, or side by side where these are close."""
    customers: dict[str, Any] = {"fill": "var(--exp)", "font_weight": 500}
    teams: dict[str, Any] = {"fill": "var(--belief)", "font_weight": 500}
    lived, believed = (
        marks(first.experienced if first.experienced is not None else first.believed),
        marks(first.believed),
    )
    if abs(lived - believed) < 20:
        centre = min(max((lived + believed) / 2, LEFT + 16), RIGHT - 14)
        first_left = lived <= believed
        placed = [
            pen.text(
                centre, 14, heads.customers, "end" if first_left else "start", dx=-6 if first_left else 6, **customers
            ),
            pen.text(centre, 14, heads.teams, "start" if first_left else "end", dx=6 if first_left else -6, **teams),
        ]
    else:
        placed = [
            pen.text(min(max(lived, LEFT + 6), RIGHT - 6), 14, heads.customers, "middle", **customers),
            pen.text(min(max(believed, LEFT + 6), RIGHT - 6), 14, heads.teams, "middle", **teams),
        ]
    return [
        pen.text(0, 14, "Step, dearest first", **MUTED),
        *placed,
        pen.text(GAP, 14, heads.gap, "middle", dx=10, **MUTED),
        pen.text(100, 14, heads.cost, "end", **MUTED),
    ]


def _key(pen: Pen, heads: Heads) -> list[str]:
    bold: dict[str, Any] = {"font_weight": 500}
    room = 0.61 * (pen.width or NARROW_LEAST) - 44
    customers = heads.customers if width_of(heads.customers, 12) <= room else "Customers"
    return [
        pen.diamond(2.5, 10, 6),
        pen.text(2.5, 14, heads.teams, dx=12, fill="var(--belief)", **bold),
        pen.circle(39, 10, 5),
        pen.text(39, 14, customers, dx=11, fill="var(--exp)", **bold),
        pen.text(100, 14, heads.gap.split(",", maxsplit=1)[0], "end", **MUTED),
    ]


def _columns(pen: Pen, row: BeliefRow, y: float) -> list[str]:
    lines = in_two_lines(row.name, LEFT / 100 * (pen.width or WIDE_LEAST) - 20)
    start = y + 4 if len(lines) == 1 else y - 4
    texts = [pen.text(0, start + 16 * index, line, font_size=13, font_weight=500) for index, line in enumerate(lines)]
    word = verdict(row.verdict, row.n, few=row.few)
    if row.few:
        texts.append(pen.text(GAP, y + 4, word, "middle", dx=12, **MUTED))
    else:
        figure = FIGURE | {"fill": row.colour}
        texts += [
            pen.text(GAP, y + 5, signed(row.gap), "end", **figure),
            pen.text(GAP, y + 4, word, dx=8, fill=row.colour),
        ]
    grey = row.few or row.verdict == "unproven"
    return [*texts, pen.text(100, y + 4, row.cost, "end", font_size=13, fill="var(--muted)" if grey else "var(--ink)")]


def _above(pen: Pen, row: BeliefRow, y: float) -> list[str]:
    figure = verdict(row.verdict, row.n, few=True) if row.few else signed(row.gap)
    style = MUTED if row.few else FIGURE | {"fill": row.colour}
    name = fitted(row.name, 0.7 * (pen.width or 256))
    return [pen.text(0, y, name, font_size=13, font_weight=500), pen.text(100, y, figure, "end", **style)]


def _marks(pen: Pen, row: BeliefRow, at: Callable[[float], float], y: float) -> list[str]:
    believed = at(row.believed)
    drawn = [pen.bar(at(row.tolerated[0]), at(row.tolerated[1]), y - 8, 16, fill="var(--belief)", fill_opacity=".13")]
    thin = row.few or row.experienced is None
    if row.low is not None and row.high is not None:
        own = {"stroke": "var(--quiet)", "stroke_width": 2, "stroke_opacity": None} if thin else {}
        drawn.append(pen.range(at(row.low), at(row.high), y, **own))
    if row.experienced is not None and not thin:
        lived = at(row.experienced)
        drawn.append(pen.line(lived, y, believed, y, stroke="var(--belief)", stroke_width=1.5, stroke_dasharray="2 2"))
        return [*drawn, pen.diamond(believed, y), pen.circle(lived, y)]
    return [*drawn, pen.diamond(believed, y)]


def _labels(pen: Pen, row: BeliefRow, at: Callable[[float], float], place: tuple[float, str]) -> list[str]:
    """Both numbers, outside of what is drawn between them."""
    if not row.numbers_shown or row.experienced is None:
        return []
    y, unit = place
    low, high = (
        row.low if row.low is not None else row.experienced,
        row.high if row.high is not None else row.experienced,
    )
    left = row.experienced <= row.believed
    texts = [(low if left else high, row.experienced, "var(--exp)", left)]
    texts.append((row.tolerated[1] if left else row.tolerated[0], row.believed, "var(--belief)", not left))
    return [
        pen.text(
            at(end),
            y,
            reading(value, unit).removesuffix("%"),
            "end" if before else "start",
            dx=-9 if before else 9,
            fill=colour,
            font_weight=600,
            halo=True,
        )
        for end, value, colour, before in texts
    ]


def sentence_of(row: BeliefRow, unit: str, measure: str = "points") -> str:
    """What a screen reader says of a row; `measure` is the unit of the gap."""
    believed = f"{row.name}: the team believes {reading(row.believed, unit)}"
    if row.few or row.experienced is None:
        return f"{believed}; {number(row.n)} seen, too few to judge"
    ends = interval(row.low, row.high, unit)
    judged = f"gap {signed(row.gap)} {measure}, {verdict(row.verdict, row.n, few=False)}"
    costs = f"; {row.cost} a year" if row.cost_is_money else ""
    return f"{believed}, customers {reading(row.experienced, unit)} ({ends}), n {number(row.n)}; {judged}{costs}"
