"""The one way rows enter the lake: once each, only what may be kept, and tied to their persons.

The log's loader and the file imports both land here. Landing the same rows again adds nothing, so whoever hands rows in
may do so until it hears that they stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from nousnous.base.ids import keyed_hash, keyed_hashes
from nousnous.collector.capture import kept_query
from nousnous.collector.choices import choices_in
from nousnous.collector.messages import clean_messages
from nousnous.collector.names import is_wanted
from nousnous.collector.ports import people
from nousnous.collector.scrubbing import clean_recording
from nousnous.collector.standing import standing_in
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.landings import EventsLanded
from nousnous.facts.messages import MESSAGES
from nousnous.facts.replays import BODY, REPLAY_CHUNKS
from nousnous.runs import outbox
from nousnous.runs.locks import exclusive
from nousnous.warehouse.engine import text_keys
from nousnous.warehouse.lake import Lake, Overtaken, lake_of
from nousnous.warehouse.objects import objects_of
from nousnous.warehouse.schemas import arrow_schema
from nousnous.warehouse.sessions import note_pieces
from nousnous.workspaces.models import Workspace

PREVIOUS_ID = "previous_id"
NAMED_ROWS = 5_000
"""How many messages are landed at once where names are masked: that is slow, and others wait for the lake meanwhile."""
TRIES = 20
"""How often landing lets others go first before it waits for the next time."""
BESIDE = {EVENTS: pa.field(PREVIOUS_ID, pa.string()), REPLAY_CHUNKS: pa.field(BODY, pa.binary())}
"""What rows bring beside the columns of their table."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of handed-in rows: they stand now, stood already, may not be kept, or say nothing."""

    added: int
    repeated: int
    refused: int
    empty: int = 0


def land(workspace: Workspace, table: Table, rows: Any) -> Landed:
    """Bring Arrow rows into a table of a workspace.

    `rows` hold the table's columns, except those that are made here: `identity_key`, the key of the row's id (each
    table's second column, of its first) and `landed_us`. A column that is missing is null. Rows of events may have one
    more column, `previous_id`: what an alias says the known id was called before; without it that is the anonymous id.
    Rows of recordings have one more column, `body`: it becomes an object. Messages are cleaned; those of which nothing
    is left are not kept.
    """
    if table is MESSAGES and is_wanted() and rows.num_rows > NAMED_ROWS:
        pieces = (rows.slice(at, NAMED_ROWS) for at in range(0, rows.num_rows, NAMED_ROWS))
        return _together([land(workspace, table, piece) for piece in pieces])
    complete = _with_keys(workspace, table, rows)
    lake = lake_of(workspace)
    with exclusive(f"lake-{workspace.id}"):
        fresh = _not_yet_there(lake, table, complete)
        if table is EVENTS and (choices := choices_in(fresh, bytes(workspace.salt))) is not None:
            people().note_choices(workspace, choices)
        allowed = _allowed(workspace, table, fresh)
        if table is EVENTS:
            _observe(workspace, allowed)
        landed_us = lake.next_landed_us()
        if table is REPLAY_CHUNKS:
            allowed = _with_objects(workspace, lake, allowed)
        refused = fresh.num_rows - allowed.num_rows
        empty = allowed.num_rows
        if table is MESSAGES:
            allowed = clean_messages(allowed)
        empty -= allowed.num_rows
        if "landed_us" in table.names and allowed.num_rows:
            allowed = _with(allowed, "landed_us", pa.array(np.full(allowed.num_rows, landed_us)))
        added = add_unseen(lake, table, allowed)
        if table is REPLAY_CHUNKS:
            note_pieces(lake, added)
    if added.num_rows:
        with transaction.atomic():
            outbox.record(EventsLanded(workspace.id, landed_us))
    repeated = complete.num_rows - fresh.num_rows + allowed.num_rows - added.num_rows
    return Landed(added.num_rows, repeated, refused, empty)


def _together(landed: Iterable[Landed]) -> Landed:
    told = [(one.added, one.repeated, one.refused, one.empty) for one in landed]
    return Landed(*map(sum, zip(*told, strict=True)))


def add_unseen(lake: Lake, table: Table, rows: Any) -> Any:
    """Commit rows right after the commit in which they were looked for, and return those that were added. Where
    somebody else was faster, only what came meanwhile is looked through before the next try.
    """
    for _ in range(TRIES):
        try:
            lake.append(table, rows, standing_in(lake, table).asked)
        except Overtaken:
            rows = _not_yet_there(lake, table, rows)
        else:
            return rows
    lake.append(table, rows, standing_in(lake, table).asked)
    return rows


def id_keys(ids: Any) -> Any:
    """The 64-bit keys of an Arrow array of row ids.

    >>> len(id_keys(pa.array(["a", "a", "b"])).unique())
    2
    """
    return text_keys(ids)


def identity_keys(workspace: Workspace, user_ids: Any, anonymous_ids: Any) -> Any:
    """The surrogate keys of Arrow arrays of ids: of the known id, else of the anonymous one, else null."""
    salt = bytes(workspace.salt)
    return pc.coalesce(_keys_of(user_ids, salt, "known"), _keys_of(anonymous_ids, salt, "anonymous"))


def _keys_of(ids: Any, key: bytes, kind: str) -> Any:
    """Each distinct id is hashed once; the rows take theirs by position."""
    coded = pc.dictionary_encode(ids)
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    hashes = pa.array(keyed_hashes(key, kind, coded.dictionary.to_pylist()), pa.int64())
    return hashes.take(coded.indices)


