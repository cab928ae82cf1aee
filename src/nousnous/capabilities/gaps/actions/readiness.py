"""Whether the journeys of a workspace are ready to be improved."""

from nousnous.capabilities.gaps.actions.opening import OpenJourney, opened
from nousnous.capabilities.gaps.actions.reading import read_visits
from nousnous.capabilities.gaps.measures.readiness import Readiness, Standing, readiness
from nousnous.capabilities.gaps.models import Belief
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.models import JourneyVersion
from nousnous.journeys.periods import Period
from nousnous.journeys.windows import Window, period_of
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace


def readiness_of(workspace: Workspace) -> tuple[Readiness, ...]:
    """People, process, platform and participation of each journey, and what to do next."""
    return tuple(_of_journey(workspace, version) for version in list_journeys(workspace))


def _of_journey(workspace: Workspace, version: JourneyVersion) -> Readiness:
    journey, snapshot = version.journey, lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    asked = ("steps seen", version.pk, basis_of(workspace))
    seen = remembered(snapshot, asked, lambda: _seen_of(opened(workspace, journey)))
    beliefs = list(Belief.objects.of_journey(workspace, journey.id).current())
    believed = {belief.step for belief in beliefs}
    sealed = {belief.step for belief in beliefs if belief.sealed_at is not None}
    return readiness(journey, Standing(seen, believed, sealed))


def _seen_of(found: OpenJourney) -> dict[str, int]:
    """Visits and answers of each step."""
    period = period_of(Window(), found.extent.last_day_us, found.timezone)
    (visits,), _ = read_visits(found.sources.visits, period, found.extent.newest_us or 0)
    seen = {step.id: int((visits.step == position).sum()) for position, step in enumerate(found.journey.steps)}
    for step in _answered(found, period):
        seen[step] = seen.get(step, 0) + 1
    return seen


def _answered(found: OpenJourney, period: Period) -> list[str]:
    """The steps that people answered a survey about: these need no visits."""
    scores = found.sources.scores
    inside = scores.filter((scores.ts_us >= period.from_us) & (scores.ts_us < period.to_us) & scores.step.notnull())
    answered: list[str] = inside.select("step").distinct().to_pyarrow()["step"].to_pylist()
    return answered
