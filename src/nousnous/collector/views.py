"""Imports of files: listed, uploaded, previewed, started, undone. Quarantine: read."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base import clock
from nousnous.base.errors import Missing, NousError
from nousnous.collector.capture import asked_by_journeys, capture_of, choose_capture, first_key
from nousnous.collector.forms import FIELDS, CaptureForm, MappingForm, RecordingForm, UploadForm
from nousnous.collector.imports import uploads
from nousnous.collector.imports.actions import Preview, undo_import
from nousnous.collector.imports.mapping import EventMapping
from nousnous.collector.imports.rejects import read_rejects, reject_path
from nousnous.collector.imports.telling import how_read, what_is_missing
from nousnous.collector.models import Import
from nousnous.collector.quarantine import quarantined
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission
from nousnous.workspaces.actions import audit
from nousnous.workspaces.paging import cursor_of, place_of

SHOWN_IMPORTS = 200
SHOWN_REJECTS = 20
SHOWN_ENTRIES = 50


@permission("imports:read")
@require_GET
def imports(request: WorkspaceRequest) -> HttpResponse:
    """All imports, the newest first."""
    records = Import.objects.filter(workspace=request.workspace)
    context = {"imports": records[:SHOWN_IMPORTS], "totals": records.totals()}
    return render(request, "collector/imports.html", context)


@permission("imports:write")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: WorkspaceRequest) -> HttpResponse:
    """Take a file; its preview follows."""
    form = UploadForm(request.POST or None, request.FILES or None, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return render(request, "collector/upload.html", {"form": form}, status=422 if form.errors else 200)
    file = form.cleaned_data["file"]
    kept = (form.cleaned_data["kind"], file.name, file.chunks(), request.access.actor)
    record = uploads.keep_upload(request.workspace, *kept)
    return _to(request, record)


@permission("imports:read")
@require_GET
def show(request: WorkspaceRequest, import_id: str) -> HttpResponse:
    """One import: the preview while it waits, its counts and rejects afterwards."""
    record = Import.objects.of(request.workspace, import_id)
    if record.state == Import.WAITING:
        request.access.require("imports:write")
        return _show_preview(request, record)
    seen = request.access.allows("imports:write")
    found = sorted(read_rejects(record.id, SHOWN_REJECTS), key=lambda one: int(one["line"])) if seen else []
    rejects = [{**one, "row": _as_text(one["row"])} for one in found]
    if rejects:
        audit(request.workspace, request.access.actor, "read rejects", record.id)
    told = {"reading": how_read(record.mapping), "missing": what_is_missing(record.kind, record.mapping, stored=True)}
    return render(request, "collector/import.html", {"record": record, "rejects": rejects, **told})


@permission("imports:write")
@require_POST
def map_columns(request: WorkspaceRequest, import_id: str) -> HttpResponse:
    """Say what the columns are, and see the preview again."""
    record = Import.objects.of(request.workspace, import_id)
    kept = {"timezone": uploads.asked_of(record).timezone}
    form = _form(record, uploads.columns_of_upload(record), request.POST, kept)
    if not form.is_valid():
        return _show_preview(request, record, form)
    uploads.map_upload(record, form.asked())
    return _to(request, record)


@permission("imports:write")
@require_POST
def start(request: WorkspaceRequest, import_id: str) -> HttpResponse:
    """Import the file as it was previewed."""
    record = Import.objects.of(request.workspace, import_id)
    uploads.start_upload(record, request.access.actor)
    return _to(request, record)


@permission("imports:write")
@require_POST
def discard(request: WorkspaceRequest, import_id: str) -> HttpResponse:
    """Forget a file that was not imported."""
    uploads.discard_upload(Import.objects.of(request.workspace, import_id), request.access.actor)
    messages.success(request, "The file is forgotten; nothing of it was stored.")
    return redirect(page_address(request, "collector:imports"))


@permission("imports:write")
@require_POST
def undo(request: WorkspaceRequest, import_id: str) -> HttpResponse:
    """Remove again what an import brought."""
    record = undo_import(request.workspace, import_id, request.access.actor)
    messages.success(request, f"{record.file_name} is undone; what other imports brought stays.")
    return _to(request, record)


@permission("imports:write")
@require_GET
def rejects(request: WorkspaceRequest, import_id: str) -> HttpResponseBase:
    """The reject file: line, field, reason and row of each, as JSON lines."""
    record = Import.objects.of(request.workspace, import_id)
    path = reject_path(record.id)
    if not path.exists():
        raise Missing("Every row of this import could be read: there are no rejects.")
    audit(request.workspace, request.access.actor, "download rejects", record.id)
    return FileResponse(
        path.open("rb"), content_type="application/x-ndjson", as_attachment=True, filename=f"rejects-{record.id}.jsonl"
    )


@permission("keys:read")
@require_http_methods(["GET", "HEAD", "POST"])
def browsers(request: WorkspaceRequest) -> HttpResponse:
    """The line that customers' pages load, and what they tell."""
    capture = capture_of(request.workspace)
    now: dict[str, Any] = {"parts": capture.parts, "share": capture.share}
    now |= {"replay_share": capture.replay_share, "show_text": capture.show_text, "scan_share": capture.scan_share}
    now |= {name: " ".join(getattr(capture, name)) for name in ("query", "traits", "properties")}
    form = CaptureForm(request.POST or None, initial=now, label_suffix="")
    if request.method == "POST":
        request.access.require("keys:write")
        if form.is_valid():
            try:
                choose_capture(request.workspace, form.chosen(), request.access.actor)
            except NousError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Saved. Browsers hear of it within five minutes.")
                return redirect(page_address(request, "collector:browsers"))
    asked = asked_by_journeys(request.workspace)
    told = {
        "form": form,
        "key": first_key(request.workspace),
        "host": settings.NOUS.address.rstrip("/"),
        "asked": asked,
    }
    return render(request, "collector/browsers.html", told, status=422 if form.errors else 200)


