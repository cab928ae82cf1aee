"""From arrivals to rows: each request's body read in its dialect, what cannot be kept named with its reason."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from nousnous.collector.answers import is_anonymous, is_answer, score_of
from nousnous.collector.dialects import Faults, ReadReplays
from nousnous.collector.dialects.routes import DIALECTS
from nousnous.collector.entries import Arrival, digest, row_of
from nousnous.collector.landing import BESIDE
from nousnous.collector.parsing import Faulty
from nousnous.collector.recordings import described, shift_of
from nousnous.collector.scrubbing import clean_broken, clean_entry, clean_own
from nousnous.collector.times import moment_us
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE
from nousnous.facts.replays import BODY, REPLAY_CHUNKS
from nousnous.facts.scores import SCORES
from nousnous.warehouse.schemas import arrow_schema

logger = logging.getLogger(__name__)

OUR_FAULT = "The body could not be read, by a fault of the collector."

IN_ORDER = (EVENTS, SCORES, REPLAY_CHUNKS, QUARANTINE)
"""Events land first: a consent that came with an answer decides whether the answer is kept."""

Row = dict[str, Any]


@dataclass(slots=True)
class _Found:
    """What arrivals became, by table."""

    events: list[Row] = field(default_factory=list)
    scores: list[Row] = field(default_factory=list)
    replays: list[Row] = field(default_factory=list)
    quarantine: list[Row] = field(default_factory=list)

    def take(self, other: "_Found") -> None:
        self.events += other.events
        self.scores += other.scores
        self.replays += other.replays
        self.quarantine += other.quarantine


def rows_of_arrivals(arrivals: Iterable[Arrival], kept: frozenset[str] = frozenset()) -> dict[Table, Any]:
    """Arrow rows for `landing.land`, by table; what is wrong with an entry stands in quarantine.

    `kept` names the query parameters that stay in addresses of our own script.

    A body that cannot be read or stored by a fault of ours goes to quarantine as a whole, so that nothing blocks the
    log.
    """
    every = list(arrivals)
    try:
        return _tables(_read(arrival, kept) for arrival in every)
    except Exception:
        if len(every) == 1:
            logger.exception("A body of %s could not be read.", every[0].path)
            return _tables([_Found(quarantine=[_quarantined(every[0], Faults(every[0].body, OUR_FAULT))])])
    parts = [rows_of_arrivals([arrival], kept) for arrival in every]
    return {
        table: pa.concat_tables(part[table] for part in parts if table in part)
        for table in IN_ORDER
        if any(table in part for part in parts)
    }


def _tables(parts: Iterable[_Found]) -> dict[Table, Any]:
    found = _Found()
    for part in parts:
        found.take(part)
    rows = (found.events, found.scores, found.replays, found.quarantine)
    return {table: _arrow(table, some) for table, some in zip(IN_ORDER, rows, strict=True) if some}


def _read(arrival: Arrival, kept: frozenset[str]) -> _Found:
    dialect, found = DIALECTS[arrival.dialect], _Found()
    if arrival.path in dialect.replays and dialect.read_replays is not None:
        return _read_replays(arrival, dialect.read_replays)
    for entry in dialect.read(arrival):
        if isinstance(entry, Faults):
            found.quarantine.append(_quarantined(arrival, entry))
            continue
        try:
            clean = clean_entry(entry, kept)
            scores = [score_of(clean, arrival)] if is_answer(clean) else []
            found.events += [] if is_anonymous(clean) else [row_of(clean, arrival)]
            found.scores += scores
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
        "body": clean_own(fault.body),
        "source": arrival.source,
    }


def _read_replays(arrival: Arrival, read: ReadReplays) -> _Found:
    """Pieces of recordings; they may be larger than events, and a bad one costs no neighbour."""
    found = _Found()
    try:
        for piece in read(arrival):
            if isinstance(piece, Faults):
                found.quarantine.append(_broken(arrival, piece))
                continue
            raw, known = piece
            try:
                found.replays.append(_chunk(arrival, raw, known))
            except Faulty as fault:
                ids = {name: known.get(name) for name in ("user_id", "anonymous_id")}
                found.quarantine.append({**_broken(arrival, Faults(raw, fault.sentence)), **ids})
    except Faulty as fault:
        found.quarantine.append(_broken(arrival, Faults(arrival.body, fault.sentence)))
    return found


def _broken(arrival: Arrival, fault: Faults) -> Row:
    """A recording in quarantine: it may show anything, so it is cleaned there, too."""
    return {**_quarantined(arrival, fault), "body": clean_broken(fault.body)}


def _chunk(arrival: Arrival, raw: bytes, known: Mapping[str, Any]) -> Row:
    if not known.get("session_id"):
        raise Faulty("The piece of the recording names no session.")
    told = described(raw, shift_of(arrival.received_us, moment_us(known.get("sent_at"))))
    named = ("session_id", "window_id", "sequence", "user_id", "anonymous_id")
    return {
        **told,
        **{name: known[name] for name in ("screen", "width", "height") if known.get(name) is not None},
        **{name: known.get(name) for name in named},
        "chunk_id": known.get("chunk_id") or f"made-{digest(raw)}",
        "received_us": arrival.received_us,
        BODY: raw,
        "source": arrival.source,
    }


def _arrow(table: Table, rows: list[Row]) -> Any:
    made = set(rows[0])
    fields = [field for field in arrow_schema(table) if field.name in made or field.name in {"user_id", "anonymous_id"}]
    if table in BESIDE:
        fields.append(BESIDE[table])
    return pa.table({field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in fields})
