"""Cutting a report down to a segment, and splitting it by a property."""

from collections.abc import Iterator
from dataclasses import replace

from nousnous.capabilities.gaps.actions.reading import Sources
from nousnous.capabilities.gaps.measures.assembly import Case, of_part
from nousnous.journeys.parts import Part


def divided(part: Part, sources: Sources) -> Sources:
    """The sources with a column that says in which part of the report each visit and answer belongs."""
    return replace(sources, visits=part.marked(sources.visits), scores=part.marked(sources.scores))


def cut(part: Part, case: Case) -> Case:
    """The case of what is inside the segment."""
    if part.segment is None:
        return case
    return of_part(case, part.values(case.evidence.segments), part.segment)


def rows_of(part: Part, case: Case) -> Iterator[tuple[str, Case]]:
    """The case of each value of the splitting property."""
    for value in part.values(case.evidence.occurring()) if part.by is not None else []:
        yield value, of_part(case, [value], f"{part.by}={value}")
