"""Documents for printing: the charts' own SVG between a title, captions, tables and a source line, as tagged PDF."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import typst

from nousnous.base import clock
from nousnous.charts.tokens import TOKENS, in_hex

FONTS: Final = Path(__file__).parent / "fonts"
CHART_WIDTH: Final = 934  # px: what fits an A4 page on its side at 0.75 pt a px
_SOURCE: Final = """
#let data = json(bytes(sys.inputs.data))
#let muted = rgb(data.colours.muted)
#set document(title: data.title)
#set page("a4", flipped: true, margin: (x: 2.5cm, top: 2cm, bottom: 2cm),
  footer: context text(8pt, fill: muted)[#data.source #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: ("Inter", "Inter Ext"), size: 9pt, lang: "en", fill: rgb(data.colours.ink))
#set par(leading: 0.6em)
#show heading.where(level: 1): set text(18pt, weight: 600)
#show heading.where(level: 2): set text(11pt, weight: 600)
#show heading: set block(above: 1.4em, below: 0.7em)
#show figure: set block(breakable: false)
= #data.title
#text(10pt)[#data.lead]
#for plot in data.plots [
  #if plot.title != "" [== #plot.title]
  #image(bytes(plot.svg), format: "svg", width: 100%, alt: plot.alt)
  #text(8.5pt, fill: muted)[#plot.caption]
]
#let line = 0.5pt + rgb(data.colours.hairline)
#for listing in data.listings [
  == #listing.heading
  #if listing.note != "" [#text(8.5pt, fill: muted)[#listing.note]]
  #table(
    columns: listing.columns.map(one => auto),
    align: listing.columns.map(one => if one.numeric { right } else { left }),
    stroke: (x, y) => (bottom: line),
    inset: (x: 4pt, y: 5pt),
    table.header(..listing.columns.map(one => text(8pt, fill: muted)[#one.name])),
    ..listing.rows.flatten().map(cell => text(8pt)[#cell]),
  )
]
"""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart in its fixed form, what a screen reader says of it, and its caption."""

    svg: str
    alt: str
    caption: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table under its heading, with a sentence on how to read it."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    heading: str = "The numbers"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A page or more: the title answers, the lead says what it costs, the source line where the figures come from."""

    title: str
    lead: str
    plots: Sequence[Plot]
    source: str
    listings: Sequence[Listing] = ()


def as_pdf(document: Document) -> bytes:
    """The document as tagged PDF; the same document gives the same bytes at a standing clock."""
    data = asdict(document)
    data["plots"] = [plot | {"svg": in_hex(plot["svg"])} for plot in data["plots"]]
    data["colours"] = {name: light for name, (light, _) in TOKENS.items()}
    found: bytes = typst.compile(
        _SOURCE.encode(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FONTS]),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=clock.now_us() // clock.SECOND_US,
        pdf_tags=True,
    )
    return found
