"""Answers on a scale, the low tail first: a column an answer, the bad end under a bracket."""

from collections.abc import Sequence
from dataclasses import dataclass

from nousnous.charts.kit import MUTED, Pen, Sheet, scale
from nousnous.charts.words import percent

TOP, BASE = 104, 226  # px: where the tallest column ends and where all stand


@dataclass(frozen=True, slots=True)
class Answers:
    """Answer by answer its count; `low_to` is the last answer of the low tail; `tail` its share, `about` its words."""

    counts: Sequence[tuple[str, int]]
    low_to: float
    tail: str
    about: str
    ends: tuple[str, str] = ("", "")


def histogram(found: Answers, title: str, sheet: Sheet) -> str:
    """Under the bracket: the low tail, with its share. Over each column: its per cent of the answers."""
    pen, total = sheet.pen, sum(count for _, count in found.counts) or 1
    slot, most = 100 / len(found.counts), max(count for _, count in found.counts) or 1
    height = scale(0, most, 0, BASE - TOP)
    low = sum(float(answer) <= found.low_to for answer, _ in found.counts)
    drawn = [pen.line(0, BASE, 100, BASE, stroke="var(--line)"), *_bracket(pen, found, low * slot, slot)]
    hits = []
    for index, (answer, count) in enumerate(found.counts):
        left, right, top = slot * (index + 0.08), slot * (index + 0.92), BASE - height(count)
        bad, centre = index < low, slot * (index + 0.5)
        share, said = percent(count / total), f"{count:,}"
        drawn.append(pen.bar(left, right, top, BASE - top, rx=2, fill="var(--bad)" if bad else "var(--quiet)"))
        figure = {"fill": "var(--bad)", "font_weight": 600} if bad else MUTED
        drawn.append(pen.text(centre, top - 7, share.removesuffix("%"), "middle", halo=True, **figure))
        drawn.append(pen.text(centre, BASE + 18, answer, "middle", **MUTED))
        hits.append(pen.hit((slot * index, slot * (index + 1), 60, BASE - 36), f"{answer}: {said} answers, {share}"))
    if any(found.ends) and sheet.is_wide:
        drawn.append(pen.text(0.8 * slot / 10, BASE + 40, found.ends[0], **MUTED))
        drawn.append(pen.text(100, BASE + 40, found.ends[1], "end", **MUTED))
    return sheet.svg(BASE + (48 if any(found.ends) and sheet.is_wide else 26), title, drawn, hits)


def _bracket(pen: Pen, found: Answers, end: float, slot: float) -> list[str]:
    if not end:
        return []
    own = {"stroke": "var(--bad)", "stroke_width": 2}
    left, right = slot * 0.08, end - slot * 0.08
    return [
        pen.text(left, 28, found.tail, font_size=26, font_weight=640, fill="var(--bad)"),
        pen.text(left, 52, found.about, font_size=13),
        pen.line(left, 66, right, 66, **own),
        pen.line(left, 65, left, 72, **own),
        pen.line(right, 65, right, 72, **own),
    ]
