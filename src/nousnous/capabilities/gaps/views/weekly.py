"""The charts of the last weeks of a step: a metric's trend, and whole distributions as bands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from nousnous.capabilities.gaps.measures.phrases import phrase_of, unit_of
from nousnous.capabilities.gaps.measures.report import StepRow
from nousnous.capabilities.gaps.measures.weeks import ELAPSED, TREND_WEEKS
from nousnous.capabilities.gaps.views.plots import Card, Cell
from nousnous.capabilities.gaps.views.step_plots import FORMS
from nousnous.charts.bands import Measured, bands
from nousnous.charts.bands import Week as Banded
from nousnous.charts.kit import Sheet
from nousnous.charts.trend import Week, trend
from nousnous.charts.words import interval, number, reading
from nousnous.journeys.catalogue import metric_of
from nousnous.stats.estimate import Estimate

Spreads = Mapping[str, Estimate]


def first_days(to_at: str, count: int) -> list[str]:
    """The first day of each of so many weeks that end with the report."""
    end = datetime.fromisoformat(to_at)
    days = [end - timedelta(days=7 * (count - index)) for index in range(count)]
    return [f"{day.day} {day:%b}" for day in days]


def ago(count: int) -> str:
    return "eight weeks ago" if count == TREND_WEEKS else "in the first week"


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
    found = [_bands(row, name, weeks, to_at) for name, weeks in row.weeks.items()]
    return [card for card in found if card is not None]


def _bands(row: StepRow, name: str, weeks: Sequence[Spreads], to_at: str) -> Card | None:
    labels, known = first_days(to_at, len(weeks)), [week for week in weeks if _known(week)]
    if len(known) < 2:
        return None
    durations = name == ELAPSED
    unit, tenth = ("seconds", "p90") if durations else (_unit_of_answers(known), "p10")
    measured = Measured(unit, "high", _believed(row, "duration_p50")) if durations else Measured(unit, "low")
    drawn = [
        Banded(label, _values(week), _sentence(label, week, unit, tenth))
        for label, week in zip(labels, weeks, strict=True)
    ]
    said = _said(name, [reading(week[tenth].value, unit) for week in (known[0], known[-1])], ago(len(weeks)))
    sheet = f"bands-{name}"
    wide, narrow = (bands(drawn, measured, said, Sheet(sheet, form)) for form in FORMS)
    caption = (
        f"{'Finished visits' if durations else 'Answers'}, week by week. Pale band: 90 of 100. Darker band: the middle "
        f"half. Lines: the median, and where the {'slow' if durations else 'lowest'} tenth begins."
    )
    columns = [("Week from", False), ("Median", True), ("95% interval", True)]
    columns += [("Slow tenth from" if durations else "Lowest tenth to", True), ("95% interval", True), ("n", True)]
    table = [_cells(label, week, unit, tenth) for label, week in zip(labels, weeks, strict=True)]
    return Card(f"{sheet}-card", said, caption, wide, narrow, columns, table)


def _said(name: str, ends: Sequence[str], before: str) -> str:
    """Where the tenth that fares worst was then, and where it is now."""
    then, now = (one.replace(" ", "\u00a0") for one in ends)
    if name == ELAPSED:
        same = f"The slow tenth took {now} or more {before} and last week"
        return same if then == now else f"The slow tenth took {then} or more {before}, {now} or more last week"
    about = f"{metric_of(name).name}: the lowest tenth gave"
    same = f"{about} up to {now} {before} and last week"
    return same if then == now else f"{about} up to {then} {before}, up to {now} last week"


def _unit_of_answers(weeks: Sequence[Spreads]) -> str:
    """Answers in whole numbers are read without a digit after the point."""
    values = [value for week in weeks for value in _values(week).values()]
    return "nps" if all(value == round(value) for value in values) else "score"


def _known(week: Spreads) -> bool:
    return bool(week) and week["p50"].value is not None


def _values(week: Spreads) -> dict[str, float]:
    return {name: one.value for name, one in week.items() if one.value is not None}


def _sentence(label: str, week: Spreads, unit: str, tenth: str) -> str:
    if not _known(week):
        return f"Week from {label}: n {number(week['p50'].n if week else 0)}, too few"
    middle, end = week["p50"], week[tenth]
    half = f"half up to {reading(middle.value, unit)} ({interval(middle.low, middle.high, unit)})"
    worst = "slow tenth from" if tenth == "p90" else "lowest tenth up to"
    return f"Week from {label}: {half}, {worst} {reading(end.value, unit)}, n {number(middle.n)}"


def _cells(label: str, week: Spreads, unit: str, tenth: str) -> list[Cell]:
    found: list[Cell] = [(label, False)]
    for name in ("p50", tenth):
        one = week.get(name)
        value, ends = (None, (None, None)) if one is None else (one.value, (one.low, one.high))
        found += [(reading(value, unit), True), (interval(*ends, unit) if value is not None else "too few", True)]
    return [*found, (number(week["p50"].n if week else 0), True)]
