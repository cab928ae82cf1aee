"""Keeping fixes, and proving them: by their random half where there is one, else beside what was not fixed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import ibis

from nousnous.base import clock
from nousnous.base.errors import Missing, Place, Refused
from nousnous.experiments.actions.keeping import list_experiments
from nousnous.experiments.actions.reading import day_of, read_experiment
from nousnous.experiments.definition import StepGoal
from nousnous.experiments.fixes import FixDefinition, parse_fix
from nousnous.experiments.measures.proofs import WEEK_US, Panel, Proof, ProofShape, by_week, panel_of, proof, told
from nousnous.experiments.models import ExperimentVersion, Fix, FixShape
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.journeys import Journey
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.versions import journey_of, list_journeys
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.catalogue import metric_of
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace


class ProvenShape(FixShape):
    found: str
    read_on: str
    random_half: str | None
    proof: ProofShape


@dataclass(frozen=True, slots=True)
class Proven:
    """A fix as it stands: one sentence, and what it rests on; a random half goes before a comparison."""

    fix: Fix
    definition: FixDefinition
    sentence: str
    found: Proof
    half: str | None
    read_on: str

    def as_dict(self) -> ProvenShape:
        return {
            **self.fix.as_dict(),
            "found": self.sentence,
            "read_on": self.read_on,
            "random_half": self.half,
            "proof": self.found.as_dict(),
        }


def apply_fix(workspace: Workspace, text: str, file: str | None, actor: str) -> Fix:
    """Keep a fix under the id that its text says."""
    definition = parse_fix(text, file)
    steps = {step.id for step in journey_of(workspace, definition.journey).journey.steps}
    if definition.step not in steps:
        raise Refused(f"There is no step “{definition.step}” in {definition.journey}.", Place(file, field="fix.step"))
    standing = Fix.objects.filter(workspace=workspace, fix_id=definition.id).first()
    if standing is not None and standing.text == text:
        return standing
    fix, _ = Fix.objects.update_or_create(
        workspace=workspace,
        fix_id=definition.id,
        defaults={
            "name": definition.name[:200],
            "journey": definition.journey,
            "step": definition.step,
            "text": text,
            "actor": actor,
            "changed_at": clock.now(),
        },
    )
    audit(workspace, actor, "apply fix", definition.id)
    return fix


def list_fixes(workspace: Workspace) -> list[Fix]:
    return list(Fix.objects.filter(workspace=workspace))


def fix_of(workspace: Workspace, fix: str) -> Fix:
    """The fix of that id."""
    found = Fix.objects.filter(workspace=workspace, fix_id=fix).first()
    if found is None:
        raise Missing(f"There is no fix “{fix}” in this workspace.")
    return found


def prove_fix(workspace: Workspace, fix: str) -> Proven:
    """What a fix did: its baseline begins when its step had been chosen, and ends when it shipped."""
    standing = fix_of(workspace, fix)
    definition = standing.definition
    shipped = workspace.instant(definition.shipped)
    read_on = day_of(workspace, clock.to_us(shipped + timedelta(weeks=definition.weeks)))
    found = proof(_panel(workspace, definition), definition.direction)
    half = ExperimentVersion.objects.of(workspace).filter(experiment_id=definition.experiment).exists()
    journey = journey_of(workspace, definition.journey).journey
    step = next((one.name for one in journey.steps if one.id == definition.step), definition.step)
    others = "other countries" if definition.countries else "other steps"
    said = told(found, f"{metric_of(definition.metric).name.lower()} at {step}", others)
    if half:
        said = read_experiment(workspace, definition.experiment).sentence
    return Proven(standing, definition, said, found, definition.experiment if half else None, read_on)


def proofs_of_journey(workspace: Workspace, journey: str) -> dict[str, dict[str, Any]]:
    """What was tried at each step of a journey: its newest fix, else the newest experiment that measures it."""
    found = {
        goal.step: {"kind": "experiment", "id": one.definition.id, "name": one.version.name, "status": one.status}
        for one in reversed(list_experiments(workspace))
        for goal in one.definition.goals
        if isinstance(goal, StepGoal) and goal.journey in {None, journey}
    }
    fixes = Fix.objects.filter(workspace=workspace, journey=journey).order_by("changed_at")
    return found | {
        one.step: {"kind": "fix", "id": one.fix_id, "name": one.name, "status": _status(workspace, one)}
        for one in fixes
    }


def _status(workspace: Workspace, fix: Fix) -> str:
    definition = fix.definition
    shipped = workspace.instant(definition.shipped)
    if clock.now() < shipped:
        return "planned"
    return "running" if clock.now() < shipped + timedelta(weeks=definition.weeks) else "ended"


def _panel(workspace: Workspace, definition: FixDefinition) -> Panel:
    """Whole weeks back from the day it shipped to the choice, and onwards as far as they are over."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS)
    return remembered(snapshot, ("panel", definition, basis_of(workspace)), lambda: _weeks(workspace, definition))


def _weeks(workspace: Workspace, definition: FixDefinition) -> Panel:
    shipped_us = clock.to_us(workspace.instant(definition.shipped))
    before = int((shipped_us - clock.to_us(workspace.instant(definition.chosen))) // WEEK_US)
    seen = int(max(0, min(definition.weeks, (clock.now_us() - shipped_us) // WEEK_US)))
    span = (shipped_us - before * WEEK_US, shipped_us + seen * WEEK_US)
    weeks, rows = (before, seen, definition.weeks), []
    if not definition.countries:
        for version in list_journeys(workspace):
            rows += _rows(workspace, version.journey, definition, span)
        return panel_of(rows, [f"{definition.journey}/{definition.step}"], weeks)
    rows = _rows(workspace, journey_of(workspace, definition.journey).journey, definition, span)
    return panel_of(rows, list(definition.countries), weeks)


def _rows(
    workspace: Workspace, journey: Journey, definition: FixDefinition, span: tuple[int, int]
) -> list[tuple[str, int, int, int]]:
    """Closed visits by week: of each step of a journey, or of the fixed step by country."""
    kept = kept_visits(workspace, journey)
    newest_us = int(kept.events.ts_us.max().to_pyarrow().as_py() or 0)
    moments = (*span, newest_us)
    if definition.countries:
        place = next(place for place, one in enumerate(journey.steps) if one.id == definition.step)
        visits = kept.visits.filter(kept.visits.step == place)
        table = by_week(visits, definition.metric, lambda rows: ibis.coalesce(rows.country, "unknown"), moments)
        return [(one["unit"], one["week"], one["n"], one["k"]) for one in table.to_pyarrow().to_pylist()]
    table = by_week(kept.visits, definition.metric, lambda rows: rows.step, moments)
    return [
        (f"{journey.id}/{journey.steps[one['unit']].id}", one["week"], one["n"], one["k"])
        for one in table.to_pyarrow().to_pylist()
    ]
