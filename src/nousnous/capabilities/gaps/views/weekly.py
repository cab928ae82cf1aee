"""The charts of the last weeks of a step: a metric's trend, and whole distributions as bands."""

from collections.abc import Mapping

from nousnous.capabilities.gaps.measures.phrases import phrase_of
from nousnous.capabilities.gaps.measures.report import StepRow
from nousnous.charts.cards import FORMS, Card, Cell
from nousnous.charts.kit import Sheet
from nousnous.charts.trend import Week, trend
from nousnous.charts.words import interval, number, reading
from nousnous.journeys.catalogue import metric_of, unit_of
from nousnous.journeys.views.answers import ago, band_card, first_days
from nousnous.stats.estimate import Estimate

Spreads = Mapping[str, Estimate]


def trend_card(row: StepRow, to_at: str) -> Card | None:
    """The last weeks of the step's first belief's metric."""
    found = row.trend
    if found is None or sum(week.value is not None for week in found.weeks) < 2:
        return None
    unit, name = unit_of(found.unit), metric_of(found.metric).name
    believed = _believed(row, found.metric)
    count, weeks = len(found.weeks), []
    for label, one in zip(first_days(to_at, count), found.weeks, strict=True):
        said = f"{reading(one.value, unit)} ({interval(one.low, one.high, unit)}), n {number(one.n)}"
        few = f"n {number(one.n)}, too few"
        weeks.append(
            Week(label, one.value, one.low, one.high, f"Week from {label}: {few if one.value is None else said}")
        )
    values = [week.value for week in weeks if week.value is not None]
    title = f"{name}: {reading(values[0], unit)} {ago(count)}, {reading(values[-1], unit)} last week"
    caption = f"{phrase_of(found.metric).caption} Each point is a week from the day below it. Band: 95% interval."
    wide, narrow = (trend(weeks, unit, believed, title, Sheet("trend", form)) for form in FORMS)
    columns = [("Week from", False), (name, True), ("95% interval", True), ("n", True)]
    rows: list[list[Cell]] = [
        [
            (week.label, False),
            (reading(one.value, unit), True),
            (interval(one.low, one.high, unit), True),
            (number(one.n), True),
        ]
        for week, one in zip(weeks, found.weeks, strict=True)
    ]
    return Card("trend-card", title, caption, wide, narrow, columns, rows)


def _believed(row: StepRow, metric: str) -> float | None:
    """What a team believes of everybody; what it believes of a part is not about these customers."""
    return next((one.stated.value for one in row.beliefs if one.stated.metric == metric and not one.segment), None)


def band_cards(row: StepRow, to_at: str) -> list[Card]:
    """All durations, and the answers of each score, week by week."""
    believed = _believed(row, "duration_p50")
    found = [band_card(name, weeks, to_at, believed) for name, weeks in row.weeks.items()]
    return [card for card in found if card is not None]
