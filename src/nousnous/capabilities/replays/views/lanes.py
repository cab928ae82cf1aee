"""The timeline under the player: one lane a kind of moment, named in words; the list beside it says the same by ear."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from nousnous.capabilities.replays.measures.headline import brief
from nousnous.capabilities.replays.measures.moments import Moment
from nousnous.charts.kit import Pen

LANES: Final = {
    "signal": "Signals",
    "error": "Errors",
    "answer": "Answers",
    "step": "Steps",
    "page": "Screens",
    "vital": "Waits",
    "event": "Events",
}
ROW: Final = 24  # px
LEAST_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Lanes:
    """The names of the lanes, and their drawing."""

    names: tuple[str, ...]
    drawing: str


def lanes_of(moments: Sequence[Moment], started_us: int, duration_us: int) -> Lanes:
    """Square: a signal. Triangle: an error. Words: an answer or a screen. Circle: a step or event. Bar: a wait."""
    kinds = [kind for kind in LANES if any(one.kind == kind for one in moments)]
    height = ROW * max(1, len(kinds))
    drawn = []
    for row, kind in enumerate(kinds):
        mine, y = [one for one in moments if one.kind == kind], ROW * row + ROW / 2
        places = [100 * min(1.0, max(0, one.at_us - started_us) / max(1, duration_us)) for one in mine]
        drawn += [Pen().line(0, y, 100, y), *_marks(mine, places, y)]
    head = f'<line class="head-line" x1="0" x2="0" y1="-4" y2="{height}" stroke="var(--ink)" stroke-width="2"/>'
    svg = f'<svg width="100%" height="{height}" font-size="12" aria-hidden="true">{"".join(drawn)}{head}</svg>'
    return Lanes(tuple(LANES[kind] for kind in kinds), svg)


def _marks(moments: Sequence[Moment], places: Sequence[float], y: float) -> list[str]:
    drawn = []
    for one, x, until in zip(moments, places, [*places[1:], 100.0], strict=True):
        shape = _screen(brief(one), (x, max(until, x + LEAST_SHARE)), y) if one.kind == "page" else _mark(one, x, y)
        drawn.append(f"<g>{shape}<title>{escape(one.sentence)}</title></g>")
    return drawn


def _mark(moment: Moment, x: float, y: float) -> str:
    pen = Pen()
    match moment.kind:
        case "signal":
            return pen.square(x, y, 5, stroke="var(--bad)")
        case "error":
            return pen.triangle(x, y, 6)
        case "vital":
            return pen.line(x, y - 6, x, y + 6, stroke="var(--muted)", stroke_width=3)
        case "answer":
            return pen.text(x, y + 4, brief(moment), "end" if x > 50 else "start", font_weight=600, halo=True)
        case "step":
            return pen.circle(x, y, 5)
    return pen.circle(x, y, 4, fill="var(--quiet)")


def _screen(name: str, ends: tuple[float, float], y: float) -> str:
    """A screen's name from where it was opened to where the next was, cut off there."""
    pen, (x, until) = Pen(), ends
    tick = pen.line(x, y - 8, x, y + 8, stroke="var(--muted)", stroke_width=1.5)
    look = 'fill="var(--ink)" paint-order="stroke" stroke="var(--surface)" stroke-width="3"'
    box = f'x="{pen.at(x)}" y="{y - ROW / 2:g}" width="{pen.at(until - x)}" height="{ROW}"'
    return f'{tick}<svg {box}><text x="6" y="16" {look}>{escape(name)}</text></svg>'