@permission("quarantine:read")
@require_GET
def quarantine(request: WorkspaceRequest) -> HttpResponse:
    """What arrived under a valid key and could not be kept, the newest first."""
    found = quarantined(request.workspace, most=SHOWN_ENTRIES + 1, after=place_of(request.GET.get("after", "")))
    shown = found[:SHOWN_ENTRIES]
    if shown:
        audit(request.workspace, request.access.actor, "read quarantine")
    older = cursor_of(shown[-1]["received_us"], shown[-1]["quarantine_id"]) if len(found) > len(shown) else ""
    entries = [{**entry, "received_at": clock.from_us(entry["received_us"])} for entry in shown]
    return render(request, "collector/quarantine.html", {"entries": entries, "older": older})


def _form(record: Import, columns: tuple[str, ...], data: Any, initial: dict[str, Any]) -> MappingForm | RecordingForm:
    if record.kind == "replay":
        return RecordingForm(data, initial=initial, label_suffix="")
    return MappingForm(record.kind, columns, data, initial)


def _show_preview(
    request: WorkspaceRequest, record: Import, form: MappingForm | RecordingForm | None = None
) -> HttpResponse:
    asked = uploads.asked_of(record)
    preview, trouble = None, ""
    try:
        preview = uploads.preview_upload(record)
    except NousError as error:
        trouble = _said_here(error, record)
    columns = preview.columns if preview else uploads.columns_of_upload(record)
    initial = {
        **asked.columns,
        **asked.reading(),
        "toml": asked.toml,
        "timezone": asked.timezone or "UTC",
        "tool": asked.tool,
    }
    context = {
        "record": record,
        "trouble": trouble,
        "form": form or _form(record, columns, None, initial),
        **(_preview_table(record, preview) if preview else {}),
    }
    return render(request, "collector/preview.html", context, status=422 if form else 200)


def _preview_table(record: Import, preview: Preview) -> dict[str, Any]:
    names, rows = preview.table()
    fields = preview.mapping.fields if isinstance(preview.mapping, EventMapping) else {}
    return {
        "names": names,
        "rows": rows,
        "facts": list(zip(names, rows[0], strict=True)) if record.kind == "replay" else [],
        "rejected": preview.rejected,
        "reading": how_read(preview.mapping.as_dict()),
        "missing": what_is_missing(record.kind, preview.mapping.as_dict(), stored=False),
        "sources": [
            (FIELDS.get(name, name).lower(), source.text) for name, source in fields.items() if source.kind != "nothing"
        ],
    }


def _said_here(error: NousError, record: Import) -> str:
    """The sentence alone where it is about the file that the page is about."""
    about_it = error.place is not None and error.place.file == record.file_name and error.place.line is None
    return error.sentence if about_it else str(error)


def _as_text(row: Any) -> str:
    return row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)


def _to(request: WorkspaceRequest, record: Import) -> HttpResponse:
    return redirect(page_address(request, "collector:import", import_id=record.id))
