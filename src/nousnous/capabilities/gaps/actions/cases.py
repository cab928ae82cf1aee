"""Gathering what one report is made of, evidence, references, wasted time, beliefs, and putting it together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nousnous.capabilities.gaps.actions.parts import cut, divided, rows_of
from nousnous.capabilities.gaps.actions.reading import Coding, Sources, read_candidates, read_evidence
from nousnous.capabilities.gaps.measures.assembly import Case, HeldBelief, journey_row, step_rows
from nousnous.capabilities.gaps.measures.debt import Reference, reference, wasted_time
from nousnous.capabilities.gaps.measures.evidence import Evidence
from nousnous.capabilities.gaps.measures.report import GapReport, SegmentRow
from nousnous.facts.evidence import EvidenceShape
from nousnous.facts.journeys import Journey
from nousnous.journeys.parts import Part, property_and_value
from nousnous.journeys.periods import Extent, Period
from nousnous.journeys.windows import last_full_week, written
from nousnous.warehouse.engine import engine_name


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is to answer about one journey: period, beliefs, and the property that splits or filters it.

    `caps_us` simulates by step position that no active time were longer. `weekly` is the period of the last week that
    closed, on the Monday `weekly_on`. `segments_by_week`: the last weeks of each segment's steps are told, too.
    """

    journey: Journey
    period: Period
    timezone: str
    beliefs: Sequence[HeldBelief] = ()
    split: str | None = None
    caps_us: Mapping[int, int] = field(default_factory=dict)
    found_evidence: Mapping[str, Sequence[EvidenceShape]] = field(default_factory=dict)
    weekly: Period | None = None
    weekly_on: str | None = None
    segments_by_week: bool = True


def gather(sources: Sources, question: Question, extent: Extent) -> Case:
    """Read and measure everything once; the rest of the report is arithmetic."""
    journey, period = question.journey, question.period
    newest_us = period.to_us if extent.newest_us is None else extent.newest_us
    first_us = newest_us if extent.first_us is None else extent.first_us
    read = _read(sources, question, newest_us)
    whole, coding = read[question.split]
    evidence = whole.during(period)
    references = references_of(evidence)
    week = last_full_week(period.to_us, question.timezone)
    seals = [belief.owed_since_us for belief in question.beliefs if belief.owed_since_us is not None]
    reach = Period(min([period.from_us, week.from_us, *seals]), period.to_us)
    candidates = read_candidates(sources.visits, reach, newest_us, references, coding)
    observed_us = min(period.to_us, newest_us + 1) - max(period.from_us, first_us)
    return Case(
        journey=journey,
        period=period,
        evidence=evidence,
        references=references,
        wasted=wasted_time(candidates, question.caps_us),
        observed_us=max(0, observed_us),
        beliefs=question.beliefs,
        interest_week=week,
        found_evidence=question.found_evidence,
        by_belief=_by_belief(question, {name: one for name, (one, _) in read.items()}),
        weekly=whole.during(question.weekly) if question.split is not None and question.weekly is not None else None,
        weekly_on=question.weekly_on,
        timezone=question.timezone,
    )


def _read(sources: Sources, question: Question, newest_us: int) -> dict[str | None, tuple[Evidence, Coding]]:
    """The evidence of the period, and of the last week where a part of it is judged anew, by each property that is
    asked for: all of it is read once.
    """
    period, weekly = question.period, question.weekly
    if question.split is not None and weekly is not None:
        period = Period(min(period.from_us, weekly.from_us), max(period.to_us, weekly.to_us))
    named = (property_and_value(belief.segment)[0] for belief in question.beliefs)
    splits = list(dict.fromkeys([question.split, *(name for name in named if name is not None)]))
    read = read_evidence(sources, question.journey, period, newest_us, splits)
    return dict(zip(splits, read, strict=True))


def _by_belief(question: Question, read: Mapping[str | None, Evidence]) -> dict[str, Evidence]:
    """The evidence of the beliefs about a segment."""
    about = {belief.segment: property_and_value(belief.segment) for belief in question.beliefs if belief.segment}
    found = {told: read[name].of_segment(value).during(question.period) for told, (name, value) in about.items()}
    return {belief.id: found[belief.segment] for belief in question.beliefs if belief.segment}


def references_of(evidence: Evidence) -> list[Reference]:
    """The reference of each step, in the file's order."""
    return [
        reference(evidence.visits.of_step(position), step.owners_us)
        for position, step in enumerate(evidence.journey.steps)
    ]


def report_of(slug: str, sources: Sources, question: Question, extent: Extent, part: Part) -> GapReport:
    """Measure a report; `question.split` is what `part` is split by."""
    case = case_of(sources, question, extent, part)
    return GapReport(
        slug,
        written(question.period.from_us, question.timezone),
        written(question.period.to_us, question.timezone),
        engine_name(),
        sources.name,
        journey_row(case),
        tuple(step_rows(case)),
        part.by,
        part.segment,
        tuple(_segments(rows_of(part, case), by_week=question.segments_by_week)),
        as_of=written(sources.landed_us, question.timezone) if sources.landed_us else None,
    )


def case_of(sources: Sources, question: Question, extent: Extent, part: Part) -> Case:
    """Everything that a report about a part is made of."""
    return cut(part, gather(divided(part, sources), question, extent))


def _segments(rows: Iterable[tuple[str, Case]], *, by_week: bool) -> Iterable[SegmentRow]:
    return (SegmentRow(value, journey_row(case), tuple(step_rows(case, by_week=by_week))) for value, case in rows)
