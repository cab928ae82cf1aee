"""A report with what became of the people in it: of each step, of the journey, and of each of its segments."""

from collections.abc import Sequence
from dataclasses import replace

from nousnous.capabilities.gaps.measures.consequence import consequence, multiplied
from nousnous.capabilities.gaps.measures.debt import Reference
from nousnous.capabilities.gaps.measures.following import Followed
from nousnous.capabilities.gaps.measures.report import GapReport, JourneyRow, SegmentRow, StepRow
from nousnous.capabilities.gaps.measures.visits import SECOND_US


def with_afterwards(report: GapReport, followed: Followed) -> GapReport:
    """The report with its consequences; `followed` is of all that is in it, told apart as it is."""
    journey, steps = _told(report.journey, report.steps, followed)
    return replace(
        report, journey=journey, steps=steps, segments=tuple(_segment(one, followed) for one in report.segments)
    )


def references_in(report: GapReport) -> list[Reference]:
    """The reference of each step that the report was made with, in the file's order."""
    found = {row.step.id: row.debt.reference_s for row in report.steps}
    return [_reference(step.owners_us, found[step.id]) for step in report.journey.steps]


def _reference(owners_us: int | None, reference_s: float | None) -> Reference:
    return Reference(owners_us, None if reference_s is None else round(reference_s * SECOND_US))


def _segment(row: SegmentRow, followed: Followed) -> SegmentRow:
    journey, steps = _told(row.journey, row.steps, followed.of_values([row.segment]))
    return SegmentRow(row.segment, journey, steps)


def _told(journey: JourneyRow, steps: Sequence[StepRow], followed: Followed) -> tuple[JourneyRow, tuple[StepRow, ...]]:
    currency = journey.debt.currency
    places = {step.id: position for position, step in enumerate(journey.steps)}
    rows = (replace(row, consequence=consequence(followed, places[row.step.id], currency)) for row in steps)
    return replace(journey, frictions=multiplied(followed, currency)), tuple(rows)
