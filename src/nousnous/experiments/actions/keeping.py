"""Keeping experiments version by version, and finding them again."""

from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Place, Refused
from nousnous.base.shapes import Moment
from nousnous.experiments.assigning import WHOLE, free_part
from nousnous.experiments.definition import ExperimentDefinition, StepGoal, parse_experiment
from nousnous.experiments.models import Ending, ExperimentVersion, ExperimentVersionShape, Slice
from nousnous.journeys.actions.segments import segment_of
from nousnous.journeys.actions.versions import journey_of, list_journeys
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

Status = Literal["planned", "running", "ended"]


class VariantShape(TypedDict):
    id: str
    name: str
    weight: float


class ExperimentShape(ExperimentVersionShape):
    """An experiment as it stands; `part` is its part of everybody, from 0 to 1."""

    status: str
    start: Moment
    end: Moment | None
    stopped: bool
    variants: list[VariantShape]
    part: list[float]


@dataclass(frozen=True, slots=True)
class Standing:
    """An experiment as it stands: its current version, its part of the people, and when it runs (end None: open)."""

    version: ExperimentVersion
    definition: ExperimentDefinition
    part: tuple[float, float]
    start_us: int
    end_us: int | None
    stopped: bool

    @property
    def status(self) -> Status:
        moment_us = clock.now_us()
        if moment_us < self.start_us:
            return "planned"
        return "ended" if self.end_us is not None and moment_us >= self.end_us else "running"

    def as_dict(self) -> ExperimentShape:
        ends = None if self.end_us is None else clock.from_us(self.end_us).isoformat()
        return {
            **self.version.as_dict(),
            "status": self.status,
            "start": clock.from_us(self.start_us).isoformat(),
            "end": ends,
            "stopped": self.stopped,
            "variants": [{"id": one.id, "name": one.name, "weight": one.weight} for one in self.definition.variants],
            "part": list(self.part),
        }


def apply_experiment(workspace: Workspace, text: str, file: str | None, actor: str) -> Standing:
    """Make a text the current version of its experiment; once it has started, only name, note and planning change."""
    definition = parse_experiment(text, file)
    _check(workspace, definition, file)
    with transaction.atomic():
        newest = ExperimentVersion.objects.of(workspace).filter(experiment_id=definition.id).first()
        if newest is not None and newest.text == text:
            return _standing(newest)
        if newest is not None:
            _check_unchanged(newest, definition)
        version = ExperimentVersion.objects.create(
            workspace=workspace,
            experiment_id=definition.id,
            number=newest.number + 1 if newest else 1,
            name=definition.name[:200],
            text=text,
            actor=actor,
        )
        _take_part(workspace, definition)
        audit(workspace, actor, "apply experiment", f"{definition.id} version {version.number}")
    return _standing(version)


def list_experiments(workspace: Workspace) -> list[Standing]:
    """Running ones first, then planned ones, then those that ended; newest first among each."""
    found = [_standing(version) for version in ExperimentVersion.objects.of(workspace).current()]
    order = ("running", "planned", "ended")
    return sorted(found, key=lambda one: (order.index(one.status), -one.start_us, one.version.experiment_id))


def experiment_of(workspace: Workspace, experiment: str) -> Standing:
    """The current version of an experiment."""
    found = ExperimentVersion.objects.of(workspace).filter(experiment_id=experiment).first()
    if found is None:
        raise Missing(f"There is no experiment “{experiment}” in this workspace.")
    return _standing(found)


def list_versions(workspace: Workspace, experiment: str) -> list[ExperimentVersion]:
    """All versions of an experiment, newest first."""
    found = list(ExperimentVersion.objects.of(workspace).filter(experiment_id=experiment))
    if not found:
        raise Missing(f"There is no experiment “{experiment}” in this workspace.")
    return found


def end_experiment(workspace: Workspace, experiment: str, actor: str) -> Standing:
    """End a running experiment now: nobody is assigned any more, and it is read always-valid."""
    standing = experiment_of(workspace, experiment)
    if standing.status != "running":
        raise Conflict(f"{standing.version.name} is {standing.status}; only a running experiment can be ended.")
    Ending.objects.get_or_create(workspace=workspace, experiment_id=experiment, defaults={"actor": actor})
    audit(workspace, actor, "end experiment", experiment)
    return experiment_of(workspace, experiment)


def _standing(version: ExperimentVersion) -> Standing:
    definition, workspace = version.definition, version.workspace
    same = {"workspace": workspace, "experiment_id": version.experiment_id}
    start = definition.start
    if start is None:
        first = ExperimentVersion.objects.filter(**same).last()
        start = (first or version).applied_at
    end_us = None if definition.end is None else clock.to_us(workspace.instant(definition.end))
    ending = Ending.objects.filter(**same).first()
    if ending is not None:
        end_us = min(clock.to_us(ending.ended_at), end_us or clock.to_us(ending.ended_at))
    part = Slice.objects.filter(**same).first()
    taken = (part.low, part.high) if part else WHOLE
    return Standing(version, definition, taken, clock.to_us(workspace.instant(start)), end_us, ending is not None)


def _check(workspace: Workspace, definition: ExperimentDefinition, file: str | None) -> None:
    """What it names is there: its segment, and the steps of its metrics."""
    if definition.segment:
        segment_of(workspace, definition.segment)
    for goal in (*definition.goals, *definition.guards):
        if isinstance(goal, StepGoal):
            journey_of_goal(workspace, goal, file)


def journey_of_goal(workspace: Workspace, goal: StepGoal, file: str | None = None) -> Any:
    """The version of the journey that has the step of a metric."""
    versions = [journey_of(workspace, goal.journey)] if goal.journey else list_journeys(workspace)
    having = [one for one in versions if goal.step in {step.id for step in one.journey.steps}]
    if not having:
        raise Refused(f"There is no step “{goal.step}”.", Place(file, field="step"))
    if len(having) > 1:
        names = ", ".join(one.journey_id for one in having)
        raise Refused(f"Say which journey has the step “{goal.step}”: {names}.", Place(file, field="journey"))
    return having[0]


def _check_unchanged(newest: ExperimentVersion, definition: ExperimentDefinition) -> None:
    if _standing(newest).status != "planned" and newest.definition.frozen != definition.frozen:
        raise Conflict(
            f"{newest.name} has started: arms, people, dates and metrics stay as they are. "
            "End it, and apply the change under a new id."
        )


def _take_part(workspace: Workspace, definition: ExperimentDefinition) -> None:
    """Take a free part of the group's people; what ended gives its part back."""
    Slice.objects.filter(workspace=workspace, experiment_id=definition.id).delete()
    if not definition.assigned_here or (definition.traffic == 1 and not definition.group):
        return
    if not definition.group:
        part: tuple[float, float] | None = (0.0, definition.traffic)
    else:
        others = Slice.objects.filter(workspace=workspace, group=definition.group)
        taken = [one for one in others if experiment_of(workspace, one.experiment_id).status != "ended"]
        part = free_part([(one.low, one.high) for one in taken], definition.traffic)
    if part is None:
        raise Conflict(
            f"The group “{definition.group}” has no {100 * definition.traffic:g} % of people left: lower “traffic”, "
            "or wait until another of its experiments ends."
        )
    Slice.objects.create(
        workspace=workspace,
        experiment_id=definition.id,
        group=definition.group,
        low=part[0],
        high=part[1],
    )