def _with_keys(workspace: Workspace, table: Table, rows: Any) -> Any:
    id_column, key_column = table.names[:2]
    columns = {name: rows[name] for name in rows.column_names}
    columns[key_column] = id_keys(rows[id_column])
    user_ids, anonymous_ids = _texts(rows, "user_id"), _texts(rows, "anonymous_id")
    columns["identity_key"] = identity_keys(workspace, user_ids, anonymous_ids)
    schema = arrow_schema(table)
    complete = pa.table(
        [columns.get(field.name, pa.nulls(rows.num_rows, field.type)) for field in schema], names=schema.names
    ).cast(schema)
    if table is REPLAY_CHUNKS:
        return complete.append_column(BESIDE[table], rows[BODY])
    if table is not EVENTS:
        return complete
    own = pc.if_else(pc.equal(complete["type"], "alias"), anonymous_ids, None)
    return complete.append_column(PREVIOUS_ID, pc.coalesce(_texts(rows, PREVIOUS_ID), own))


def _texts(rows: Any, name: str) -> Any:
    return rows[name].cast(pa.string()) if name in rows.column_names else pa.nulls(rows.num_rows, pa.string())


def _with(rows: Any, name: str, values: Any) -> Any:
    return rows.set_column(rows.column_names.index(name), name, values)


def _not_yet_there(lake: Lake, table: Table, rows: Any) -> Any:
    """The first row of each id that does not stand in the lake yet."""
    id_column, key_column = table.names[:2]
    ordered = np.sort(rows[key_column].to_numpy())
    if (ordered[1:] == ordered[:-1]).any():
        position = pa.array(np.arange(rows.num_rows))
        first = rows.select([id_column]).append_column("position", position)
        first = first.group_by(id_column).aggregate([("position", "min")])["position_min"]
        rows = rows.take(first.take(pc.sort_indices(first)))
    perhaps = standing_in(lake, table).perhaps(rows[key_column].to_numpy())
    if not perhaps.any():
        return rows
    stored = lake.snapshot(table).matching(table, key_column, rows.filter(pa.array(perhaps))[key_column])
    repeated = pc.is_in(rows[id_column], stored.select(id_column).to_pyarrow()[id_column])
    return rows.filter(pc.invert(repeated))


def _allowed(workspace: Workspace, table: Table, rows: Any) -> Any:
    """The rows of which something may be kept; an id beside them that may not be kept is left out of its row."""
    refused = refused_among(workspace, table, rows["identity_key"])
    rows = rows.filter(pc.invert(refused)) if pc.any(refused).as_py() else rows
    salt = bytes(workspace.salt)
    for name, kinds in (("anonymous_id", ("anonymous",)), (PREVIOUS_ID, ("anonymous", "known"))):
        if name not in rows.column_names or rows[name].null_count == rows.num_rows:
            continue
        for kind in kinds:
            refused = refused_among(workspace, table, _keys_of(rows[name], salt, kind))
            rows = _with(rows, name, pc.if_else(refused, None, rows[name]))
    return rows


def refused_among(workspace: Workspace, table: Table, keys: Any) -> Any:
    """Of Arrow identity keys, which are of people of whom nothing may be kept in a table."""
    refused: Iterable[int] = people().refused(workspace.id, table.name, pc.unique(keys).drop_null().to_pylist())
    return pc.is_in(keys, pa.array(sorted(refused), pa.int64()))


def _with_objects(workspace: Workspace, lake: Lake, rows: Any) -> Any:
    """Write the bodies of recordings as objects, cleaned whoever recorded them.

    Who lacks the workspace's salt learns nobody's id from their keys.
    """
    objects, salt = objects_of(lake), bytes(workspace.salt)
    keys, sizes, kept = [], [], kept_query(workspace)
    for row in rows.select(["session_id", "chunk_id", BODY]).to_pylist():
        keys.append(object_key(salt, row["session_id"], row["chunk_id"]))
        sizes.append(objects.put(keys[-1], clean_recording(row[BODY], kept)))
    return _with(_with(rows, "object", pa.array(keys, pa.string())), "bytes", pa.array(sizes, pa.int64()))


def object_key(salt: bytes, session_id: str, chunk_id: str) -> str:
    """Where the body of a piece lies, below the folder of its workspace."""
    session, chunk = (keyed_hash(salt, *named) % 2**64 for named in (("session", session_id), ("chunk", chunk_id)))
    return f"{session:016x}/{chunk:016x}.json.zst"


def _observe(workspace: Workspace, rows: Any) -> None:
    """Tell who met whom: an anonymous id beside a known one, and what an alias says."""
    aliases = rows.filter(pc.and_(pc.is_valid(rows["user_id"]), pc.is_valid(rows[PREVIOUS_ID])))
    beside = pc.fill_null(pc.not_equal(rows["anonymous_id"], rows[PREVIOUS_ID]), fill_value=True)
    both = pc.and_(pc.is_valid(rows["user_id"]), pc.is_valid(rows["anonymous_id"]))
    meetings = pa.concat_tables(
        [
            _meetings(rows.filter(pc.and_(both, beside)), "anonymous_id", alias=False),
            _meetings(aliases, PREVIOUS_ID, alias=True),
        ]
    )
    if meetings.num_rows:
        grouped = meetings.group_by(["previous_id", "known_id", "alias"]).aggregate([("moment_us", "min")])
        people().observe(workspace, grouped.rename_columns(["previous_id", "known_id", "alias", "moment_us"]))


def _meetings(rows: Any, previous: str, *, alias: bool) -> Any:
    flags = pa.array(np.full(rows.num_rows, alias))
    columns = [rows[previous], rows["user_id"], flags, rows["ts_us"]]
    return pa.table(columns, names=["previous_id", "known_id", "alias", "moment_us"])
