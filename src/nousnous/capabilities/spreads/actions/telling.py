"""Telling the map which screens stand behind low answers: as evidence of steps, when a week closes."""

from typing import Final

from nousnous.base import clock
from nousnous.capabilities.spreads.actions.reading import open_scores
from nousnous.capabilities.spreads.actions.screens import all_guilt
from nousnous.capabilities.spreads.measures.guilt import about_step, sentence
from nousnous.facts.evidence import EvidenceFound
from nousnous.facts.journeys import Journey
from nousnous.journeys.actions.evidence import keep_found
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.models import JourneyVersion
from nousnous.journeys.windows import Asked, last_monday, window_before
from nousnous.runs.registry import Advance, Work
from nousnous.runs.schedules import keep_schedule
from nousnous.workspaces.models import Workspace

SCREENS_RUN: Final = "spreads.screens"
MONDAY_MORNING: Final = "20 0 * * 1"
ACTOR: Final = "spreads"
SCREEN: Final = "screen"


def tell_screens(workspace: Workspace) -> int:
    """Keep the guilty screens of the 90 days before the last Monday as evidence; answers how many there are.

    Once a week and not at each answer: a true nothing that is looked at daily is named sooner or later.
    """
    told = 0
    for version in list_journeys(workspace):
        found = _found(workspace, version.journey)
        keep_found(workspace, version.journey_id, SCREEN, found, ACTOR)
        told += len(found)
    return told


def _found(workspace: Workspace, journey: Journey) -> list[EvidenceFound]:
    timezone = journey.timezone or workspace.timezone
    period = window_before(last_monday(clock.now_us(), timezone), timezone)
    opened = open_scores(workspace, Asked(journey.id), period)
    names = {step.id: step.name for step in journey.steps}
    found: dict[tuple[str, str], EvidenceFound] = {}
    for answered, screens in all_guilt(opened, period):
        for screen in screens.guilty:
            said = sentence(screen, about_step(names[answered.step]))
            evidence = EvidenceFound(
                journey.id, answered.step, SCREEN, screen.screen[:500], weight=screen.low.value or 0.0, felt=said
            )
            found.setdefault((answered.step, evidence.reference), evidence)
    return list(found.values())


def keep_weekly(workspace: Workspace) -> None:
    """Tell of a workspace's screens whenever its week closes."""
    keep_schedule(
        f"screens-{workspace.id}", MONDAY_MORNING, SCREENS_RUN, timezone=workspace.timezone, workspace_id=workspace.id
    )


def keep_all_weekly() -> None:
    """Tell of the screens of every workspace that has a journey, in its own time zone."""
    having = JourneyVersion.objects.standing().values("workspace")
    for workspace in Workspace.objects.filter(pk__in=having):
        keep_weekly(workspace)


def perform_screens(work: Work) -> Advance:
    """The run of a week that closed, of a finished import, and of a journey that was applied."""
    workspace = Workspace.objects.filter(id=work.workspace_id).first()
    if workspace is not None:
        keep_weekly(workspace)
        tell_screens(workspace)
    return Advance()
