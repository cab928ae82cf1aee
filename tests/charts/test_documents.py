"""The documents that charts are printed in."""

from tests.charts.northwind import HEADS, ROWS

from nousnous.base import clock
from nousnous.charts.belief_gaps import belief_gaps
from nousnous.charts.documents import CHART_WIDTH, Column, Document, Listing, Plot, as_pdf
from nousnous.charts.kit import Sheet


def page(title: str = HEADS.title) -> Document:
    svg = belief_gaps(ROWS, HEADS, Sheet("gap", "wide", CHART_WIDTH))
    plot = Plot(svg, "Eight steps", "Thick bar: 95% interval.")
    return Document(title, "It costs.", [plot], "Source: Northwind", [Listing([Column("Step")], [["Refund"]])])


def test_a_document_is_a_tagged_pdf_with_its_title_and_the_own_font() -> None:
    found = as_pdf(page())
    assert found.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in found
    assert b"Inter" in found


def test_the_same_document_is_the_same_file() -> None:
    with clock.frozen(1_700_000_000_000_000):
        assert as_pdf(page()) == as_pdf(page())


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    assert as_pdf(page("#panic() *Checkout* $5 < “Łódź” = “50 %”")).startswith(b"%PDF-")
