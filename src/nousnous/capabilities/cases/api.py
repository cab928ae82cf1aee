"""Cases in the API: open, claim and close them, the war room, rotas, and what became of those who were called."""

from typing import TypedDict

from ninja import Field, Query, Router, Schema

from nousnous.base.shapes import Items, Page
from nousnous.capabilities.cases.actions import opening, reading, rescues, rotas, working
from nousnous.capabilities.cases.actions.sheets import SheetShape, sheet_of
from nousnous.capabilities.cases.measures.rota import RotaShape, words_of
from nousnous.capabilities.cases.models import Case, CaseShape
from nousnous.stats.estimate import EstimateShape
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["cases"])


class CaseBody(Schema):
    person: str = Field(..., min_length=1, max_length=500, description="An id of theirs, as it was sent.")
    said: str = Field(..., min_length=1, max_length=2_000, description="What happened.")
    team: str = Field("", max_length=60, description="Id of a rota; the only one where there is one.")


class ClosingBody(Schema):
    cause: str = Field(..., min_length=1, max_length=200, description="The root cause.")
    resolved: bool = Field(..., description="Whether they say that it is resolved.")
    journey: str = Field("", max_length=200, description="Where the cause lies, with its step.")
    step: str = Field("", max_length=200, description="The step in which the cause lies.")


class RotaBody(Schema):
    text: str = Field(..., max_length=100_000, description="The rota as TOML.")


class OpenedCaseShape(CaseShape):
    fresh: bool


class CaseWithSheetShape(CaseShape):
    sheet: SheetShape


class ResultsShape(TypedDict):
    recovery: EstimateShape
    causes: list[reading.Loop]
    rescues: list[rescues.RescueShape]


class RotaTextShape(RotaShape):
    text: str


@router.get("/cases")
@permission("cases:read")
def list_cases(request: WorkspaceRequest, paging: Query[Paging], state: str = "") -> Page[CaseShape]:
    """Cases, newest first; of one state or of all."""
    rows = Case.objects.of(request.workspace)
    return page_of(rows.filter(state=state) if state else rows, paging, lambda one: one.as_dict())


@router.post("/cases")
@permission("cases:write")
def open_case(request: WorkspaceRequest, body: CaseBody) -> OpenedCaseShape:
    """Open a case by hand; who has one keeps it."""
    actor = request.access.actor
    case, fresh = opening.open_by_hand(request.workspace, body.person, body.said, body.team, actor)
    return {**case.as_dict(), "fresh": fresh}


@router.get("/cases/room")
@permission("cases:read")
def room(request: WorkspaceRequest) -> reading.RoomShape:
    """The war room: who stands open, what they have in common, the money at stake."""
    return reading.war_room(request.workspace).as_dict()


@router.get("/cases/results")
@permission("cases:read")
def results(request: WorkspaceRequest) -> ResultsShape:
    """Whether being called helps: recovery, root causes, and each play beside whom it held out."""
    return {
        "recovery": reading.read_recovery(request.workspace).as_dict(),
        "causes": reading.list_causes(request.workspace),
        "rescues": [one.as_dict() for one in rescues.read_rescues(request.workspace)],
    }


@router.get("/cases/rotas")
@permission("cases:read")
def list_rotas(request: WorkspaceRequest) -> Items[RotaTextShape]:
    """The rotas with their texts."""
    rows = rotas.list_rotas(request.workspace)
    return {"items": [{**words_of(one.definition), "text": one.text} for one in rows]}


@router.post("/cases/rotas")
@permission("cases:write")
def apply_rota(request: WorkspaceRequest, body: RotaBody) -> RotaShape:
    """Keep a text as the rota that it names."""
    return words_of(rotas.apply_rota(request.workspace, body.text, None, request.access.actor).definition)


@router.get("/cases/{case}")
@permission("cases:read")
def get_case(request: WorkspaceRequest, case: str) -> CaseWithSheetShape:
    """A case with its call sheet."""
    found = Case.objects.named(request.workspace, case)
    return {**found.as_dict(), "sheet": sheet_of(found).as_dict()}


@router.post("/cases/{case}/claim")
@permission("cases:write")
def claim(request: WorkspaceRequest, case: str) -> CaseShape:
    """Take a case on: its clock stops."""
    return working.claim_case(request.workspace, case, request.access.actor, request.access.actor).as_dict()


@router.post("/cases/{case}/close")
@permission("cases:write")
def close(request: WorkspaceRequest, case: str, body: ClosingBody) -> CaseShape:
    """Say what it was; it is closed when they were asked whether it helped."""
    closing = working.Closing(body.cause, body.resolved, body.journey, body.step)
    return working.close_case(request.workspace, case, closing, request.access.actor).as_dict()
