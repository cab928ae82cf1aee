"""Signals in the API: events read back, imports of files, quarantine."""

from typing import Any, Literal, TypedDict

from ninja import Field, Form, Query, Router, Schema, UploadedFile
from ninja.responses import Status

from nousnous.base.errors import NousError
from nousnous.base.shapes import Instant, Items, Page, shaped
from nousnous.collector.capture import Capture, capture_of, choose_capture
from nousnous.collector.imports import uploads
from nousnous.collector.imports.actions import undo_import
from nousnous.collector.imports.rejects import RejectShape, read_rejects
from nousnous.collector.models import Import
from nousnous.collector.quarantine import QuarantinedShape, quarantined
from nousnous.collector.retrieval import EventShape, event_page, wanted_events
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit
from nousnous.workspaces.paging import Paging, cursor_of, page_of, place_of

router = Router(tags=["signals"])


class Which(Schema):
    from_: str = Field("", alias="from", description="First moment, in the workspace's time zone if it names none.")
    to: str = Field("", description="Moment before which it ends.")
    person: str = Field("", description="Id of the person, known or anonymous.")


@router.get("/events")
@permission("events:read")
def events(request: WorkspaceRequest, which: Query[Which], paging: Query[Paging]) -> Page[EventShape]:
    """Stored events, oldest first, each with the person that it belongs to."""
    wanted = wanted_events(request.workspace, which.from_, which.to, which.person)
    audit(request.workspace, request.access.actor, "read events", which.person)
    return event_page(request.workspace, wanted, paging)


class CaptureBody(Schema):
    parts: list[str] = Field(
        ["capture"], description="Parts that browsers load: capture, vitals, replay, accessibility."
    )
    share: int = Field(100, description="Per cent of the browsers that load them.")
    query: list[str] = Field([], description="Query parameters that stay in addresses, besides those of campaigns.")
    traits: list[str] = Field([], description="Traits of persons that may be told.")
    replay_share: int = Field(100, description="Per cent of the sessions that are recorded, where replay is a part.")
    show_text: bool = Field(default=False, description="Whether the text of pages is legible in recordings.")
    scan_share: int = Field(10, description="Per cent of the sessions that look for barriers, where that is a part.")
    properties: list[str] = Field(
        [], description="Properties of a page's own events that may be told, besides fields of orders."
    )


@router.get("/browsers")
@permission("keys:read")
def browsers(request: WorkspaceRequest) -> Capture:
    """What customers' pages are asked to tell."""
    return capture_of(request.workspace)


@router.put("/browsers")
@permission("keys:write")
def choose_browsers(request: WorkspaceRequest, body: CaptureBody) -> Capture:
    """Ask customers' pages for something else."""
    names = {name: tuple(getattr(body, name)) for name in ("parts", "query", "traits", "properties")}
    choose_capture(request.workspace, Capture(**body.dict() | names), request.access.actor)
    return capture_of(request.workspace)


@router.get("/quarantine")
@permission("quarantine:read")
def quarantine(request: WorkspaceRequest, paging: Query[Paging]) -> Page[QuarantinedShape]:
    """What arrived under a valid key and could not be kept, the newest first, each with its reason."""
    found = quarantined(request.workspace, most=paging.limit + 1, after=place_of(paging.cursor))
    shown = found[: paging.limit]
    more = len(found) > paging.limit
    return {"items": shown, "next": cursor_of(shown[-1]["received_us"], shown[-1]["quarantine_id"]) if more else None}


class ImportShape(TypedDict):
    id: str
    kind: str
    file_name: str
    state: str
    reason: str
    rows_read: int
    added: int
    repeated: int
    refused: int
    rejected: int
    blank: int
    empty: int
    started_at: Instant
    finished_at: Instant | None
    started_by: str


def _import(record: Import) -> ImportShape:
    return shaped(ImportShape, record)


@router.get("/imports")
@permission("imports:read")
def imports(request: WorkspaceRequest, paging: Query[Paging]) -> Page[ImportShape]:
    """Imports of files and what became of their rows."""
    return page_of(Import.objects.filter(workspace=request.workspace), paging, _import)


@router.get("/imports/{import_id}")
@permission("imports:read")
def show_import(request: WorkspaceRequest, import_id: str) -> ImportShape:
    """One import."""
    return _import(Import.objects.of(request.workspace, import_id))


@router.post("/imports", response={202: dict[str, Any]})
@permission("imports:write")
def create_import(
    request: WorkspaceRequest,
    file: UploadedFile,
    kind: Form[Literal["events", "survey", "conversations"]] = "events",
    mapping: Form[str] = "",
    timezone: Form[str] = "",
) -> Status[ImportShape]:
    """Import a file in the background; `mapping` is the text of a mapping file."""
    pieces = file.chunks()
    record = uploads.keep_upload(request.workspace, kind, file.name or "file", pieces, request.access.actor)
    try:
        uploads.map_upload(record, uploads.Asked(mapping, {}, timezone))
        uploads.start_upload(record, request.access.actor)
    except NousError:
        uploads.discard_upload(record, request.access.actor)
        raise
    return Status(202, _import(record))


@router.get("/imports/{import_id}/rejects")
@permission("imports:write")
def rejects(request: WorkspaceRequest, import_id: str) -> Items[RejectShape]:
    """The first thousand rows that could not be read: line, field, reason, row."""
    record = Import.objects.of(request.workspace, import_id)
    audit(request.workspace, request.access.actor, "read rejects", record.id)
    return {"items": list(read_rejects(record.id, 1000))}


@router.post("/imports/{import_id}/undo")
@permission("imports:write")
def undo(request: WorkspaceRequest, import_id: str) -> ImportShape:
    """Remove again what an import brought."""
    return _import(undo_import(request.workspace, import_id, request.access.actor))
