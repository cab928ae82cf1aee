"""The words charts are written in.

`x` is in per cent of the container, `y` and all sizes in px: a chart is fluid without ever being scaled. A `Pen` with a
width in px writes the same chart in its fixed form, for pictures and documents. Colours are the variables of
`tokens.py`, so one SVG serves both themes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Any, Literal

Anchor = Literal["start", "middle", "end"]
Form = Literal["wide", "narrow"]
MUTED: dict[str, Any] = {"fill": "var(--muted)"}
FIGURE: dict[str, Any] = {"font_size": 16, "font_weight": 600}
WIDE_LEAST, NARROW_LEAST = 640, 256  # px: the smallest containers that the two forms must fit

# Advance widths of Inter at weight 500, in hundredths of an em, from the space (32) to the tilde (126)
_WIDTHS = bytes.fromhex(
    "1b1e31404163411f252534431e2e1e25412a3e3f423c3f393f3f1e204343433562474249483c3b4b4a1b3a45395b4c4d404d"
    "4141414a4764464640252525302e22393e3a3e3b263e3c19193819593c3c3e3e2736223c3953383a382c232c43"
)


def width_of(text: str, size: float = 13) -> float:
    """How wide a text in Inter is, in px; letters beyond ASCII count as broad ones.

    >>> 100 < width_of("Mobile check-in") < 106
    True
    """
    return sum(_WIDTHS[ord(one) - 32] if 32 <= ord(one) < 127 else 66 for one in text) * size / 100


def fitted(text: str, room: float, size: float = 13) -> str:
    """The text, or as much of it as fits, with an ellipsis.

    >>> fitted("Search and book a journey", 90)
    'Search and…'
    """
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def in_two_lines(text: str, room: float, size: float = 13) -> list[str]:
    """One line if it fits, else two, broken between words; what is still too long ends in an ellipsis.

    >>> in_two_lines("Change a booking abroad", 110)
    ['Change a', 'booking abroad']
    """
    if width_of(text, size) <= room or " " not in text:
        return [fitted(text, room, size)]
    words = text.split(" ")
    breaks = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    first, second = min(breaks, key=lambda lines: max(width_of(lines[0], size), width_of(lines[1], size)))
    return [fitted(first, room, size), fitted(second, room, size)]


def apart(places: Sequence[float], least: float = 15) -> list[float]:
    """Push places apart to a least distance, moving them as a block about where they were.

    >>> apart([10.0, 12.0, 60.0])
    [3.5, 18.5, 60.0]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    blocks: list[tuple[float, list[int]]] = []
    for index in order:
        blocks.append((places[index], [index]))
        while len(blocks) > 1 and _bottom(blocks[-2], least) + least > _top(blocks[-1], least):
            (above, first), (below, second) = blocks[-2:]
            centre = (above * len(first) + below * len(second)) / (len(first) + len(second))
            blocks[-2:] = [(centre, first + second)]
    result = [0.0] * len(places)
    for block in blocks:
        for position, index in enumerate(block[1]):
            result[index] = _top(block, least) + position * least
    return result


def _top(block: tuple[float, list[int]], least: float) -> float:
    return block[0] - least * (len(block[1]) - 1) / 2


def _bottom(block: tuple[float, list[int]], least: float) -> float:
    return block[0] + least * (len(block[1]) - 1) / 2


