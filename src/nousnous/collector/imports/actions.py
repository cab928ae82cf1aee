"""The verbs of file imports: preview, import, undo."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, NousError, Place, Refused
from nousnous.collector.imports.conversations import (
    MESSAGE_ROWS,
    ConversationMapping,
    map_messages,
    packaged_mapping,
)
from nousnous.collector.imports.engine import first_line, literal, locked_engine
from nousnous.collector.imports.events import ROWS, prepare_events
from nousnous.collector.imports.files import ImportFile, Reading, opened
from nousnous.collector.imports.mapping import EventMapping
from nousnous.collector.imports.questions import SurveyMapping
from nousnous.collector.imports.recordings import RecordingFile, read_recording
from nousnous.collector.imports.rejects import Rejects, first_unread, reject_path
from nousnous.collector.imports.replays import RecordingMapping, land_recording, overview, rejected
from nousnous.collector.imports.rows import IDS, batches, find_repeats
from nousnous.collector.imports.support_tables import is_tables, joined_tables
from nousnous.collector.imports.surveys import SCORE_ROWS, map_scores
from nousnous.collector.imports.tables import BLANK, FileTable, open_table, store_rejects
from nousnous.collector.landing import identity_keys, land, refused_among
from nousnous.collector.models import Import
from nousnous.collector.ports import people
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.landings import ImportFinished, ImportUndone
from nousnous.facts.messages import MESSAGES
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.facts.scores import SCORES
from nousnous.runs import outbox
from nousnous.runs.locks import exclusive
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.maintenance import retract
from nousnous.warehouse.objects import sweep_recordings
from nousnous.workspaces.actions import SHELL, audit
from nousnous.workspaces.models import Workspace

PREVIEW_ROWS = 10
STORED: dict[str, tuple[Table, tuple[str, ...]]] = {
    "events": (EVENTS, ROWS),
    "survey": (SCORES, SCORE_ROWS),
    "conversations": (MESSAGES, MESSAGE_ROWS),
}
KINDS = {
    "events": EventMapping,
    "survey": SurveyMapping,
    "conversations": ConversationMapping,
    "replay": RecordingMapping,
}
Tabular = EventMapping | SurveyMapping | ConversationMapping
Mapped = Tabular | RecordingMapping
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to import: where it lies, how it is mapped, the name it is shown by, who brings it, its record if any."""

    path: Path
    mapping: Mapped
    name: str = ""
    actor: str = SHELL
    record: Import | None = None

    @property
    def kind(self) -> str:
        return next(kind for kind, mapping in KINDS.items() if isinstance(self.mapping, mapping))


@dataclass(frozen=True, slots=True)
class Preview:
    """The mapping with its guesses, the first rows as they would be stored, and the first that could not be read."""

    mapping: Mapped
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    rejected: list[dict[str, Any]]

    def table(self) -> tuple[list[str], list[list[Any]]]:
        """Names and rows for people: only columns that hold something, moments as times."""
        names = [name for name in dict.fromkeys(name for row in self.rows for name in row) if name != "raw_event"]
        return [name.removesuffix("_us") for name in names], [
            [_shown(name, row.get(name, "")) for name in names] for row in self.rows
        ]


def file_columns(path: Path, name: str = "") -> tuple[str, ...]:
    """The columns of a file; none of a folder or a ZIP of tables, which is read as it is."""
    if is_tables(path):
        return ()
    with opened(path, Reading(), name) as file, locked_engine(file.path) as connection:
        return tuple(column.name for column in open_table(connection, file).columns)


def preview_file(upload: Upload) -> Preview:
    """The first rows of a file as they would be stored; nothing is stored."""
    if isinstance(upload.mapping, RecordingMapping):
        recording = read_recording(upload.path, upload.name)
        return Preview(upload.mapping, (), [overview(recording)], rejected(recording, PREVIEW_ROWS))
    with _mapped_file(upload, upload.mapping) as opening:
        store_rejects(opening.connection, opening.table, wanted=opening.file.form == "csv")
        some = f"""coalesce("#why"[2], '') <> {literal(BLANK)}"""
        first = opening.connection.sql(f"FROM judged WHERE {some} LIMIT {PREVIEW_ROWS}").to_arrow_table().to_pylist()
        names = STORED[upload.kind][1]
        return Preview(
            opening.mapping,
            tuple(column.name for column in opening.table.columns),
            [{name: row[name] for name in names if row[name] is not None} for row in first if row["#why"] is None],
            [
                {"row": row["#row"], "field": row["#why"][0], "reason": row["#why"][1]}
                for row in first
                if row["#why"] is not None
            ]
            + (first_unread(opening.connection, PREVIEW_ROWS) if opening.file.form == "csv" else []),
        )


