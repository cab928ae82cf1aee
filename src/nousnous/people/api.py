"""People in the API."""

from datetime import datetime
from typing import TypedDict

from ninja import Field, Router, Schema

from nousnous.base.shapes import Items
from nousnous.people.actions import consents, erasure, exports, merges, searches
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit

router = Router(tags=["people"])


class Decision(Schema):
    person_id: str = Field(..., min_length=1)
    purpose: str = Field(..., json_schema_extra={"enum": [*consents.PURPOSES]})
    state: str = Field(..., json_schema_extra={"enum": [*consents.STATES]})
    expires_at: datetime | None = None


class Need(Schema):
    purpose: str = Field(..., json_schema_extra={"enum": [*consents.PURPOSES]})
    needed: bool


class Pair(Schema):
    previous_id: str
    known_id: str


class One(Schema):
    person_id: str


class MergedShape(TypedDict):
    merged: str
    into: str


class UnmergedShape(TypedDict):
    unmerged: str


class DecidedShape(TypedDict):
    person_id: str
    purpose: str
    state: str


class NeedShape(TypedDict):
    purpose: str
    needed: bool


@router.get("/people")
@permission("people:read")
def search(request: WorkspaceRequest, q: str = "") -> Items[searches.FoundShape]:
    """People one of whose ids holds the text, at most fifty, last seen first."""
    audit(request.workspace, request.access.actor, "search people")
    return {"items": searches.search_people(request.workspace, q)}


@router.get("/people/export")
@permission("people:export")
def export(request: WorkspaceRequest, person_id: str) -> exports.ExportShape:
    """Everything that is kept of a person."""
    document = exports.export_person(request.workspace, person_id)
    audit(request.workspace, request.access.actor, "export person", person_id)
    return document


@router.post("/people/erase")
@permission("people:erase")
def erase(request: WorkspaceRequest, person: One) -> erasure.ReceiptShape:
    """Erase a person everywhere; answers a receipt that names nobody, complete when nothing is left on the disk."""
    receipt = erasure.erase_person(request.workspace, person.person_id)
    audit(request.workspace, request.access.actor, "erase person", receipt.receipt)
    return receipt.as_dict()


@router.get("/people/erasures/{receipt}")
@permission("people:erase")
def read_receipt(request: WorkspaceRequest, receipt: str) -> erasure.ReceiptShape:
    """How an erasure stands."""
    return erasure.read_receipt(request.workspace, receipt).as_dict()


@router.post("/people/merge")
@permission("people:write")
def merge(request: WorkspaceRequest, pair: Pair) -> MergedShape:
    """Make two known persons one."""
    merges.merge_persons(request.workspace, pair.previous_id, pair.known_id)
    audit(request.workspace, request.access.actor, "merge people", pair.previous_id)
    return {"merged": pair.previous_id, "into": pair.known_id}


@router.post("/people/unmerge")
@permission("people:write")
def unmerge(request: WorkspaceRequest, person: One) -> UnmergedShape:
    """Take an id out of the person it was merged into."""
    merges.unmerge_person(request.workspace, person.person_id)
    audit(request.workspace, request.access.actor, "undo merge", person.person_id)
    return {"unmerged": person.person_id}


@router.post("/consents")
@permission("people:write")
def consent(request: WorkspaceRequest, decision: Decision) -> DecidedShape:
    """Keep what a person decided for a purpose."""
    given = (decision.person_id, decision.purpose, decision.state, decision.expires_at)
    consents.decide_consent(request.workspace, *given)
    audit(request.workspace, request.access.actor, "change consent", decision.person_id)
    return {"person_id": decision.person_id, "purpose": decision.purpose, "state": decision.state}


@router.put("/consents/needed")
@permission("workspace:write")
def need_consent(request: WorkspaceRequest, need: Need) -> NeedShape:
    """Keep nothing for a purpose without a granted consent, or keep it unless denied."""
    consents.need_consent(request.workspace, need.purpose, needed=need.needed)
    audit(request.workspace, request.access.actor, "need consent" if need.needed else "need no consent", need.purpose)
    return {"purpose": need.purpose, "needed": need.needed}