def runs(known: Sequence[bool]) -> list[list[int]]:
    """The places of neighbours that are known: what nobody knows breaks a line.

    >>> runs([True, True, False, True])
    [[0, 1], [3]]
    """
    found: list[list[int]] = []
    for index, here in enumerate(known):
        if here and found and found[-1][-1] == index - 1:
            found[-1].append(index)
        elif here:
            found.append([index])
    return found


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """A line from values to places; values outside are held at the ends.

    >>> scale(0, 10, 20, 70)(5)
    45.0
    """
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return start + (end - start) * min(1.0, max(0.0, (value - low) / span))

    return place


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from at most `low` to at least `high`, about so many.

    >>> ticks(0.52, 0.97)
    [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    """
    raw = max(high - low, 1e-9) / about
    power: float = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, max(last, first + 1) + 1)]


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0", "-0" if value <= -0.05 else "0", 1)


def _attributes(given: dict[str, Any]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in given.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes marks; `width` in px makes the fixed form."""

    width: int | None = None

    def at(self, x: float) -> str:
        return f"{x:.2f}".rstrip("0").rstrip(".") + "%" if self.width is None else _n(x * self.width / 100)

    def text(self, x: float, y: float, text: str, anchor: Anchor = "start", **given: Any) -> str:
        """Words at a place; `dx` shifts by px; `halo` sets them off from what is under them."""
        given = {"fill": "var(--ink)", "text_anchor": None if anchor == "start" else anchor, **given}
        if given.pop("halo", False):
            given |= {
                "paint_order": "stroke",
                "stroke": "var(--surface)",
                "stroke_width": 3,
                "stroke_linejoin": "round",
            }
        return f'<text x="{self.at(x)}" y="{_n(y)}"{_attributes(given)}>{escape(text, quote=False)}</text>'

    def line(self, x1: float, y1: float, x2: float, y2: float, **given: Any) -> str:
        given = {"stroke": "var(--hairline)", **given}
        ends = f'x1="{self.at(x1)}" y1="{_n(y1)}" x2="{self.at(x2)}" y2="{_n(y2)}"'
        return f"<line {ends}{_attributes(given)}/>"

    def bar(self, x1: float, x2: float, y: float, height: float, **given: Any) -> str:
        """A rectangle between two places, `y` at its top."""
        x1, x2 = sorted((x1, x2))
        box = f'x="{self.at(x1)}" y="{_n(y)}" width="{self.at(x2 - x1)}" height="{_n(height)}"'
        return f"<rect {box}{_attributes(given)}/>"

    def range(self, x1: float, x2: float, y: float, **given: Any) -> str:
        """An interval: a round bar of 7 px."""
        given = {"stroke": "var(--exp)", "stroke_width": 7, "stroke_linecap": "round", "stroke_opacity": ".3", **given}
        return self.line(x1, y, x2, y, **given)

    def curve(self, points: Sequence[tuple[float, float]], **given: Any) -> str:
        """A line through points, without smoothing."""
        given = {"fill": "none", "stroke": "var(--exp)", "stroke_width": 2.5, "stroke_linejoin": "round", **given}
        return self._stretched(self._path(points), given)

    def band(self, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], **given: Any) -> str:
        """The area between two lines over the same x."""
        return self._stretched(self._path([*upper, *reversed(lower)]) + "Z", {"fill": "var(--exp)", **given})

    def _path(self, points: Sequence[tuple[float, float]]) -> str:
        factor = 1.0 if self.width is None else self.width / 100
        return "M" + "L".join(f"{x * factor:.2f}".rstrip("0").rstrip(".") + f" {_n(y)}" for x, y in points)

    def _stretched(self, path: str, given: dict[str, Any]) -> str:
        if self.width is not None:
            return f'<path d="{path}"{_attributes(given)}/>'
        frame = 'width="100%" height="100" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible"'
        return f'<svg {frame}><path d="{path}" vector-effect="non-scaling-stroke"{_attributes(given)}/></svg>'

    def _mark(self, x: float, y: float, shape: str) -> str:
        if self.width is not None:
            return f'<g transform="translate({self.at(x)} {_n(y)})">{shape}</g>'
        return f'<svg x="{self.at(x)}" y="{_n(y)}" overflow="visible">{shape}</svg>'

    def circle(self, x: float, y: float, radius: float = 6, **given: Any) -> str:
        """Experience."""
        given = {"fill": "var(--exp)", "stroke": "var(--surface)", "stroke_width": 1.5, **given}
        return f'<circle cx="{self.at(x)}" cy="{_n(y)}" r="{_n(radius)}"{_attributes(given)}/>'

    def diamond(self, x: float, y: float, radius: float = 8, **given: Any) -> str:
        """Belief."""
        given = {"fill": "var(--surface)", "stroke": "var(--belief)", "stroke_width": 2, **given}
        return self._mark(
            x, y, f'<path d="M0-{radius:g}L{radius:g} 0 0 {radius:g}-{radius:g} 0Z"{_attributes(given)}/>'
        )

    def triangle(self, x: float, y: float, radius: float = 7, **given: Any) -> str:
        """A failure, or a peak of stress."""
        given = {"fill": "var(--bad)", "stroke": "var(--surface)", "stroke_width": 1.5, **given}
        shape = f'<path d="M0-{radius:g}L{radius:g} {radius * 0.8:g}H-{radius:g}Z"{_attributes(given)}/>'
        return self._mark(x, y, shape)

    def square(self, x: float, y: float, radius: float = 5, **given: Any) -> str:
        given = {"fill": "var(--surface)", "stroke": "var(--muted)", "stroke_width": 2, **given}
        box = f'x="-{radius:g}" y="-{radius:g}" width="{2 * radius:g}" height="{2 * radius:g}"'
        return self._mark(x, y, f"<rect {box}{_attributes(given)}/>")

    def hit(self, box: tuple[float, float, float, float], sentence: str) -> str:
        """What is pointed at, focused and read for one row or column: (x1, x2, y, height)."""
        x1, x2, y, height = box
        label = escape(sentence)
        return self.bar(x1, x2, y, height, rx=6, fill="transparent", role="img", aria_label=label, tabindex=-1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every chart is given beside its data: an id that is its own on the page, the form, a width in px or None."""

    id: str
    form: Form = "wide"
    width: int | None = None

    @property
    def pen(self) -> Pen:
        return Pen(self.width)

    @property
    def is_wide(self) -> bool:
        return self.form == "wide"

    def svg(self, height: float, title: str, drawn: Sequence[str], hits: Sequence[str], about: str = "") -> str:
        """The whole chart: drawn marks are hidden from screen readers, hits are its sentences and its one tab stop."""
        own = f"{self.id}-{self.form[0]}"
        reached = "".join(hits).replace('tabindex="-1"', 'tabindex="0"', 1)
        size = f'width="{self.width or "100%"}" height="{_n(height)}"'
        font = "" if self.width is None else ' font-family="Inter"'
        names = f'aria-labelledby="{own}-t"' + (f' aria-describedby="{own}-d"' if about else "")
        told = f'<title id="{own}-t">{escape(title)}</title>' + (
            f'<desc id="{own}-d">{escape(about)}</desc>' if about else ""
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="at-{self.form}" {size} font-size="12"{font} '
            f'role="group" {names}>'
            f'{told}<g aria-hidden="true">{"".join(drawn)}</g>{reached}</svg>'
        )