def import_file(workspace: Workspace, upload: Upload, progress: Progress = lambda _done, _of: None) -> Import:
    """Bring a file into a workspace; goes on where the same import stopped, and adds nothing twice."""
    if isinstance(upload.mapping, RecordingMapping):
        record = _import_recording(workspace, upload, upload.mapping)
    else:
        record = _import_table(workspace, upload, upload.mapping, progress)
    with transaction.atomic():
        outbox.record(ImportFinished(workspace.id, record.id))
        audit(workspace, upload.actor, f"import {upload.kind}", f"{record.id} {record.file_name}")
    return record


def _import_table(workspace: Workspace, upload: Upload, mapping: Tabular, progress: Progress) -> Import:
    with _mapped_file(upload, mapping) as opening:
        record = _begin(workspace, upload, opening.mapping, opening.file)
        with exclusive(f"import-{record.id}"), _recorded(record):
            _land_all(_Landing(workspace, record, *STORED[upload.kind]), opening, progress)
    return record


def _import_recording(workspace: Workspace, upload: Upload, mapping: RecordingMapping) -> Import:
    recording = read_recording(upload.path, upload.name)
    record = _begin(workspace, upload, mapping, recording)
    with exclusive(f"import-{record.id}"), _recorded(record):
        land_recording(workspace, record, recording, mapping)
    return record


def undo_import(workspace: Workspace, import_id: str, actor: str = SHELL) -> Import:
    """Take away again what an import brought."""
    record = Import.objects.of(workspace, import_id)
    if record.state in {Import.UNDONE, Import.WAITING}:
        raise Conflict(f"The import {record.id} is {record.state}; there is nothing to undo.")
    with exclusive(f"import-{record.id}"), exclusive(f"lake-{workspace.id}"):
        lake = lake_of(workspace)
        events = lake.snapshot(EVENTS).table(EVENTS)
        mine = events.filter((events.source == record.id) & events.identity_key.notnull())
        spans = mine.group_by("identity_key").agg(from_us=mine.ts_us.min(), to_us=mine.ts_us.max()).to_pyarrow()
        met = mine.filter(mine.user_id.notnull() & mine.anonymous_id.notnull())
        devices = met.select("anonymous_id").distinct().to_pyarrow()["anonymous_id"]
        retract(lake, spans)
        people().withdraw(workspace, devices, record.id)
        for table in (EVENTS, SCORES, MESSAGES, REPLAY_CHUNKS):
            lake.delete(table, f"source = '{record.id}'")
        sweep_recordings(lake)
    reject_path(record.id).unlink(missing_ok=True)
    with transaction.atomic():
        record.state, record.finished_at = Import.UNDONE, clock.now()
        record.save()
        Import.objects.open(workspace).update(rows_done=0)
        outbox.record(ImportUndone(workspace.id, record.id))
    audit(workspace, actor, "undo import", record.id)
    return record


@dataclass(frozen=True, slots=True)
class _Opening:
    connection: duckdb.DuckDBPyConnection
    file: ImportFile
    table: FileTable
    mapping: Tabular


@dataclass(frozen=True, slots=True)
class _Landing:
    workspace: Workspace
    record: Import
    table: Table
    names: tuple[str, ...]


@contextmanager
def _mapped_file(upload: Upload, mapping: Tabular) -> Iterator[_Opening]:
    """The file in a locked engine with `judged` over it; the engine's own words become one sentence."""
    reading, path, name = Reading(mapping.delimiter, mapping.encoding), upload.path, upload.name or upload.path.name
    with ExitStack() as kept:
        if isinstance(mapping, ConversationMapping) and is_tables(path):
            path, tool = kept.enter_context(joined_tables(path, name))
            mapping = packaged_mapping(tool)
        file = kept.enter_context(opened(path, reading, name))
        connection = kept.enter_context(locked_engine(file.path))
        try:
            table = open_table(connection, file)
            yield _Opening(connection, file, table, _prepare(connection, table, mapping))
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise Refused(f"The file cannot be read: {first_line(error)}.", Place(file=file.name)) from None


