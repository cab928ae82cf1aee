"""From arrivals to rows: each request's body read in its dialect, what cannot be kept named with its reason."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from nousnous.collector.dialects import Dialect, Faults
from nousnous.collector.dialects.routes import DIALECTS
from nousnous.collector.entries import Arrival, digest, row_of
from nousnous.collector.landing import PREVIOUS_ID
from nousnous.collector.parsing import Faulty
from nousnous.collector.times import moment_us
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE, REPLAY_CHUNKS
from nousnous.warehouse.schemas import arrow_schema

logger = logging.getLogger(__name__)

OUR_FAULT = "The body could not be read, by a fault of the collector."

Row = dict[str, Any]


@dataclass(slots=True)
class _Found:
    """What arrivals became, by table."""

    events: list[Row] = field(default_factory=list)
    replays: list[Row] = field(default_factory=list)
    quarantine: list[Row] = field(default_factory=list)

    def take(self, other: "_Found") -> None:
        self.events += other.events
        self.replays += other.replays
        self.quarantine += other.quarantine


def rows_of_arrivals(arrivals: Iterable[Arrival]) -> dict[Table, Any]:
    """Arrow rows for `landing.land`, by table; what is wrong with an entry stands in quarantine.

    A body that cannot be read or stored by a fault of ours goes to quarantine as a whole, so that nothing blocks the
    log.
    """
    every = list(arrivals)
    try:
        return _tables(map(_read, every))
    except Exception:
        if len(every) == 1:
            logger.exception("A body of %s could not be read.", every[0].path)
            return _tables([_Found(quarantine=[_quarantined(every[0], Faults(every[0].body, OUR_FAULT))])])
    parts = [rows_of_arrivals([arrival]) for arrival in every]
    named = {table for part in parts for table in part}
    return {table: pa.concat_tables(part[table] for part in parts if table in part) for table in named}


def _tables(parts: Iterable[_Found]) -> dict[Table, Any]:
    found = _Found()
    for part in parts:
        found.take(part)
    tables = ((EVENTS, found.events), (REPLAY_CHUNKS, found.replays), (QUARANTINE, found.quarantine))
    return {table: _arrow(table, rows) for table, rows in tables if rows}


def _read(arrival: Arrival) -> _Found:
    dialect, found = DIALECTS[arrival.dialect], _Found()
    if arrival.path in dialect.replays:
        try:
            found.replays = _chunks(arrival, dialect)
        except Faulty as fault:
            found.quarantine = [_quarantined(arrival, Faults(arrival.body, fault.sentence))]
        return found
    for entry in dialect.read(arrival):
        if isinstance(entry, Faults):
            found.quarantine.append(_quarantined(arrival, entry))
            continue
        try:
            found.events.append(row_of(entry, arrival))
        except Faulty as fault:
            row = _quarantined(arrival, Faults(entry.raw, fault.sentence))
            found.quarantine.append({**row, "user_id": entry.user_id, "anonymous_id": entry.anonymous_id})
    return found


def _quarantined(arrival: Arrival, fault: Faults) -> Row:
    """An entry of quarantine; its id is made of source, path and body, so the same bad input stands once."""
    return {
        "quarantine_id": f"q-{digest(arrival.source.encode(), arrival.path.encode(), fault.body)}",
        "received_us": arrival.received_us,
        "dialect": arrival.dialect,
        "path": arrival.path,
        "reason": fault.reason,
        "body": fault.body,
        "source": arrival.source,
    }


def _chunks(arrival: Arrival, dialect: Dialect) -> list[Row]:
    """Pieces of recordings; they may be larger than events."""
    if dialect.read_replays is None:
        return []
    return [_chunk(arrival, raw, found) for raw, found in dialect.read_replays(arrival)]


def _chunk(arrival: Arrival, raw: bytes, found: Mapping[str, Any]) -> dict[str, Any]:
    time_us = moment_us(found.get("time"))
    return {
        "chunk_id": found.get("chunk_id") or f"made-{digest(raw)}",
        "session_id": found.get("session_id"),
        "ts_us": arrival.received_us if time_us is None else time_us,
        "received_us": arrival.received_us,
        "user_id": found.get("user_id"),
        "anonymous_id": found.get("anonymous_id"),
        "body": raw,
        "source": arrival.source,
    }


def _arrow(table: Table, rows: list[Row]) -> Any:
    made = set(rows[0])
    fields = [field for field in arrow_schema(table) if field.name in made or field.name in {"user_id", "anonymous_id"}]
    if table is EVENTS:
        fields.append(pa.field(PREVIOUS_ID, pa.string()))
    return pa.table({field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in fields})
