"""What is done about a step and what was proven of it: read from plays and experiments below, anew each time."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from nousnous.capabilities.gaps.measures.report import GapReport
from nousnous.experiments.actions.proving import proofs_of_journey
from nousnous.facts.journeys import Step
from nousnous.journeys.matching import names_in
from nousnous.plays.actions.versions import list_plays
from nousnous.workspaces.models import Workspace


def with_tried(report: GapReport, workspace: Workspace) -> GapReport:
    """The report with the newest play that waits for an event of each step, and the newest proof about it."""
    proofs, plays = proofs_of_journey(workspace, report.journey.id), _plays(workspace)

    def tried(rows: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(row, play=_play_of(row.step, plays), proof=proofs.get(row.step.id)) for row in rows)

    segments = tuple(replace(one, steps=tried(one.steps)) for one in report.segments)
    return replace(report, steps=tried(report.steps), segments=segments)


def _plays(workspace: Workspace) -> list[tuple[set[str], dict[str, Any]]]:
    """The events that each play starts on, and what is told of it; those that are on go first."""
    found = []
    for one in sorted(list_plays(workspace), key=lambda play: not play.on):
        definition = one.current.definition
        told = {"id": definition.id, "name": definition.name, "on": one.on}
        found.append((names_in(definition.trigger.starts), told))
    return found


def _play_of(step: Step, plays: list[tuple[set[str], dict[str, Any]]]) -> dict[str, Any] | None:
    mine = names_in(step.matchers)
    return next((told for events, told in plays if events & mine), None)
