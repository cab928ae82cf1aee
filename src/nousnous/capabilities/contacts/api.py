"""Contacts that come back, in the API."""

from typing import Literal

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.contacts import actions
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["contacts"])


class Wanted(Schema):
    days: int = Field(actions.USUAL_DAYS, ge=8, le=actions.MOST_DAYS, description="Days before the newest event.")
    source: Literal["", "events", "conversations"] = Field(
        "", description="What contacts are read from; by itself events, and conversations where there are none."
    )


@router.get("/contacts")
@permission("contacts:read")
def contacts(request: WorkspaceRequest, wanted: Query[Wanted]) -> actions.ContactReportShape:
    """How many resolved contacts did not come back within 7 days, by channel, topic, team; handling time beside."""
    return actions.contact_report(request.workspace, wanted.days, wanted.source).as_dict()
