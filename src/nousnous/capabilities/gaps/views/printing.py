"""The dot plots of a report in their fixed form, for documents."""

from nousnous.capabilities.gaps.actions.documents import printed
from nousnous.capabilities.gaps.measures.headline import beliefs_of
from nousnous.capabilities.gaps.measures.phrases import GAP_UNITS, phrase_of
from nousnous.capabilities.gaps.measures.report import GapReport
from nousnous.capabilities.gaps.views.plots import CAPTION, belief_cards, rows_of
from nousnous.charts.belief_gaps import Heads, belief_gaps
from nousnous.charts.cards import Card
from nousnous.charts.documents import CHART_WIDTH, Plot
from nousnous.charts.kit import Sheet
from nousnous.journeys.catalogue import metric_of, unit_of


def report_as_pdf(report: GapReport) -> bytes:
    """The report as a document: what the gap page shows, on paper."""
    cards = belief_cards(report) if beliefs_of(report.steps) else []
    return printed(report, tuple(_plot(report, card, place == 0) for place, card in enumerate(cards)))


def _plot(report: GapReport, card: Card, is_first: bool) -> Plot:  # the first card has the money
    metric = card.id.removeprefix("beliefs-")
    pairs = [pair for pair in beliefs_of(report.steps) if pair[1].stated.metric == metric]
    unit, phrase = unit_of(metric_of(metric).unit), phrase_of(metric)
    rows = rows_of(pairs, money_column=is_first)
    gap_unit = GAP_UNITS[pairs[0][1].finding.gap.unit]
    last = "Cost a year" if is_first else "Seen"
    heads = Heads(card.title, phrase.caption, phrase.customers, "Teams believe", f"Gap, {gap_unit}", last, unit)
    svg = belief_gaps(rows, heads, Sheet(card.id, "wide", CHART_WIDTH))
    return Plot(svg, "; ".join(row.sentence for row in rows), f"{phrase.caption} {CAPTION}", card.title)
