"""Answers as cards: the columns of one score with its low tail, and whole distributions week by week."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from nousnous.charts.bands import Measured, bands
from nousnous.charts.bands import Week as Banded
from nousnous.charts.cards import FORMS, Card, Cell
from nousnous.charts.histogram import Answers, histogram
from nousnous.charts.kit import Sheet
from nousnous.charts.words import interval, number, percent, reading
from nousnous.journeys.catalogue import metric_of, unit_of
from nousnous.journeys.periods import TREND_WEEKS
from nousnous.journeys.scores import ELAPSED, Score
from nousnous.stats.estimate import Estimate
from nousnous.stats.scores import low_answers_to

Spreads = Mapping[str, Estimate]


def score_cards(scores: Sequence[Score]) -> list[Card]:
    """What people answered, the low tail first."""
    return [score_card(one) for one in scores if one.low_tail.value is not None]


def score_card(found: Score) -> Card:
    """The answers of one metric as columns, those of the low tail under a bracket."""
    name, tail = metric_of(found.metric).name, found.low_tail
    low_to = low_answers_to(*found.scale)
    first, unit = f"{found.scale[0]:g}", unit_of(metric_of(found.metric).unit)
    about = (
        f"scored {first} to {low_to:g}, of {number(tail.n)} answers" if low_to > found.scale[0] else f"scored {first}"
    )
    total = found.estimate
    title = f"{name} {reading(total.value, unit)}, and {percent(tail.value)} score low"
    ends = ("0 would not recommend", "10 would recommend") if found.metric == "nps" else ("", "")
    answers = Answers(list(found.histogram.items()), low_to, percent(tail.value, 1), about, ends)
    sheet = f"score-{found.metric}"
    wide, narrow = (histogram(answers, title, Sheet(sheet, form)) for form in FORMS)
    caption = (
        f"{name}: 95% interval {interval(total.low, total.high, unit)}, n {number(total.n)}. "
        f"Low answers: {interval(tail.low, tail.high, 'share')}. Over each column: per cent of the answers."
    )
    return Card(f"{sheet}-card", title, caption, wide, narrow)


def first_days(to_at: str, count: int) -> list[str]:
    """The first day of each of so many weeks that end with the report."""
    end = datetime.fromisoformat(to_at)
    days = [end - timedelta(days=7 * (count - index)) for index in range(count)]
    return [f"{day.day} {day:%b}" for day in days]


def ago(count: int) -> str:
    return "eight weeks ago" if count == TREND_WEEKS else "in the first week"


def band_card(name: str, weeks: Sequence[Spreads], to_at: str, believed: float | None = None) -> Card | None:
    """A distribution week by week: durations, or the answers of a score."""
    labels, known = first_days(to_at, len(weeks)), [week for week in weeks if _known(week)]
    if len(known) < 2:
        return None
    durations = name == ELAPSED
    unit, tenth = ("seconds", "p90") if durations else (_unit_of_answers(known), "p10")
    measured = Measured(unit, "high", believed) if durations else Measured(unit, "low")
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
