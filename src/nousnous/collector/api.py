"""Signals in the API: events read back, imports of files, quarantine."""

from typing import Any

from ninja import Field, Query, Router, Schema

from nousnous.collector.quarantine import quarantined
from nousnous.collector.retrieval import event_page, wanted_events
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit
from nousnous.workspaces.paging import Paging, cursor_of, place_of

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


@router.get("/quarantine")
@permission("quarantine:read")
def quarantine(request: WorkspaceRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What arrived under a valid key and could not be kept, the newest first, each with its reason."""
    found = quarantined(request.workspace, most=paging.limit + 1, after=place_of(paging.cursor))
    shown = found[: paging.limit]
    more = len(found) > paging.limit
    return {"items": shown, "next": cursor_of(shown[-1]["received_us"], shown[-1]["quarantine_id"]) if more else None}
