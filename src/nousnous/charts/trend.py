"""A metric week by week with its interval and the team's belief; and the same as a line of a table's height."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nousnous.charts.axes import Axis, axis_of
from nousnous.charts.kit import MUTED, Anchor, Pen, Sheet, apart, runs, scale
from nousnous.charts.words import reading

TOP, BASE = 16, 176  # px
Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its label, the estimate (None: too few), its sentence, and what changed in it, marked by a line."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    sentence: str
    mark: str = ""


def trend(weeks: Sequence[Week], unit: str, believed: float | None, title: str, sheet: Sheet) -> str:
    """Line: the metric. Band: its 95 % interval. Dotted line with a diamond: what the team believes."""
    pen = sheet.pen
    axis = _axis(weeks, unit, believed)
    left, right = (7.0, 84.0) if sheet.is_wide else (13.0, 74.0)
    x, y = scale(0, max(1, len(weeks) - 1), left + 1.5, right - 1.5), axis.scale(BASE, TOP)
    drawn = [pen.line(left, y(tick), right, y(tick)) for tick in axis.ticks]
    for tick, text in zip(axis.ticks, axis.labels, strict=True):
        drawn.append(pen.text(left, y(tick) + 4, text, "end", dx=-8, **MUTED))
    every = 1 if sheet.is_wide else 3
    for index, week in enumerate(weeks):
        if (len(weeks) - 1 - index) % every == 0:
            drawn.append(pen.text(x(index), BASE + 20, week.label, "middle", **MUTED))
    drawn += [one for index, week in enumerate(weeks) if week.mark for one in _mark(pen, week.mark, x(index))]
    drawn += _lived(pen, weeks, x, y)
    drawn += _ends(sheet, weeks, (unit, believed), (left, right), y)
    step = (right - left) / max(1, len(weeks) - 1)
    hits = [
        pen.hit((x(index) - step / 2, x(index) + step / 2, TOP - 8, BASE - TOP + 16), week.sentence)
        for index, week in enumerate(weeks)
    ]
    return sheet.svg(BASE + 28, title, drawn, hits)


def _mark(pen: Pen, text: str, place: float) -> list[str]:
    """A line through the week, and what changed beside its upper end, on the side with room."""
    anchor: Anchor = "end" if place > 50 else "start"
    line = pen.line(place, TOP - 8, place, BASE, stroke="var(--muted)", stroke_dasharray="4 3")
    return [line, pen.text(place, TOP - 2, text, anchor, dx=-6 if place > 50 else 6, **MUTED)]


def _axis(weeks: Sequence[Week], unit: str, believed: float | None) -> Axis:
    seen = [end for week in weeks for end in (week.low, week.value, week.high) if end is not None]
    return axis_of([*seen, *([] if believed is None else [believed])] or [0.0, 1.0], unit, 4)


def _lived(pen: Pen, weeks: Sequence[Week], x: Place, y: Place) -> list[str]:
    """A week too few people came in breaks the line; a week on its own is a point."""
    drawn = []
    for run in runs([week.value is not None for week in weeks]):
        points = [(x(index), y(weeks[index].value or 0.0)) for index in run]
        ends = [(x(index), weeks[index].low, weeks[index].high) for index in run]
        known = [(place, y(low), y(high)) for place, low, high in ends if low is not None and high is not None]
        if len(known) > 1:
            upper, lower = [(place, high) for place, _, high in known], [(place, low) for place, low, _ in known]
            drawn.append(pen.band(upper, lower, fill_opacity=".2"))
        drawn += [pen.curve(points)] if len(points) > 1 else []
        drawn.append(pen.circle(*points[-1], 5))
    return drawn


def _ends(
    sheet: Sheet, weeks: Sequence[Week], belief: tuple[str, float | None], ends: tuple[float, float], y: Place
) -> list[str]:
    """The belief's line, and what both are, at the right end."""
    (unit, believed), (left, right), pen = belief, ends, sheet.pen
    of_team, of_customers = (" believed", " last week") if sheet.is_wide else ("", "")
    last = next((week.value for week in reversed(weeks) if week.value is not None), None)
    drawn, labels = [], []
    if believed is not None:
        own = {"stroke": "var(--belief)", "stroke_width": 1.5, "stroke_dasharray": "2 2"}
        drawn += [pen.line(left, y(believed), right, y(believed), **own), pen.diamond(left, y(believed), 6)]
        labels.append((y(believed), reading(believed, unit) + of_team, "var(--belief)"))
    if last is not None:
        labels.append((y(last), reading(last, unit) + of_customers, "var(--exp)"))
    places = apart([place for place, _, _ in labels], 16)
    return drawn + [
        pen.text(right, place + 4, text, dx=8, fill=colour, font_weight=600)
        for place, (_, text, colour) in zip(places, labels, strict=True)
    ]


def spark(values: Sequence[float | None]) -> str:
    """The line alone, 72 by 20 px, for a table's cell; its numbers stand beside it."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    x = scale(0, len(values) - 1, 3, 69)
    y = scale(min(value for _, value in known), max(value for _, value in known), 17, 3)
    points = [(x(index), y(value)) for index, value in known]
    path = "M" + "L".join(f"{left:.1f} {top:.1f}" for left, top in points)
    left, top = points[-1]
    return (
        '<svg class="spark" width="72" height="20" aria-hidden="true">'
        f'<path d="{path}" fill="none" stroke="var(--exp)" stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{left:.1f}" cy="{top:.1f}" r="2.5" fill="var(--exp)"/></svg>'
    )
