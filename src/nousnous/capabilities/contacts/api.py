"""Contacts that come back, in the API."""

from typing import Any

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.contacts import actions
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["contacts"])


class Wanted(Schema):
    days: int = Field(actions.USUAL_DAYS, ge=8, le=actions.MOST_DAYS, description="Days before the newest event.")


@router.get("/contacts")
@permission("contacts:read")
def contacts(request: WorkspaceRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """How many resolved contacts did not come back within 7 days, by channel and topic; handling time beside it."""
    return actions.contact_report(request.workspace, wanted.days).as_dict()
