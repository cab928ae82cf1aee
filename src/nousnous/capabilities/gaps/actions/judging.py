"""Judging the weeks that closed: by the calendar, after an import, and on demand."""

from collections.abc import Callable
from typing import Final

from nousnous.capabilities.gaps.actions.opening import opened
from nousnous.capabilities.gaps.actions.verdicts import Weeks, closed_weeks, judge
from nousnous.capabilities.gaps.models import Belief
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.models import JourneyVersion
from nousnous.runs.registry import Advance, Work
from nousnous.runs.schedules import keep_schedule
from nousnous.workspaces.models import Workspace

VERDICTS_RUN: Final = "gaps.verdicts"
MONDAY_MIDNIGHT: Final = "0 0 * * 1"
WEEKS_AT_ONCE: Final = 13


def keep_weekly(workspace: Workspace) -> None:
    """Judge a workspace whenever its week closes."""
    keep_schedule(
        f"verdicts-{workspace.id}",
        MONDAY_MIDNIGHT,
        VERDICTS_RUN,
        timezone=workspace.timezone,
        workspace_id=workspace.id,
    )


def keep_all_weekly() -> None:
    """Judge every workspace that has a journey, in its own time zone."""
    having = JourneyVersion.objects.standing().values("workspace")
    for workspace in Workspace.objects.filter(pk__in=having):
        keep_weekly(workspace)


def judge_weeks(workspace: Workspace, progress: Callable[[float], None] | None = None) -> int:
    """Store the verdicts of all weeks that closed and have none yet; those that stand stay. Returns how many."""
    stored = 0
    for version in list_journeys(workspace):
        beliefs = list(Belief.objects.of_journey(workspace, version.journey_id).current())
        if not beliefs:
            continue
        found = opened(workspace, version.journey, progress)
        mondays = closed_weeks(found.extent, found.timezone)
        for start in range(0, len(mondays), WEEKS_AT_ONCE):
            weeks = Weeks(mondays[start : start + WEEKS_AT_ONCE], found.timezone, found.extent.newest_us or 0)
            stored += judge(found.sources, found.journey, beliefs, weeks)
    return stored


def perform_verdicts(work: Work) -> Advance:
    """The run of a week that closed, of a finished import, and of a journey that was applied."""
    workspace = Workspace.objects.filter(id=work.workspace_id).first()
    if workspace is not None:
        keep_weekly(workspace)
        judge_weeks(workspace)
    return Advance()
