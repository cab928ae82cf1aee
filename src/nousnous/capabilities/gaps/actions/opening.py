"""Opening a journey to be measured: its version, its kept visits and what they span, at one snapshot."""

from collections.abc import Callable
from dataclasses import dataclass

from nousnous.capabilities.gaps.actions.reading import Sources
from nousnous.facts.journeys import Journey
from nousnous.journeys.actions.versions import journey_of
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.measures import extent_of
from nousnous.journeys.periods import Extent
from nousnous.journeys.windows import start_of_today_us
from nousnous.warehouse.memory import remembered
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
    extent = remembered(kept.source, ("extent", today_us), lambda: extent_of(kept.stored, kept.scores, today_us))
    name, landed_us = str(kept.source), kept.source.landed_us
    sources = Sources(kept.visits, kept.stored, kept.events, kept.scores, name, landed_us)
    return OpenJourney(workspace, journey, sources, extent, timezone)
