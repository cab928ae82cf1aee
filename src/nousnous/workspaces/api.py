"""Members, keys, tokens and the audit log in the API."""

from typing import Any, TypedDict

from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from nousnous.base.shapes import Instant, Page, shaped
from nousnous.workspaces import actions
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.models import ApiToken, AuditEntry, Member, WriteKey
from nousnous.workspaces.paging import Paging, page_of
from nousnous.workspaces.roles import WORDS

router = Router(tags=["workspace"])


class NewKey(Schema):
    label: str = Field("", max_length=200)
    key: str | None = Field(None, max_length=200, description="The key to use; else one is made.")


class NewToken(Schema):
    label: str = Field("", max_length=200)
    scopes: list[str] = Field(..., min_length=1, json_schema_extra={"items": {"type": "string", "enum": [*WORDS]}})


class KeyShape(TypedDict):
    id: str
    key: str
    label: str
    created_at: Instant
    revoked_at: Instant | None


def _key(key: WriteKey) -> KeyShape:
    return shaped(KeyShape, key)


class TokenShape(TypedDict):
    id: str
    label: str
    scopes: list[str]
    created_at: Instant
    last_used_at: Instant | None
    revoked_at: Instant | None


class NewTokenShape(TokenShape):
    """A token with its text, which is told once."""

    api_token: str


def _token(token: ApiToken) -> TokenShape:
    return shaped(TokenShape, token)


class MemberShape(TypedDict):
    id: int
    email: str
    role: str
    created_at: Instant


def _member(member: Member) -> MemberShape:
    return {"id": member.pk, "email": member.user.email, "role": member.role, "created_at": member.created_at}


class EntryShape(TypedDict):
    at: Instant
    actor: str
    verb: str
    object: str


class WorkspaceShape(TypedDict):
    slug: str
    name: str
    timezone: str
    currency: str
    scopes: list[str]


def _entry(entry: AuditEntry) -> EntryShape:
    return shaped(EntryShape, entry)


@router.get("/workspace")
@permission("workspace:read")
def workspace(request: WorkspaceRequest) -> WorkspaceShape:
    """The workspace of the token, and what the token may."""
    return shaped(WorkspaceShape, request.workspace, scopes=sorted(request.access.words))


@router.get("/members")
@permission("members:read")
def members(request: WorkspaceRequest, paging: Query[Paging]) -> Page[MemberShape]:
    """The members with their roles."""
    return page_of(Member.objects.filter(workspace=request.workspace).select_related("user"), paging, _member)


@router.get("/keys")
@permission("keys:read")
def keys(request: WorkspaceRequest, paging: Query[Paging]) -> Page[KeyShape]:
    """The write keys, revoked ones too."""
    return page_of(WriteKey.objects.filter(workspace=request.workspace), paging, _key)


@router.post("/keys", response={201: dict[str, Any]})
@permission("keys:write")
def create_key(request: WorkspaceRequest, new: NewKey) -> Status[KeyShape]:
    """Make a write key."""
    made = actions.create_key(request.workspace, label=new.label, key=new.key, actor=request.access.actor)
    return Status(201, _key(made))


@router.delete("/keys/{key}")
@permission("keys:write")
def revoke_key(request: WorkspaceRequest, key: str) -> KeyShape:
    """Revoke a write key, named by its id or its text."""
    return _key(actions.revoke_key(request.workspace, key, request.access.actor))


@router.get("/tokens")
@permission("keys:read")
def tokens(request: WorkspaceRequest, paging: Query[Paging]) -> Page[TokenShape]:
    """The API tokens, without their text."""
    return page_of(ApiToken.objects.filter(workspace=request.workspace), paging, _token)


@router.post("/tokens", response={201: dict[str, Any]})
@permission("keys:write")
def create_token(request: WorkspaceRequest, new: NewToken) -> Status[NewTokenShape]:
    """Make an API token; its text is in this answer only, and it may no more than the one that makes it."""
    token, secret = actions.create_token_as(request.access, new.label, new.scopes)
    return Status(201, {**_token(token), "api_token": secret})


@router.delete("/tokens/{token}")
@permission("keys:write")
def revoke_token(request: WorkspaceRequest, token: str) -> TokenShape:
    """Revoke an API token."""
    return _token(actions.revoke_token(request.workspace, token, request.access.actor))


@router.get("/audit")
@permission("audit:read")
def audit(request: WorkspaceRequest, paging: Query[Paging]) -> Page[EntryShape]:
    """Who did, or read, what; oldest first."""
    return page_of(AuditEntry.objects.filter(workspace=request.workspace), paging, _entry)
