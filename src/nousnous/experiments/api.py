"""Experiments and flags in the API."""

from typing import TypedDict

from ninja import Field, Router, Schema

from nousnous.base.shapes import Items
from nousnous.experiments.actions import flags, keeping, planning, proving, reading
from nousnous.experiments.models import FixShape
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["experiments"])


class ExperimentText(Schema):
    text: str = Field(..., description="The TOML, as in the file.")


class Person(Schema):
    user_id: str = Field("", max_length=500, description="The person's known id; else give `anonymous_id`.")
    anonymous_id: str = Field("", max_length=500)
    country: str | None = Field(None, max_length=100)
    experiment: str = Field("", max_length=120, description="Only this one.")


class ListedShape(keeping.ExperimentShape):
    persons: dict[str, int]


class SeenShape(TypedDict):
    id: str
    persons: dict[str, int]


class ExperimentsShape(TypedDict):
    """Experiments, and those that only events name."""

    items: list[ListedShape]
    seen: list[SeenShape]


class ExperimentTextShape(keeping.ExperimentShape):
    text: str


class PlannedShape(ExperimentTextShape):
    plan: list[planning.PlanShape]


class ArmsShape(TypedDict):
    """By experiment, the arm."""

    arms: dict[str, str]


class FixTextShape(FixShape):
    text: str


@router.get("/experiments")
@permission("experiments:read")
def list_experiments(request: WorkspaceRequest) -> ExperimentsShape:
    """The experiments of the workspace, and those that only events name."""
    found = keeping.list_experiments(request.workspace)
    seen = reading.list_seen(request.workspace)
    persons = {one.definition.id: seen.pop(one.definition.id, {"arms": {}})["arms"] for one in found}
    return {
        "items": [{**one.as_dict(), "persons": persons[one.definition.id]} for one in found],
        "seen": [{"id": name, "persons": one["arms"]} for name, one in sorted(seen.items())],
    }


@router.post("/experiments")
@permission("experiments:write")
def apply_experiment(request: WorkspaceRequest, text: ExperimentText) -> ExperimentTextShape:
    """Make a text the current version of the experiment whose id it says."""
    return _whole(keeping.apply_experiment(request.workspace, text.text, None, request.access.actor))


@router.get("/experiments/{path:experiment}/readout")
@permission("experiments:read")
def read_experiment(request: WorkspaceRequest, experiment: str) -> reading.ReadoutShape:
    """What an experiment says now, also one that only events name, such as a play's holdout."""
    return reading.read_experiment(request.workspace, experiment).as_dict()


@router.post("/experiments/{path:experiment}/end")
@permission("experiments:write")
def end_experiment(request: WorkspaceRequest, experiment: str) -> keeping.ExperimentShape:
    """End a running experiment now: nobody is assigned any more."""
    return keeping.end_experiment(request.workspace, experiment, request.access.actor).as_dict()


@router.get("/experiments/{path:experiment}")
@permission("experiments:read")
def get_experiment(request: WorkspaceRequest, experiment: str) -> PlannedShape:
    """An experiment as its text, and what it can show by the workspace's own last 28 days."""
    found = keeping.experiment_of(request.workspace, experiment)
    plans = planning.plans_of(request.workspace, found.definition, found)
    return {**_whole(found), "plan": [one.as_dict() for one in plans]}


@router.get("/flags")
@permission("experiments:read")
def get_flags(request: WorkspaceRequest, user_id: str = "", anonymous_id: str = "", country: str = "") -> ArmsShape:
    """The arms that somebody would be in; nothing is noted."""
    return {"arms": flags.arms_of(request.workspace.id, flags.asking_of(user_id, anonymous_id, country))}


@router.post("/flags")
@permission("events:write")
def assign(request: WorkspaceRequest, person: Person) -> ArmsShape:
    """Assign somebody, and note that they saw it: once, however often it is asked."""
    asking = flags.asking_of(person.user_id, person.anonymous_id, person.country or "")
    return {"arms": flags.expose(request.workspace, asking, person.experiment)}


def _whole(found: keeping.Standing) -> ExperimentTextShape:
    return {**found.as_dict(), "text": found.version.text}


@router.get("/fixes")
@permission("experiments:read")
def list_fixes(request: WorkspaceRequest) -> Items[FixShape]:
    """The fixes of the workspace, newest first."""
    return {"items": [one.as_dict() for one in proving.list_fixes(request.workspace)]}


@router.post("/fixes")
@permission("experiments:write")
def apply_fix(request: WorkspaceRequest, text: ExperimentText) -> FixTextShape:
    """Keep a fix under the id that its text says."""
    kept = proving.apply_fix(request.workspace, text.text, None, request.access.actor)
    return {**kept.as_dict(), "text": kept.text}


@router.get("/fixes/{fix}")
@permission("experiments:read")
def prove_fix(request: WorkspaceRequest, fix: str) -> proving.ProvenShape:
    """A fix with what is proven of it: proof, association, or neither."""
    return proving.prove_fix(request.workspace, fix).as_dict()
