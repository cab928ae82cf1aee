"""The verbs of recordings in files: what an import would bring, and bringing it."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from nousnous.base import clock
from nousnous.collector.entries import digest
from nousnous.collector.imports.recordings import RecordingFile, pieces_of
from nousnous.collector.imports.rejects import write_rejects
from nousnous.collector.landing import BESIDE, Landed, land
from nousnous.collector.models import Import
from nousnous.collector.ports import detect
from nousnous.collector.recordings import described
from nousnous.collector.scrubbing import clean_address, clean_name, clean_text
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.replays import BODY, REPLAY_CHUNKS, SignalFound
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.schemas import arrow_schema
from nousnous.workspaces.models import Workspace

WINDOW = "imported"
ROW_LETTERS = 300
"""An event of a recording may hold a whole page: only its beginning stands in the reject file."""


@dataclass(frozen=True, slots=True)
class RecordingMapping:
    """Whose recording a file is: a known id, or nobody's that we know."""

    person: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def overview(recording: RecordingFile) -> dict[str, Any]:
    """What a file holds, as one row for people."""
    told = described(_body(recording.raw))
    signals = detect(recording.decoded())
    return {
        "begins_us": told["ts_us"],
        "seconds": round((told["until_us"] - told["ts_us"]) / clock.SECOND_US, 1),
        "screen": told["screen"] or "",
        "size": f"{told['width']} × {told['height']}" if told["width"] and told["height"] else "",
        "events": len(recording.events),
        "signals": ", ".join(f"{one.event} on {one.element}" for one in signals) or "none",
        **({"note": " ".join(recording.notes)} if recording.notes else {}),
    }


def rejected(recording: RecordingFile, most: int) -> list[dict[str, Any]]:
    """The first entries that cannot be read."""
    return [{"row": one.number, "field": "event", "reason": one.reason} for one in recording.unread[:most]]


def land_recording(workspace: Workspace, record: Import, recording: RecordingFile, mapping: RecordingMapping) -> None:
    """Bring the pieces of a recording in, and the signals that it shows as events; counts in events of the file."""
    who = {"user_id": mapping.person or None, "anonymous_id": None if mapping.person else recording.session_id}
    constants = {**who, "received_us": clock.now_us(), "source": record.id, "session_id": recording.session_id}
    write_rejects(record.id, ((one.number, "event", one.reason, _shown(one.raw)) for one in recording.unread))
    pieces = [_piece(recording, number, *span) | constants for number, span in enumerate(pieces_of(recording))]
    signals = [_event_of(signal, recording) | constants for signal in detect(recording.decoded())]
    record.refused = _refused(_land(workspace, REPLAY_CHUNKS, pieces), pieces)
    _land(workspace, EVENTS, signals)
    record.rejected = len(recording.unread)
    record.rows_read = len(recording.events) + record.rejected
    record.added = _standing(workspace, record)
    record.repeated = len(recording.events) - record.added - record.refused
    record.reason = " ".join(recording.notes)[:500]


def _piece(recording: RecordingFile, number: int, first: int, end: int) -> dict[str, Any]:
    body = _body(recording.raw[first:end])
    named = {"chunk_id": f"{recording.session_id}-{number}", "window_id": WINDOW, "sequence": number}
    return {**described(body), **named, BODY: body}


def _refused(landed: Landed, pieces: list[dict[str, Any]]) -> int:
    """All pieces are of one person: nothing or everything may be kept of them."""
    return sum(piece["moments"] for piece in pieces) if landed.refused else 0


def _standing(workspace: Workspace, record: Import) -> int:
    """How many events stand in the pieces of an import: what a killed run had landed was not counted by it."""
    rows = lake_of(workspace).snapshot(REPLAY_CHUNKS).table(REPLAY_CHUNKS)
    return int(rows.filter(rows.source == record.id).moments.sum().to_pyarrow().as_py() or 0)


def _event_of(signal: SignalFound, recording: RecordingFile) -> dict[str, Any]:
    name = digest(recording.session_id.encode(), signal.event.encode(), str(signal.at_us).encode())
    told = {"clicks": signal.clicks, "name": clean_text(signal.name)}
    return {
        "message_id": f"seen-{name}",
        "type": "track",
        "event": signal.event,
        "raw_event": signal.event,
        "ts_us": signal.at_us,
        "element": clean_name(signal.element) or None,
        "screen": clean_address(signal.screen) or None,
        "properties": json.dumps({name: one for name, one in told.items() if one}),
    }


def _land(workspace: Workspace, table: Table, rows: list[dict[str, Any]]) -> Landed:
    if not rows:
        return Landed(0, 0, 0)
    fields = [*arrow_schema(table), *([BESIDE[table]] if table in BESIDE else [])]
    known = pa.schema([one for one in fields if one.name in rows[0]])
    return land(workspace, table, pa.Table.from_pylist(rows, known))


def _body(raw: tuple[bytes, ...]) -> bytes:
    return b"[" + b",".join(raw) + b"]"


def _shown(raw: bytes) -> str:
    return raw[:ROW_LETTERS].decode("utf-8", "replace")
