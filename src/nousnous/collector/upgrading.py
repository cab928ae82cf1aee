"""What version 0.1.0 kept otherwise: recordings within their table become objects and an index, and events get the
columns of experiments.

Done once by migrations of the records. The new table of recordings is made beside the old one and takes its place at
the end: what a killed process left is made anew.
"""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, write_deltalake

from nousnous.base.ids import keyed_hash
from nousnous.collector.dialects.snapshots import rrweb_events
from nousnous.collector.entries import digest, identifier
from nousnous.collector.landing import object_key
from nousnous.collector.parsing import Faulty, object_of
from nousnous.collector.recordings import described
from nousnous.collector.scrubbing import clean_recording
from nousnous.facts.events import ASSIGNED, EVENTS, EXPERIMENT_ID, EXPOSURE, VARIATION_ID
from nousnous.facts.messages import QUARANTINE
from nousnous.facts.replays import BODY, REPLAY_CHUNKS
from nousnous.warehouse.lake import Lake
from nousnous.warehouse.objects import objects_of
from nousnous.warehouse.schemas import arrow_schema, delta_settings, writing

ROWS_A_BATCH, EVENTS_A_BATCH = 200, 100_000
KEPT = ("chunk_id", "chunk_key", "session_id", "received_us", "user_id", "anonymous_id", "identity_key", "source")


def take_recordings_apart(lake: Lake, salt: bytes) -> None:
    """Make version 2 of a workspace's table of recordings, where version 1 stands."""
    old, new = Path(lake.path(REPLAY_CHUNKS)), Path(lake.folder) / f"{REPLAY_CHUNKS.name}.new"
    if not old.exists() and new.exists():
        new.rename(old)
    if not DeltaTable.is_deltatable(str(old)) or BODY not in _columns(old):
        return
    shutil.rmtree(new, ignore_errors=True)
    DeltaTable.create(
        str(new),
        arrow_schema(REPLAY_CHUNKS),
        description=f"version {REPLAY_CHUNKS.version}",
        configuration=delta_settings(REPLAY_CHUNKS),
    )
    for batch in DeltaTable(str(old)).to_pyarrow_dataset().to_batches(batch_size=ROWS_A_BATCH):
        rows = batch.to_pylist()
        whole = [made for row in rows if (made := _apart(lake, salt, row)) is not None]
        if whole:
            typed = pa.Table.from_pylist(whole, arrow_schema(REPLAY_CHUNKS))
            write_deltalake(str(new), typed, mode="append", writer_properties=writing(REPLAY_CHUNKS))
    shutil.rmtree(old)
    new.rename(old)


def add_assignments(lake: Lake) -> None:
    """Make version 2 of a workspace's events, where version 1 stands, in one commit."""
    path = Path(lake.path(EVENTS))
    if not DeltaTable.is_deltatable(str(path)) or ASSIGNED[0].name in _columns(path):
        return
    batches = DeltaTable(str(path)).to_pyarrow_dataset().to_batches(batch_size=EVENTS_A_BATCH)
    made = pa.RecordBatchReader.from_batches(arrow_schema(EVENTS), map(_with_assignments, batches))
    write_deltalake(str(path), made, mode="overwrite", schema_mode="overwrite", writer_properties=writing(EVENTS))


def _with_assignments(batch: Any) -> Any:
    told = batch.column("properties")
    seen = np.flatnonzero(pc.fill_null(pc.equal(batch.column("event"), EXPOSURE), fill_value=False)).tolist()
    found: dict[str, list[str | None]] = {column.name: [None] * batch.num_rows for column in ASSIGNED}
    for place in seen:
        properties = object_of((told[place].as_py() or "{}").encode())
        for column, name in zip(ASSIGNED, (EXPERIMENT_ID, VARIATION_ID), strict=True):
            found[column.name][place] = identifier(properties.get(name))
    columns = [
        pa.array(found[field.name], field.type) if field.name in found else batch.column(field.name).cast(field.type)
        for field in arrow_schema(EVENTS)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=arrow_schema(EVENTS))


def _columns(path: Path) -> set[str]:
    return {field.name for field in DeltaTable(str(path)).schema().fields}


def _apart(lake: Lake, salt: bytes, row: dict[str, Any]) -> dict[str, Any] | None:
    """The row of the index, its body written as an object; None for one that no player could ever read."""
    sent = row[BODY] or b""
    properties = object_of(sent).get("properties")
    properties = properties if isinstance(properties, dict) else {}
    try:
        body = sent if sent[:1] == b"[" else rrweb_events(properties.get("$snapshot_data"))
        told = described(body)
    except Faulty as fault:
        _keep_apart(lake, salt, row, fault.sentence)
        return None
    key = object_key(salt, row["session_id"] or "", row["chunk_id"])
    size = objects_of(lake).put(key, clean_recording(body, frozenset()))
    window = properties.get("$window_id")
    named = {"window_id": window if isinstance(window, str) else None, "object": key, "bytes": size}
    return {**told, **{name: row[name] for name in KEPT}, **named}


def _keep_apart(lake: Lake, salt: bytes, row: dict[str, Any], reason: str) -> None:
    """What cannot be read stands in quarantine, under an id of its content: a second try adds none."""
    body, source = row[BODY] or b"", row["source"] or ""
    name = f"q-{digest(source.encode(), b'/s', body)}"
    told = {"quarantine_id": name, "quarantine_key": keyed_hash(salt, "quarantine", name), "reason": reason}
    kept = {one: row[one] for one in ("received_us", "user_id", "anonymous_id", "identity_key", "source")}
    entry = {**told, **kept, "dialect": "posthog", "path": "/s", "body": body}
    standing = lake.snapshot(QUARANTINE).table(QUARANTINE)
    if not standing.filter(standing.quarantine_id == name).count().to_pyarrow().as_py():
        lake.append(QUARANTINE, pa.Table.from_pylist([entry], arrow_schema(QUARANTINE)))
