"""One visit, event by event, with the waiting between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nousnous.charts.kit import MUTED, NARROW_LEAST, WIDE_LEAST, Sheet, fitted, scale
from nousnous.charts.words import duration

ROW = 30  # px
Kind = Literal["start", "event", "completion", "failure", "signal"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One event: seconds after the opening, its name, where it was, and what it means for the visit."""

    after_s: float
    name: str
    place: str
    kind: Kind


def timeline(moments: Sequence[Moment], title: str, sheet: Sheet) -> str:
    """Circle: an event. Triangle: a failure. Square: a signal of frustration. Bar: the time until the next."""
    pen, wide = sheet.pen, sheet.is_wide
    waits = [later.after_s - one.after_s for one, later in pairwise(moments)]
    length = scale(0, max(waits, default=0.0) or 1.0, 0, 26 if wide else 24)
    room = (pen.width or (WIDE_LEAST if wide else NARROW_LEAST)) / 100
    line, names, bars = (8.0, 10.5, 62.0) if wide else (20.0, 26.0, 76.0)
    drawn = [pen.line(line, 15, line, ROW * len(moments) - 15, stroke="var(--line)")] if len(moments) > 1 else []
    hits = []
    for index, moment in enumerate(moments):
        y = ROW * index + 15
        offset = f"+{duration(moment.after_s)}" if moment.after_s else "start"
        drawn.append(pen.text(line, y + 4, clock(moment.after_s), "end", dx=-12, **MUTED))
        drawn.append(_mark(sheet, line, y, moment.kind))
        words = f"{moment.name}, {moment.place}" if moment.place and wide else moment.name
        name = fitted(words, (bars - names) * room - 8)
        colour = "var(--bad)" if moment.kind in {"failure", "signal"} else "var(--ink)"
        drawn.append(pen.text(names, y + 4, name, font_size=13, font_weight=500, fill=colour))
        wait = waits[index] if index < len(waits) else 0.0
        if wait >= 1:
            drawn.append(pen.bar(bars, bars + length(wait), y + 11, 8, rx=2, fill="var(--quiet)"))
            if wide:
                drawn.append(pen.text(bars + length(wait), y + 19, duration(wait), dx=6, **MUTED))
        then = f"; {duration(wait)} until the next" if wait >= 1 else ""
        hits.append(pen.hit((-1.2, 101.2, y - 14, ROW - 2), f"{offset}: {words}{then}"))
    return sheet.svg(ROW * len(moments), title, drawn, hits)


def clock(seconds: float) -> str:
    """A time since the opening, as watches show it.

    >>> clock(0), clock(130.4), clock(4_210)
    ('0:00', '2:10', '1:10:10')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _mark(sheet: Sheet, x: float, y: float, kind: Kind) -> str:
    pen = sheet.pen
    if kind == "failure":
        return pen.triangle(x, y, 6)
    if kind == "signal":
        return pen.square(x, y, 4, stroke="var(--bad)")
    if kind == "event":
        return pen.circle(x, y, 4, fill="var(--quiet)")
    return pen.circle(x, y, 5)
