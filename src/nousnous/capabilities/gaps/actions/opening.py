"""Opening a journey to be measured: its version, its kept visits and what they span, at one snapshot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.gaps.actions.parts import Part
from nousnous.capabilities.gaps.actions.reading import Extent, Sources, extent_of, property_and_value
from nousnous.capabilities.gaps.actions.windows import start_of_today_us
from nousnous.facts.journeys import SEGMENT_PROPERTIES, Journey
from nousnous.journeys.actions.segments import persons_in, segment_of
from nousnous.journeys.actions.versions import journey_of
from nousnous.journeys.actions.visits import kept_visits
from nousnous.workspaces.models import Workspace

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class OpenJourney:
    """A journey with the tables that its measures read, all at one snapshot."""

    workspace: Workspace
    journey: Journey
    sources: Sources
    extent: Extent
    timezone: str

    @property
    def emptiness(self) -> str | None:
        """What is missing, where nothing can be measured yet."""
        if self.extent.last_day_us is not None:
            return None
        if self.extent.newest_us is not None:
            return "No event of a person lies on a day that is over, so there is nothing to report yet."
        return "There are no events in this workspace yet; `nous import events FILE` or a client brings some."


def open_journey(workspace: Workspace, journey_id: str | None, progress: Progress | None = None) -> OpenJourney:
    """The journey of that id, or the only one, with its visits up to date."""
    return opened(workspace, journey_of(workspace, journey_id).journey, progress)


def opened(workspace: Workspace, journey: Journey, progress: Progress | None = None) -> OpenJourney:
    """A journey with its visits up to date."""
    kept = kept_visits(workspace, journey, progress)
    timezone = journey.timezone or workspace.timezone
    today_us = start_of_today_us(timezone)
    extent = extent_of(kept.events, today_us)
    if extent.last_day_us is None:
        extent = replace(extent, last_day_us=_last_answer_us(kept.scores, today_us))
    sources = Sources(kept.visits, kept.stored, kept.events, kept.scores, kept.snapshot, kept.landed_us)
    return OpenJourney(workspace, journey, sources, extent, timezone)


def _last_answer_us(scores: Any, today_us: int) -> int | None:
    """Where people only answered surveys, their answers say which days are over."""
    over = scores.filter((scores.ts_us < today_us) & scores.person_key.notnull())
    found: int | None = over.ts_us.max().to_pyarrow().as_py()
    return found


def part_of(opened: OpenJourney, by: str | None, segment: str | None) -> Part:
    """What `--by` and `--segment` say: a segment with “=” is a property's value, else the name of a saved one."""
    if by and by not in SEGMENT_PROPERTIES:
        known = ", ".join(SEGMENT_PROPERTIES)
        raise Refused(f"Reports cannot be split by “{by}”; choose one of {known}.", Place(field="by"))
    if not segment:
        return Part(by or None)
    if "=" in segment:
        property_and_value(segment)
        return Part(by or None, segment)
    return Part(
        by or None, segment, persons_in(opened.workspace, segment_of(opened.workspace, segment), opened.sources)
    )
