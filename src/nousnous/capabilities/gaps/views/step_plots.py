"""The charts of one step: how visits ended, how long they took, what people answered, what wasted their time."""

from collections.abc import Sequence
from dataclasses import replace

from nousnous.capabilities.gaps.measures.examples import ExampleVisit, Happening
from nousnous.capabilities.gaps.measures.report import GapReport, StepRow
from nousnous.capabilities.gaps.models import Belief, StoredVerdict
from nousnous.charts.bars import Bar, bars
from nousnous.charts.cards import FORMS, Card, Cell
from nousnous.charts.history import Judged, history
from nousnous.charts.kit import Sheet
from nousnous.charts.spread import Spread, spread
from nousnous.charts.timeline import Moment, timeline
from nousnous.charts.words import (
    VERDICTS,
    capital,
    duration,
    interval,
    number,
    percent,
    rounded,
    signed,
)
from nousnous.facts.journeys import SIGNALS, Step
from nousnous.journeys.catalogue import metric_of
from nousnous.stats.estimate import MINIMUM_PERSONS

MOST_ROWS, HEAD_ROWS = 14, 9
QUANTILES = ("p5", "p10", "p25", "p50", "p75", "p90", "p95")


def outcomes_card(row: StepRow) -> Card:
    """How visits ended, each share with its interval."""
    found, shares = row.visits, row.outcomes
    parts = (
        ("Finished", found.completed, shares["completed"], "exp"),
        ("Failed", found.failed, shares["failed"], "bad"),
        ("Left", found.abandoned, shares["abandoned"], "quiet"),
    )
    rows = [
        Bar(
            name,
            count / found.n if one.value is None else one.value,
            percent(one.value),
            interval(one.low, one.high, "share"),
            f"{name}: {number(count)} of {number(found.n)} visits, {percent(one.value)} "
            f"({interval(one.low, one.high, 'share')})",
            one.low,
            one.high,
            tone=tone,  # type: ignore[arg-type]  # plain words in the tuple above
        )
        for name, count, one, tone in parts
    ]
    title = f"{percent(found.completed / found.n)} of {number(found.n)} visits finish"
    wide, narrow = (bars(rows, title, Sheet("outcomes", form)) for form in FORMS)
    caption = "Left: ended without finishing and without a failure. Thin line: 95% interval."
    still = ("Still open, of all that began", found.open, shares["open"], "")
    table: list[list[Cell]] = [
        [
            (name, False),
            (number(count), True),
            (percent(one.value, 1), True),
            (interval(one.low, one.high, "share"), True),
        ]
        for name, count, one, _ in (*parts, still)
    ]
    columns = [("Outcome", False), ("Visits", True), ("Share", True), ("95% interval", True)]
    return Card("outcomes-card", title, caption, wide, narrow, columns, table)


def duration_card(report: GapReport, row: StepRow) -> Card | None:
    """How long finished visits took, all of them, and by the property that splits the report."""
    if row.elapsed["p50"].value is None:
        return None
    believed = {belief.stated.metric: belief.stated.value for belief in row.beliefs if not belief.segment}
    rows = [_spread("All", row, believed.get("duration_p50"))]
    for segment in report.segments:
        part = next((one for one in segment.steps if one.step.id == row.step.id), None)
        if part is not None and part.elapsed["p50"].value is not None:
            rows.append(_spread(segment.segment, part, None))
    slow = row.elapsed["p90"].value
    title = f"Half of the finished visits take up to {duration(row.elapsed['p50'].value)}"
    tenth = f"The slow tenth takes {duration(slow)} or more. " if slow is not None else ""
    wide, narrow = (spread(rows, "seconds", title, Sheet("spread", form)) for form in FORMS)
    diamond = " Diamond: what the team believes of the median." if "duration_p50" in believed else ""
    caption = (
        f"{tenth}Darker band: the middle half. Pale band: 90 of 100, its end the slow tenth. Line: the median.{diamond}"
    )
    columns = [("Quantile", False), ("Takes up to", True), ("95% interval", True), ("n", True)]
    numbers: list[list[Cell]] = [
        [
            (name, False),
            (duration(row.elapsed[name].value), True),
            (interval(row.elapsed[name].low, row.elapsed[name].high, "seconds"), True),
            (number(row.elapsed[name].n), True),
        ]
        for name in QUANTILES
        if name in row.elapsed
    ]
    return Card("spread-card", title, caption, wide, narrow, columns, numbers)


def _spread(name: str, row: StepRow, believed: float | None) -> Spread:
    found = row.elapsed
    median, slow = found["p50"], found["p90"].value
    sentence = f"{name}: half take up to {duration(median.value)} ({interval(median.low, median.high, 'seconds')})"
    sentence += f", nine of ten up to {duration(slow)}, n {number(median.n)}"
    quantiles = {key: one.value for key, one in found.items()}
    return Spread(name, quantiles, number(median.n), sentence, (median.low, median.high), believed)


