"""The audit on paper: its answer, both charts, every group, the dearest sentences, the jargon."""

from collections.abc import Sequence
from typing import Final

from nousnous.capabilities.language.actions.auditing import LanguageAudit
from nousnous.capabilities.language.measures.headline import readability_of, title_of
from nousnous.capabilities.language.views import cards
from nousnous.charts.bars import bars
from nousnous.charts.documents import CHART_WIDTH, Column, Document, Listing, Plot, as_pdf
from nousnous.charts.kit import Sheet
from nousnous.charts.trend import trend
from nousnous.charts.words import number

SENTENCES: Final = ("Sentence", "Worse by", "95% interval", "Conversations", "One of them")
JARGON: Final = ("Word", "Said to", "Bad after it", "Log-odds", "95% interval", "Where it stands")
NUMERIC: Final = {"Worse by", "Conversations", "Said to", "Bad after it", "Log-odds", "95% interval"}
UNNAMED: Final = "for those who may see people"


def audit_as_pdf(report: LanguageAudit, workspace: str, *, named: bool) -> bytes:
    """The audit as tagged PDF; single conversations are `named` to those who may see people."""
    return as_pdf(
        Document(
            title_of(report.conversations, report.named, report.groups),
            cards.lead_of(report),
            _plots(report),
            f"{workspace}, {cards.period_of(report)}, scorer {report.scorer}",
            listings_of(report, named=named),
        )
    )


def listings_of(report: LanguageAudit, *, named: bool) -> list[Listing]:
    """The tables of an audit, without those that hold nothing."""
    groups = [[text for text, _ in cards.cells(one)] for one in report.groups]
    columns = [Column(name, numeric) for name, numeric in cards.COLUMNS]
    every = Listing(columns, groups, "Every group")
    return [one for one in (every, _sentences(report, named=named), _jargon(report)) if one.rows]


def _plots(report: LanguageAudit) -> list[Plot]:
    made, weeks, plots = cards.bars_of(report), cards.weeks_of(report), []
    if made:
        title = cards.groups_title(report)
        svg = bars(made, title, Sheet("groups", "wide", CHART_WIDTH))
        plots.append(Plot(svg, "; ".join(one.sentence for one in made), cards.CAPTION, title))
    if weeks:
        svg = trend(weeks, "score", None, cards.WEEKS_TITLE, Sheet("weeks", "wide", CHART_WIDTH))
        said = "; ".join(one.sentence for one in weeks)
        plots.append(Plot(svg, said, cards.weeks_caption(report), cards.WEEKS_TITLE))
    return plots


def _sentences(report: LanguageAudit, *, named: bool) -> Listing:
    rows = [
        (
            f"“{one.text}”",
            cards.scale_text(one.worse.value),
            cards.ends(one.worse),
            number(one.worse.n),
            talk if named else UNNAMED,
        )
        for one, talk in report.sentences
    ]
    note = "How much worse customers sound after a sentence than before it, in the same conversation."
    return Listing(_columns(SENTENCES), rows, "The sentences that cost most", note)


def _jargon(report: LanguageAudit) -> Listing:
    rows = [
        (
            one.term,
            number(one.said_to),
            number(one.bad_after),
            number(one.log_odds.value, 1),
            f"{number(one.log_odds.low, 1)} to {number(one.log_odds.high, 1)}",
            one.example,
        )
        for one in (report.jargon.terms if report.jargon else ())
    ]
    note = "More people to whom these were said sounded bad in their next message than chance explains."
    return Listing(
        _columns(JARGON), rows, "Words after which customers are lost", f"{note} {readability_of(report.jargon)}"
    )


def _columns(names: Sequence[str]) -> list[Column]:
    return [Column(name, name in NUMERIC) for name in names]
