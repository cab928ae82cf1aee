"""What follows what in a journey: of all who leave a step, how many go where."""

from collections.abc import Mapping, Sequence

from nousnous.charts.kit import MUTED, NARROW_LEAST, WIDE_LEAST, Sheet, fitted, width_of
from nousnous.charts.words import percent

ROW = 36  # px


def flow(
    names: Sequence[str], shares: Mapping[tuple[int, int], float], sentences: Sequence[str], title: str, sheet: Sheet
) -> str:
    """A row a step, a column a step that follows; darker: more of those who leave go there."""
    pen, wide = sheet.pen, sheet.is_wide
    left, top = (30.0, 26) if wide else (34.0, 22)
    slot, room = (100 - left) / len(names), (pen.width or (WIDE_LEAST if wide else NARROW_LEAST)) / 100
    named = wide and all(width_of(name, 12) < slot * room - 4 for name in names)
    drawn, hits = [], []
    for column, name in enumerate(names):
        head = name if named else str(column + 1)
        drawn.append(pen.text(left + slot * (column + 0.5), 14, head, "middle", **MUTED))
    for row, name in enumerate(names):
        y = top + ROW * row
        label = fitted(f"{row + 1} {name}", left * room - 10)
        drawn += [pen.line(0, y, 100, y), pen.text(0, y + 22, label, font_size=13, font_weight=500)]
        for column in range(len(names)):
            share = shares.get((row, column))
            if share is None:
                continue
            x1, x2 = left + slot * column, left + slot * (column + 1)
            tint = f"{min(0.6, 0.06 + 0.54 * share):.2f}"
            drawn.append(pen.bar(x1 + 0.3, x2 - 0.3, y + 3, ROW - 6, rx=4, fill="var(--exp)", fill_opacity=tint))
            text = percent(share) if named else percent(share).removesuffix("%")
            if wide or share >= 0.1:
                drawn.append(pen.text((x1 + x2) / 2, y + 22, text, "middle"))
        hits.append(pen.hit((-1.2, 101.2, y + 1, ROW - 2), sentences[row]))
    return sheet.svg(top + ROW * len(names), title, drawn, hits)
