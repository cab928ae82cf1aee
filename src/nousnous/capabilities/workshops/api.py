"""Workshops in the API: make one, hold it, read what came of it."""

from ninja import Field, Query, Router, Schema

from nousnous.base.shapes import Page
from nousnous.capabilities.workshops.actions import holding, letters
from nousnous.capabilities.workshops.models import RoundShape, Workshop, WorkshopShape
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["workshops"])


class VersionBody(Schema):
    tone: str = Field(..., description="A word such as legal, empathetic, conversational.")
    text: str = Field(..., description="The words.")
    recording: str = Field("", description="Where it can be heard, https://…")


class WorkshopBody(Schema):
    name: str = Field(..., description="For members; customers do not see it.")
    key: str = Field(..., description="Key of the phrase book, where the winner goes.")
    sentence: str = Field(..., description="The policy or sentence as it is.")
    versions: list[VersionBody] = Field(..., description="Three of them.")
    locale: str = Field("en", description="Language of the versions.")
    kind: str = Field("text", description="text, recording or call.")
    call: str = Field("", description="Address of a live call.")
    minutes: int = Field(60, description="How long a vote is open, 1 minute to 31 days.")
    monthly: bool = Field(default=False, description="Hold it again each month.")
    groups: list[str] = Field([], description="Groups that voters choose from; none, or two to six.")


class RecipientBody(Schema):
    email: str = Field(..., max_length=320, description="Used and not kept.")
    person: str = Field("", max_length=500, description="Their id, for consent; not kept.")


class LettersBody(Schema):
    to: list[RecipientBody] = Field(..., description="At most 1,000 at once.")


class AddressedWorkshopShape(WorkshopShape):
    """A workshop, and the address at which customers vote."""

    address: str


@router.get("/workshops")
@permission("workshops:read")
def workshops(request: WorkspaceRequest, paging: Query[Paging]) -> Page[AddressedWorkshopShape]:
    """Workshops with their rounds; the split of votes once a round is over."""
    return page_of(holding.list_workshops(request.workspace), paging, _told)


@router.post("/workshops")
@permission("workshops:write")
def create(request: WorkspaceRequest, body: WorkshopBody) -> AddressedWorkshopShape:
    """Make a workshop of a sentence and three versions."""
    return _told(holding.create_workshop(request.workspace, body.dict(), request.access.actor))


@router.get("/workshops/{workshop}")
@permission("workshops:read")
def workshop(request: WorkspaceRequest, workshop: str) -> AddressedWorkshopShape:
    """One workshop with its rounds, and the address at which customers vote."""
    return _told(holding.workshop_named(request.workspace, workshop))


@router.post("/workshops/{workshop}/open")
@permission("workshops:write")
def open_round(request: WorkspaceRequest, workshop: str) -> RoundShape:
    """Let customers vote; the closing is set with this."""
    return holding.open_round(request.workspace, workshop, request.access.actor).as_dict()


@router.post("/workshops/{workshop}/slot")
@permission("workshops:write")
def open_slot(request: WorkspaceRequest, workshop: str) -> RoundShape:
    """Open the next slot of a live call."""
    return holding.open_slot(request.workspace, workshop, request.access.actor).as_dict()


@router.post("/workshops/{workshop}/stop")
@permission("workshops:write")
def stop(request: WorkspaceRequest, workshop: str) -> AddressedWorkshopShape:
    """Hold it no more after this round."""
    return _told(holding.stop_repeating(request.workspace, workshop, request.access.actor))


@router.post("/workshops/{workshop}/letters")
@permission("workshops:write")
def send(request: WorkspaceRequest, workshop: str, body: LettersBody) -> letters.LettersShape:
    """Send one-time links by e-mail."""
    to = [letters.Recipient(one.email, one.person) for one in body.to]
    return letters.send_letters(request.workspace, workshop, to, request.access.actor)


def _told(found: Workshop) -> AddressedWorkshopShape:
    return {**found.as_dict(), "address": letters.address_of(found.link)}
