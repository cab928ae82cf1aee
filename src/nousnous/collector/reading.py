"""From arrivals to rows: each request's body read in its dialect, what cannot be kept named with its reason."""

import logging
from collections.abc import Iterable, Mapping
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

Rows = dict[Table, list[dict[str, Any]]]


def rows_of_arrivals(arrivals: Iterable[Arrival]) -> dict[Table, Any]:
    """Arrow rows for `landing.land`, by table; what is wrong with an entry stands in quarantine.

    A body that a dialect's reader fails on (a fault of ours) goes to quarantine as a whole, so that nothing blocks the
    log.
    """
    rows: Rows = {EVENTS: [], REPLAY_CHUNKS: [], QUARANTINE: []}
    for arrival in arrivals:
        mine: Rows = {EVENTS: [], REPLAY_CHUNKS: [], QUARANTINE: []}
        try:
            _read(arrival, mine)
        except Exception:
            logger.exception("A body of %s could not be read.", arrival.path)
            mine = {QUARANTINE: [_quarantined(arrival, Faults(arrival.body, OUR_FAULT))]}
        for table, found in mine.items():
            rows[table] += found
    return {table: _arrow(table, found) for table, found in rows.items() if found}


def _read(arrival: Arrival, rows: Rows) -> None:
    dialect = DIALECTS[arrival.dialect]
    if arrival.path in dialect.replays:
        rows[REPLAY_CHUNKS] += _chunks(arrival, dialect)
        return
    for entry in dialect.read(arrival):
        if isinstance(entry, Faults):
            rows[QUARANTINE].append(_quarantined(arrival, entry))
            continue
        try:
            rows[EVENTS].append(row_of(entry, arrival))
        except Faulty as fault:
            found = _quarantined(arrival, Faults(entry.raw, fault.sentence))
            rows[QUARANTINE].append({**found, "user_id": entry.user_id, "anonymous_id": entry.anonymous_id})


def _quarantined(arrival: Arrival, fault: Faults) -> dict[str, Any]:
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


def _chunks(arrival: Arrival, dialect: Dialect) -> list[dict[str, Any]]:
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


def _arrow(table: Table, rows: list[dict[str, Any]]) -> Any:
    made = set(rows[0])
    fields = [field for field in arrow_schema(table) if field.name in made or field.name in {"user_id", "anonymous_id"}]
    if table is EVENTS:
        fields.append(pa.field(PREVIOUS_ID, pa.string()))
    return pa.table({field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in fields})
