"""The gap report."""

from dataclasses import dataclass

from nousnous.capabilities.gaps.actions.cases import Question, gather
from nousnous.capabilities.gaps.actions.reading import Extent, Sources
from nousnous.capabilities.gaps.actions.windows import written
from nousnous.capabilities.gaps.measures.assembly import Case, journey_row, of_segment, step_rows
from nousnous.capabilities.gaps.measures.report import GapReport, SegmentRow

ENGINE = "duckdb"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the visits a report is about, and whether it is split by the property."""

    by: str | None = None
    segment: str | None = None


def report_of(slug: str, sources: Sources, question: Question, extent: Extent, part: Part) -> GapReport:
    """Measure a report; `question.split` is the property of `part`."""
    newest_us = question.period.to_us if extent.newest_us is None else extent.newest_us
    first_us = newest_us if extent.first_us is None else extent.first_us
    case = gather(sources, question, first_us, newest_us)
    if part.segment is not None:
        case = of_segment(case, *part.segment.split("=", 1))
    return GapReport(
        slug,
        written(question.period.from_us, question.timezone),
        written(question.period.to_us, question.timezone),
        ENGINE,
        sources.name,
        journey_row(case),
        tuple(step_rows(case)),
        part.by,
        part.segment,
        tuple(_segments(case, part.by)) if part.by is not None else (),
    )


def _segments(case: Case, by: str) -> list[SegmentRow]:
    rows = []
    for segment in sorted(case.evidence.segments):
        inside = of_segment(case, by, segment)
        rows.append(SegmentRow(segment, journey_row(inside), tuple(step_rows(inside))))
    return rows
