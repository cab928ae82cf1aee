"""The charts of an audit: gaps by group, and the weeks."""

from datetime import timedelta
from typing import Final

from nousnous.base import clock
from nousnous.capabilities.language.actions.auditing import LanguageAudit
from nousnous.capabilities.language.measures.audit import GAP, LEAST, Group
from nousnous.capabilities.language.measures.headline import NAMES, name_of, verdict_of
from nousnous.capabilities.language.models import Switch
from nousnous.charts.bars import Bar, bars
from nousnous.charts.cards import FORMS, Card, Cell
from nousnous.charts.kit import Sheet
from nousnous.charts.trend import Week, trend
from nousnous.charts.words import capital, counted, number, signed
from nousnous.stats.estimate import Estimate

NONE: Final = "–"
MOST_DRAWN: Final = 8
WEEKS_TITLE: Final = "The gap of all conversations, week by week"
CAPTION: Final = (
    "How much better the company sounds than its customers in the same conversations, on a scale from −1 to 1. "
    f"Thin line: 95% interval over customers. From {GAP} on it is a gap, where the interval says so; of those that are "
    "named at most one in twenty is wrong."
)


def scale_text(value: float | None) -> str:
    """A difference of sentiment.

    >>> scale_text(0.456), scale_text(None)
    ('+0.46', '–')
    """
    return signed(value, 2)


def ends(one: Estimate) -> str:
    """Both ends of a gap."""
    return "too few" if one.low is None else f"{scale_text(one.low)} to {scale_text(one.high)}"


def groups_card(report: LanguageAudit) -> Card | None:
    """The largest gaps above nothing."""
    made = bars_of(report)
    if not made:
        return None
    title = groups_title(report)
    wide, narrow = (bars(made, title, Sheet("groups", form)) for form in FORMS)
    return Card("groups-card", title, CAPTION, wide, narrow, COLUMNS, [cells(one) for one in report.groups])


def bars_of(report: LanguageAudit) -> list[Bar]:
    """The largest gaps above nothing as bars."""
    shown = [one for one in report.groups if one.verdict != "few" and (one.gap.value or 0.0) > 0]
    return [_bar(one) for one in shown[:MOST_DRAWN]]


COLUMNS: Final[list[Cell]] = [
    ("Group", False), ("Of", False), ("Gap", True), ("95% interval", True), ("Company", True), ("Customers", True),
    ("Conversations", True), ("Change", True), ("Verdict", False),
]  # fmt: skip


def cells(one: Group) -> list[Cell]:
    few = one.verdict == "few"
    return [
        (name_of(one), False),
        (NAMES[one.dimension], False),
        ("–" if few else scale_text(one.gap.value), True),
        ("too few" if few else ends(one.gap), True),
        ("–" if few else scale_text(one.company), True),
        ("–" if few else scale_text(one.customer), True),
        (number(one.gap.n), True),
        (scale_text(one.change.value) if one.change else "–", True),
        (verdict_of(one), False),
    ]


def groups_title(report: LanguageAudit) -> str:
    count = len(report.named)
    if not count:
        return "No group has a proven gap"
    return f"{capital(counted(count, 'group'))} {'has' if count == 1 else 'have'} a proven gap"


def weeks_card(report: LanguageAudit) -> Card | None:
    """The gap of all conversations, week by week."""
    weeks = weeks_of(report)
    if not weeks:
        return None
    wide, narrow = (trend(weeks, "score", None, WEEKS_TITLE, Sheet("weeks", form)) for form in FORMS)
    columns: list[Cell] = [("Week until", False), ("Gap", True), ("95% interval", True), ("Conversations", True)]
    rows: list[list[Cell]] = [
        [(week.label, False), (scale_text(one.value), True), (ends(one), True), (number(one.n), True)]
        for week, one in zip(weeks, report.weeks, strict=True)
    ]
    return Card("weeks-card", WEEKS_TITLE, weeks_caption(report), wide, narrow, columns, rows)


def weeks_of(report: LanguageAudit) -> list[Week]:
    """The weeks of the trend; none where two are not known."""
    if sum(one.value is not None for one in report.weeks) < 2:
        return []
    return [_week(report, place, one) for place, one in enumerate(report.weeks)]


def weeks_caption(report: LanguageAudit) -> str:
    """How to read the trend, and by which scorer it is."""
    caption = f"Line: company less customers. Band: 95% interval. All by the scorer {report.scorer}"
    turned = turned_of(report)
    return caption + (
        f", which took over from {turned.version_before} on {turned.finished_at:%Y-%m-%d}." if turned else "."
    )


def turned_of(report: LanguageAudit) -> Switch | None:
    """The decision by which the scorer of today took over: what was told before was told by another."""
    carried_out = (one for one in report.switches if one.finished_at and one.version == report.scorer)
    return next(carried_out, None)


def lead_of(report: LanguageAudit) -> str:
    """One sentence of what the audit rests on, and what is left out."""
    said = f"{capital(counted(report.conversations, 'conversation'))} of {report.days} days in which both sides spoke."
    if report.unjudged:
        some = capital(counted(report.unjudged, "conversation"))
        said += f" {some} in a language that the scorer does not read are left out."
    if (coming := next((one for one in report.switches if one.finished_at is None), None)) is not None:
        said += f" {coming.version} is to take over from {report.scorer}, once it has scored all history."
    if report.waiting > 0:
        said += f" {capital(counted(report.waiting, 'message'))} still wait to be scored."
    return said


def period_of(report: LanguageAudit) -> str:
    first, last = (clock.from_us(one).strftime("%Y-%m-%d") for one in (report.from_us, report.to_us))
    return f"{first} to {last}"


def _bar(one: Group) -> Bar:
    gap = one.gap
    name = capital(name_of(one))
    tone = "bad" if one.verdict == "gap" else "exp" if one.verdict == "likely" else "quiet"
    said = f"{name}: the company sounds {scale_text(gap.value)} against its customers, {ends(gap)}, {verdict_of(one)}"
    low = max(0.0, gap.low) if gap.low is not None else None
    return Bar(name, gap.value or 0.0, scale_text(gap.value), ends(gap), said, low, gap.high, tone)  # type: ignore[arg-type]  # plain words above


def _week(report: LanguageAudit, place: int, one: Estimate) -> Week:
    until = clock.from_us(report.to_us) - timedelta(days=7 * (len(report.weeks) - 1 - place))
    label = until.strftime("%d %b").lstrip("0")
    said = f"Week until {label}: {scale_text(one.value)}, {ends(one)}, {counted(one.n, 'conversation')}"
    turned = turned_of(report)
    last = place == len(report.weeks) - 1
    here = turned is not None and turned.finished_at is not None and (last or turned.finished_at < until)
    here = here and until - timedelta(days=7) <= turned.finished_at  # type: ignore[union-attr,operator]  # it is there
    mark = f"{report.scorer} took over" if here else ""
    said += f"; {mark}" if mark else ""
    if one.n < LEAST:
        return Week(label, None, None, None, said, mark)
    return Week(label, one.value, one.low, one.high, said, mark)