def causes_card(row: StepRow) -> Card | None:
    """What wasted the time."""
    found = row.debt.debt
    if not found.causes or not found.hours.value:
        return None
    total = found.hours.value
    rows = []
    for cause in found.causes[:8]:
        share = percent(cause.hours / total)
        sentence = f"{_cause(cause.cause)}: {rounded(cause.hours)} hours, {share} of the time wasted"
        rows.append(Bar(_cause(cause.cause), cause.hours, share, f"{rounded(cause.hours)} h", sentence, tone="bad"))
    rest = found.causes[8:]
    if rest:
        hours = sum(cause.hours for cause in rest)
        sentence = f"{len(rest)} others: {rounded(hours)} hours, {percent(hours / total)} of the time wasted"
        rows.append(
            Bar(f"{len(rest)} others", hours, percent(hours / total), f"{rounded(hours)} h", sentence, tone="quiet")
        )
    title = f"{capital(_cause(found.causes[0].cause))} wastes {rows[0].figure} of the time lost here"
    wide, narrow = (bars(rows, title, Sheet("causes", form)) for form in FORMS)
    caption = (
        "Each wasted second has one cause: the visit’s earliest failure or signal of frustration. "
        f"Together {rounded(total)} hours in the period"
        + (
            f", 95% interval {rounded(found.hours.low)} to {rounded(found.hours.high)}."
            if found.hours.low is not None
            else "."
        )
    )
    return Card("causes-card", title, caption, wide, narrow)


def _cause(text: str) -> str:
    return "Slower than the owner allows" if text == "slow" else text


def history_card(belief: Belief, verdicts: Sequence[StoredVerdict]) -> Card | None:
    """What was judged of one belief, Monday by Monday."""
    if len(verdicts) < 2:
        return None
    metric = metric_of(belief.metric)
    unit = "points" if verdicts[-1].unit == "points" else "%"
    weeks = []
    for one in verdicts[-26:]:
        day = one.closed_on
        label = f"{day.day} {day:%b}"
        said = f"gap {signed(one.gap_value)} {unit} ({signed(one.gap_low)} to {signed(one.gap_high)})"
        said += f", {VERDICTS[one.verdict]}"
        few = f"n {number(one.n)}, too few"
        sentence = f"Week closed on {label}: {few if one.gap_value is None else said}"
        weeks.append(Judged(label, one.gap_value, one.gap_low, one.gap_high, one.verdict, sentence))
    title = f"{metric.name}, {belief.author}: {VERDICTS[verdicts[-1].verdict]}{_since(verdicts)}"
    sheet = f"history-{belief.id}"
    wide, narrow = (history(weeks, 100 * belief.tolerance, title, Sheet(sheet, form)) for form in FORMS)
    caption = (
        f"Gap in {unit} for the 90 days before each Monday, with its 95% interval. Plus is bad news. "
        "Band: what the team would call right."
    )
    return Card(f"{sheet}-card", title, caption, wide, narrow)


def _since(verdicts: Sequence[StoredVerdict]) -> str:
    last = verdicts[-1].verdict
    since = verdicts[-1]
    for one in reversed(verdicts):
        if one.verdict != last:
            return f" since {since.closed_on.day} {since.closed_on:%b}"
        since = one
    return " in all weeks"


def visit_card(visit: ExampleVisit, index: int, step: Step) -> Card:
    """One visit, event by event."""
    took = duration((visit.ended_us - visit.opened_us) / 1e6)
    outcome = {"completed": "finished", "failed": "failed", "abandoned": "left"}[visit.outcome]
    wasted = f", {duration(visit.wasted_us / 1e6)} wasted" if visit.wasted_us else ""
    title = f"{capital(outcome)} after {took}{wasted}"
    failing = {event for matcher in step.fails for event in matcher.events}
    moments = _shortened([_moment(one, place, visit, failing) for place, one in enumerate(visit.happenings)])
    wide, narrow = (timeline(moments, title, Sheet(f"visit-{index}", form)) for form in FORMS)
    about = [visit.country or "", visit.channel or "", f"{number(visit.cut)} events left out" if visit.cut else ""]
    return Card(f"visit-{index}-card", title, ", ".join(one for one in about if one), wide, narrow)


def _shortened(moments: Sequence[Moment]) -> list[Moment]:
    """The same event again and again stands once with its count; of what is still long the middle is left out."""
    runs: list[list[Moment]] = []
    for one in moments:
        if runs and one.kind == "event" and (one.name, one.place, one.kind) == _what(runs[-1][-1]):
            runs[-1].append(one)
        else:
            runs.append([one])
    found = [replace(run[0], name=f"{run[0].name} × {len(run)}") if len(run) > 1 else run[0] for run in runs]
    if len(found) <= MOST_ROWS:
        return found
    left_out = found[HEAD_ROWS : HEAD_ROWS - MOST_ROWS + 1]
    middle = Moment(left_out[0].after_s, f"{len(left_out)} more", "", "event")
    return [*found[:HEAD_ROWS], middle, *found[HEAD_ROWS - MOST_ROWS + 1 :]]


def _what(moment: Moment) -> tuple[str, str, str]:
    return moment.name, moment.place, moment.kind


def _moment(one: Happening, place: int, visit: ExampleVisit, failing: set[str]) -> Moment:
    last = place == len(visit.happenings) - 1
    kind = (
        "signal"
        if one.event in SIGNALS
        else "failure"
        if one.cause or one.event in failing
        else "start"
        if place == 0
        else "event"
    )
    if kind == "event" and last and visit.outcome == "completed":
        kind = "completion"
    return Moment(one.offset_us / 1e6, one.event, one.element or one.screen or "", kind)  # type: ignore[arg-type]  # words above


def enough_seen(row: StepRow) -> bool:
    return row.visits.n >= MINIMUM_PERSONS
