"""Files that came through a page or the API: kept until they are imported, mapped again as often as needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, NousError
from nousnous.collector.imports.actions import Mapped, Preview, Upload, file_columns, import_file, preview_file
from nousnous.collector.imports.conversations import conversation_mapping, packaged_mapping
from nousnous.collector.imports.mapping import event_mapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.collector.imports.replays import RecordingMapping
from nousnous.collector.models import Import
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

IMPORT_RUN = "collector.import"
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody said of a file on a page: a mapping as TOML, columns by field, how it is written."""

    toml: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""
    encoding: str = ""
    time_format: str = ""
    decimal: str = ""
    tool: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"toml": self.toml, "columns": dict(self.columns), "tool": self.tool, **self.reading()}

    def reading(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("timezone", "encoding", "time_format", "decimal")}

    def mapping(self, kind: str) -> Mapped:
        if kind == "replay":
            return RecordingMapping(self.columns.get("person", "").strip())
        if kind == "survey":
            return survey_mapping(self.toml, "mapping").with_options(**self.reading())
        if kind == "conversations":
            own = packaged_mapping(self.tool) if self.tool else conversation_mapping(self.toml, "mapping")
            chosen = {name: column for name, column in self.columns.items() if column}
            reading = {name: text for name, text in self.reading().items() if name != "decimal"}
            return own.with_columns(chosen).with_options(**reading)
        pairs = [f"{name}={column}" for name, column in self.columns.items() if column]
        mapping = event_mapping(self.toml, "mapping").with_sources(pairs, "column")
        return mapping.with_options(**self.reading())


def upload_path(record: Import) -> Path:
    return upload_folder(record.workspace_id) / record.id


def upload_folder(workspace_id: str) -> Path:
    """Where the waiting files of a workspace lie; erasing a person empties it, for files of any form may name them."""
    return Path(settings.NOUS.home) / "uploads" / workspace_id


def keep_upload(workspace: Workspace, kind: str, name: str, content: Iterable[bytes], actor: str) -> Import:
    """Keep a file until its import is started; what nobody started within a day goes."""
    _forget_old(workspace)
    record = Import(workspace=workspace, kind=kind, file_name=Path(name).name[:300], started_by=actor)
    path = upload_path(record)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        for piece in content:
            stream.write(piece)
    record.mapping = Asked().as_dict()
    record.save()
    audit(workspace, actor, "upload file", f"{record.id} {record.file_name}")
    return record


def asked_of(record: Import) -> Asked:
    return Asked(**record.mapping) if record.state == Import.WAITING else Asked()


def map_upload(record: Import, asked: Asked) -> None:
    """Say how a waiting file is to be mapped."""
    _require_waiting(record)
    record.mapping = asked.as_dict()
    record.save(update_fields=["mapping"])


def preview_upload(record: Import) -> Preview:
    """The first rows of a waiting file as they would be stored."""
    return preview_file(_upload(record, asked_of(record)))


def columns_of_upload(record: Import) -> tuple[str, ...]:
    """The columns of a waiting file, or none where it cannot be read or has none."""
    if record.kind == "replay":
        return ()
    try:
        return file_columns(upload_path(record), record.file_name)
    except NousError:
        return ()


def start_upload(record: Import, actor: str) -> None:
    """Import a waiting file in the background; its mapping is tried first."""
    _require_waiting(record)
    preview_upload(record)
    with transaction.atomic():
        start_run(
            IMPORT_RUN,
            {"import_id": record.id, "asked": record.mapping, "actor": actor},
            workspace_id=record.workspace_id,
            key=record.id,
        )
        record.state, record.started_by, record.started_at = Import.RUNNING, actor, clock.now()
        record.save()


def perform_import(work: Work) -> Advance:
    """The run behind `start_upload`; after a kill it goes on. What is wrong with the file stands in the record."""
    record = Import.objects.select_related("workspace").get(pk=work.state["import_id"])
    if record.state in {Import.DONE, Import.UNDONE}:
        return Advance()
    try:
        upload = _upload(record, Asked(**work.state["asked"]))
        import_file(record.workspace, Upload(upload.path, upload.mapping, upload.name, work.state["actor"], record))
    except NousError as error:
        Import.objects.filter(pk=record.pk).update(state=Import.FAILED, reason=str(error)[:500])
    upload_path(record).unlink(missing_ok=True)
    return Advance()


def discard_upload(record: Import, actor: str) -> None:
    """Forget a file whose import was not started."""
    _require_waiting(record)
    upload_path(record).unlink(missing_ok=True)
    audit(record.workspace, actor, "discard upload", record.id)
    record.delete()


def empty_uploads(workspace: Workspace) -> int:
    """Delete all waiting files of a workspace; answers how many."""
    folder = upload_folder(workspace.id)
    files = list(folder.iterdir()) if folder.is_dir() else []
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _upload(record: Import, asked: Asked) -> Upload:
    path = upload_path(record)
    if not path.exists():
        raise Missing(f"{record.file_name} waited for more than a day, or somebody was erased; upload it again.")
    return Upload(path, asked.mapping(record.kind), record.file_name, record.started_by)


def _require_waiting(record: Import) -> None:
    if record.state != Import.WAITING:
        raise Conflict(f"The import {record.id} was started already.")


def _forget_old(workspace: Workspace) -> None:
    old = Import.objects.filter(workspace=workspace, state=Import.WAITING, started_at__lt=clock.now() - KEPT)
    for record in old:
        upload_path(record).unlink(missing_ok=True)
        record.delete()
