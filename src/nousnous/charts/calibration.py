"""What was said beside what came true, by tenths of those it was said of, the least likely first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nousnous.charts.axes import axis_of
from nousnous.charts.kit import MUTED, Sheet, apart, scale
from nousnous.charts.words import percent

TOP, BASE = 16, 216  # px
SPAN: dict[str, Any] = {"stroke": "var(--exp)", "stroke_width": 7, "stroke_linecap": "round", "stroke_opacity": ".3"}


@dataclass(frozen=True, slots=True)
class Group:
    """One group: the mean chance that was said, the share that came true with its interval, and the sentence."""

    said: float
    came: float | None
    low: float | None
    high: float | None
    sentence: str


def calibration(groups: Sequence[Group], title: str, sheet: Sheet) -> str:
    """Hollow diamonds on a dotted line: what was said. Circles with their interval: what came true."""
    pen = sheet.pen
    axis = axis_of([end for one in groups for end in (one.said, one.high or 0.0)] or [1.0], "share", 4, from_zero=True)
    left, right = (7.0, 84.0) if sheet.is_wide else (13.0, 76.0)
    half = (right - left) / max(1, len(groups)) / 2
    x, y = scale(0, max(1, len(groups) - 1), left + half, right - half), axis.scale(BASE, TOP)
    drawn = [pen.line(left, y(tick), right, y(tick)) for tick in axis.ticks]
    for tick, text in zip(axis.ticks, axis.labels, strict=True):
        drawn.append(pen.text(left, y(tick) + 4, text, "end", dx=-8, **MUTED))
    own = {"stroke": "var(--belief)", "stroke_width": 1.5, "stroke_dasharray": "2 2"}
    drawn.append(pen.curve([(x(at), y(one.said)) for at, one in enumerate(groups)], **own))
    for at, one in enumerate(groups):
        if one.low is not None and one.high is not None:
            drawn.append(pen.line(x(at), y(one.low), x(at), y(one.high), **SPAN))
        drawn.append(pen.diamond(x(at), y(one.said), 8))
        if one.came is not None:
            drawn.append(pen.circle(x(at), y(one.came), 5))
    last = groups[-1]
    true = "came true" if sheet.is_wide else "true"
    ends = [(last.said, "said", "var(--belief)")] + ([] if last.came is None else [(last.came, true, "var(--exp)")])
    places = apart([y(value) for value, _, _ in ends], 16)
    for place, (value, word, colour) in zip(places, ends, strict=True):
        drawn.append(pen.text(right, place + 4, f"{percent(value)} {word}", dx=8, fill=colour, font_weight=600))
    for at, text in ((0, "least likely"), (len(groups) - 1, "likeliest tenth")):
        drawn.append(
            pen.text(x(at), BASE + 22, text, "start" if at == 0 else "end", dx=-10 if at == 0 else 10, **MUTED)
        )
    box = TOP - 8, BASE - TOP + 16
    hits = [pen.hit((x(at) - half, x(at) + half, *box), one.sentence) for at, one in enumerate(groups)]
    return sheet.svg(BASE + 30, title, drawn, hits)