def _prepare(connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: Tabular) -> Tabular:
    told = replace(mapping, encoding=table.file.encoding, delimiter=table.file.delimiter)
    if isinstance(told, EventMapping):
        return prepare_events(connection, table, told, clock.now_us())
    if isinstance(told, ConversationMapping):
        return map_messages(connection, table, told, clock.now_us())
    return map_scores(connection, table, told, clock.now_us())


def _shown(name: str, value: Any) -> Any:
    return clock.from_us(value).strftime("%Y-%m-%d %H:%M:%S") if name.endswith("_us") and value != "" else value


def _begin(workspace: Workspace, upload: Upload, mapped: Mapped, file: ImportFile | RecordingFile) -> Import:
    mapping = mapped.as_dict()
    if upload.record is not None:
        upload.record.mapping, upload.record.digest = mapping, file.digest
        upload.record.save()
        return upload.record
    found = Import.objects.unfinished(workspace, upload.kind, file.digest, mapping)
    return found or Import.objects.create(
        workspace=workspace,
        kind=upload.kind,
        file_name=file.name,
        digest=file.digest,
        mapping=mapping,
        started_by=upload.actor,
    )


@contextmanager
def _recorded(record: Import) -> Iterator[None]:
    """Keep in the record how an import went; one that another process ended meanwhile is read again."""
    record.refresh_from_db()
    record.state, record.reason = Import.RUNNING, ""
    record.save()
    try:
        yield
    except BaseException as error:
        failed = isinstance(error, Exception)
        record.state = Import.FAILED if failed else Import.INTERRUPTED
        record.reason = error.sentence[:500] if isinstance(error, NousError) else type(error).__name__
        record.save()
        raise
    record.state, record.finished_at = Import.DONE, clock.now()
    record.save()


def _land_all(landing: _Landing, opening: _Opening, progress: Progress) -> None:
    record, connection = landing.record, opening.connection
    received_us, read = clock.now_us(), 0
    rejects = Rejects(opening.file, reject_path(record.id))
    store_rejects(connection, opening.table, wanted=True)
    repeats = find_repeats(connection)
    rejects.write_unread(connection)
    store_rejects(connection, opening.table, wanted=False)
    unread = rejects.count + rejects.blank
    record.rows_read = repeats.rows + rejects.count
    for batch in batches(connection, repeats, landing.table.names[0], landing.names):
        rejects.write(_keepable(landing, batch.bad))
        if batch.last_row >= record.rows_done:  # one row of a file may be many of the lake, and end a batch
            _land(landing, batch.good, received_us)
            record.rows_done = batch.last_row
        record.rejected, record.blank = rejects.count, rejects.blank
        record.save()
        read += batch.good.num_rows + batch.bad.num_rows
        progress(read, repeats.rows)
    record.rejected, record.blank, record.added = rejects.count, rejects.blank, _standing(landing)
    record.rows_read = repeats.rows + unread - record.blank
    record.repeated = record.rows_read - record.rejected - record.added - record.refused - record.empty


def _keepable(landing: _Landing, bad: Any) -> Any:
    """Rejected rows without those of people of whom nothing may be kept, as far as their ids can be read."""
    keys = identity_keys(landing.workspace, *(bad[name].cast(pa.string()) for name in IDS))
    refused = refused_among(landing.workspace, landing.table, keys)
    news = pc.greater(bad["#row"], landing.record.rows_done)
    landing.record.refused += pc.sum(pc.and_(refused, news)).as_py() or 0
    return bad.filter(pc.invert(refused))


def _land(landing: _Landing, rows: Any, received_us: int) -> None:
    constants = {"received_us": received_us, "source": landing.record.id}
    for name, value in constants.items():
        rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
    landed = land(landing.workspace, landing.table, rows)
    landing.record.added += landed.added
    landing.record.refused += landed.refused
    landing.record.empty += landed.empty


def _standing(landing: _Landing) -> int:
    """How many rows of an import stand: what a killed run had landed was not counted by it."""
    rows = lake_of(landing.workspace).snapshot(landing.table).table(landing.table)
    return int(rows.filter(rows.source == landing.record.id).count().to_pyarrow().as_py())
