"""Signals in the API: events read back, imports of files."""

from typing import Any

from ninja import Field, Query, Router, Schema

from nousnous.collector.retrieval import event_page, wanted_events
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit
from nousnous.workspaces.paging import Paging

router = Router(tags=["signals"])


class Which(Schema):
    from_: str = Field("", alias="from", description="First moment, in the workspace's time zone if it names none.")
    to: str = Field("", description="Moment before which it ends.")
    person: str = Field("", description="Id of the person, known or anonymous.")


@router.get("/events")
@permission("events:read")
def events(request: WorkspaceRequest, which: Query[Which], paging: Query[Paging]) -> dict[str, Any]:
    """Stored events, oldest first, each with the person that it belongs to."""
    wanted = wanted_events(request.workspace, which.from_, which.to, which.person)
    audit(request.workspace, request.access.actor, "read events", which.person)
    return event_page(request.workspace, wanted, paging)
