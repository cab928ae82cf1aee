"""Members, keys, tokens and the audit log in the API."""

from typing import Any

from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from nousnous.workspaces import actions
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.models import ApiToken, AuditEntry, Member, WriteKey
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["workspace"])


class NewKey(Schema):
    label: str = Field("", max_length=200)
    key: str | None = Field(None, max_length=200, description="The key to use; else one is made.")


class NewToken(Schema):
    label: str = Field("", max_length=200)
    scopes: list[str] = Field(..., min_length=1)


def _key(key: WriteKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "key": key.key,
        "label": key.label,
        "created_at": key.created_at,
        "revoked_at": key.revoked_at,
    }


def _token(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "label": token.label,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    }


def _member(member: Member) -> dict[str, Any]:
    return {"id": member.pk, "email": member.user.email, "role": member.role, "created_at": member.created_at}


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {"at": entry.at, "actor": entry.actor, "verb": entry.verb, "object": entry.object}


@router.get("/workspace")
@permission("workspace:read")
def workspace(request: WorkspaceRequest) -> dict[str, Any]:
    """The workspace of the token, and what the token may."""
    found = request.workspace
    return {
        "slug": found.slug,
        "name": found.name,
        "timezone": found.timezone,
        "currency": found.currency,
        "scopes": sorted(request.access.words),
    }


@router.get("/members")
@permission("members:read")
def members(request: WorkspaceRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The members with their roles."""
    return page_of(Member.objects.filter(workspace=request.workspace).select_related("user"), paging, _member)


@router.get("/keys")
@permission("keys:read")
def keys(request: WorkspaceRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The write keys, revoked ones too."""
    return page_of(WriteKey.objects.filter(workspace=request.workspace), paging, _key)


@router.post("/keys", response={201: dict[str, Any]})
@permission("keys:write")
def create_key(request: WorkspaceRequest, new: NewKey) -> Status[dict[str, Any]]:
    """Make a write key."""
    made = actions.create_key(request.workspace, label=new.label, key=new.key, actor=request.access.actor)
    return Status(201, _key(made))


@router.delete("/keys/{key}")
@permission("keys:write")
def revoke_key(request: WorkspaceRequest, key: str) -> dict[str, Any]:
    """Revoke a write key, named by its id or its text."""
    return _key(actions.revoke_key(request.workspace, key, request.access.actor))


@router.get("/tokens")
@permission("keys:read")
def tokens(request: WorkspaceRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The API tokens, without their text."""
    return page_of(ApiToken.objects.filter(workspace=request.workspace), paging, _token)


@router.post("/tokens", response={201: dict[str, Any]})
@permission("keys:write")
def create_token(request: WorkspaceRequest, new: NewToken) -> Status[dict[str, Any]]:
    """Make an API token; its text is in this answer only, and it may no more than the one that makes it."""
    token, secret = actions.create_token_as(request.access, new.label, new.scopes)
    return Status(201, _token(token) | {"api_token": secret})


@router.delete("/tokens/{token}")
@permission("keys:write")
def revoke_token(request: WorkspaceRequest, token: str) -> dict[str, Any]:
    """Revoke an API token."""
    return _token(actions.revoke_token(request.workspace, token, request.access.actor))


@router.get("/audit")
@permission("audit:read")
def audit(request: WorkspaceRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Who did, or read, what; oldest first."""
    return page_of(AuditEntry.objects.filter(workspace=request.workspace), paging, _entry)
