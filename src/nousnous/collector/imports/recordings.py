"""Files of recordings: the rrweb events of a JSON array, of an object with `events`, or of JSON lines, gzipped or not.

What cannot be read costs itself alone, and is told with its place.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nousnous.base import clock
from nousnous.base.errors import Missing, Place, Refused
from nousnous.collector.parsing import entries_of, spans_of

MOST_BYTES = 64 * 1024 * 1024
MOST_UNREAD = 100_000
PIECE_US = 10 * clock.SECOND_US
EARLIEST_MS, LATEST_MS = 0, 32_503_680_000_000
WHOLE = 2
GZIP = b"\x1f\x8b"
CUT = "The file is cut off: what stands before the cut was read."
_START, _TIME = b'"events"', b'"timestamp"'


class RecordedEvent(msgspec.Struct):
    """An rrweb event as far as the order and the cutting into pieces need it."""

    type: int
    timestamp: int | float
    data: Any


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that is no rrweb event: its number in the file, why, and how it is written."""

    number: int
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """The events of a file in order of time, as JSON and decoded, and what could not be read; `notes` are sentences."""

    name: str
    digest: str
    session_id: str
    raw: tuple[bytes, ...]
    events: tuple[RecordedEvent, ...]
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]

    def decoded(self) -> Iterator[dict[str, Any]]:
        """The events as objects, in order of time."""
        return ({"type": one.type, "timestamp": one.timestamp, "data": one.data} for one in self.events)


class _Outline(msgspec.Struct):
    """As little of an event as tells that it is one."""

    type: int
    timestamp: int | float


_event = msgspec.json.Decoder(RecordedEvent)
_outlines = msgspec.json.Decoder(list[_Outline])


def read_recording(path: Path, name: str = "") -> RecordingFile:
    """Read a file; Refused when nothing in it can be played."""
    shown = name or path.name
    if not path.is_file():
        raise Missing(f"There is no file {shown}.")
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(shown)
    packed = path.read_bytes()
    body, notes = _plain(packed, shown)
    good, unread = _decoded(_entries(body, shown))
    if not notes and not unread and not _is_whole(body):
        notes.append(CUT)
    if not good:
        raise Refused(
            "The file is no recording: a JSON array (or lines) of rrweb events was expected, each with type, "
            "timestamp and data.",
            Place(file=shown),
        )
    order = np.argsort([event.timestamp for _, event in good], kind="stable")
    if (np.diff(order) < 0).any():
        notes.append("Its events were out of order, and were sorted by their times.")
    raw, events = zip(*(good[place] for place in order), strict=True)
    first = next((place for place, event in enumerate(events) if event.type == WHOLE), None)
    if first is None:
        raise Refused(
            "The recording holds no whole picture of the page (an event of type 2), so it cannot be played; its "
            "beginning is missing.",
            Place(file=shown),
        )
    if unread:
        notes.append(f"{len(unread)} of {len(unread) + len(events)} events could not be read; the others are whole.")
    digest = hashlib.sha256(packed).hexdigest()
    return RecordingFile(shown, digest, _named(events), raw, events, tuple(unread), tuple(notes))


def pieces_of(recording: RecordingFile) -> list[tuple[int, int]]:
    """Where the pieces of a recording begin and end, as places of events: some seconds each.

    A piece that is damaged later costs its seconds alone.
    """
    times_us = np.round(np.array([event.timestamp for event in recording.events]) * 1000).astype(np.int64)
    number = (times_us - times_us[0]) // PIECE_US
    starts = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(times_us)]
    return list(pairwise(starts))


def _named(events: tuple[RecordedEvent, ...]) -> str:
    """A session's id by what happened when: the same however the file is written, and whatever was cleaned in it."""
    moments = np.array([(event.type, event.timestamp) for event in events], np.float64)
    return f"imported-{hashlib.sha256(moments.tobytes()).hexdigest()[:20]}"


def _plain(packed: bytes, shown: str) -> tuple[bytes, list[str]]:
    """The text of a file; of a gzipped one that is cut off what stands before the cut."""
    if not packed.startswith(GZIP):
        return _checked(packed, shown), []
    unpacker = zlib.decompressobj(31)
    try:
        body = unpacker.decompress(packed, MOST_BYTES + 1)
    except zlib.error as error:
        raise Refused(f"The file cannot be unpacked: {error}; export or copy it again.", Place(file=shown)) from None
    return _checked(body, shown), [] if unpacker.eof else [CUT]


def _checked(body: bytes, shown: str) -> bytes:
    if len(body) > MOST_BYTES:
        raise _too_large(shown)
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise Refused("The file is empty; export it again.", Place(file=shown))
    return body


def _too_large(shown: str) -> Refused:
    return Refused("The file holds more than 64 MiB; export the recording in parts.", Place(file=shown))


def _entries(body: bytes, shown: str) -> list[bytes]:
    """The JSON of each event of a file."""
    if body[:1] == b"[":
        return _listed(body, shown)
    if body[:1] != b"{":
        raise Refused("The file is no JSON; a recording is a JSON array of rrweb events.", Place(file=shown))
    if body.count(b"\n") > body.count(_TIME) + MOST_UNREAD:
        raise _no_events(shown)
    lines = body.splitlines()
    if len(lines) > 1 and _is_object(lines[0]):
        return [entry for line in lines if line.strip() for entry in _within(line.strip(), shown)]
    return _within(body, shown)


def _listed(body: bytes, shown: str) -> list[bytes]:
    """The members of a list; refused before they fill the memory where most of them can be no events."""
    if body.count(b",") > MOST_UNREAD:
        try:
            _outlines.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            most = body.count(_TIME) + MOST_UNREAD
            if sum(1 for _ in islice(spans_of(body, 0, 0), most + 1)) > most:
                raise _no_events(shown) from None
    return entries_of(body)[1]


def _no_events(shown: str) -> Refused:
    return Refused("Most of what the file lists are no events of rrweb; export the recording again.", Place(file=shown))


def _within(body: bytes, shown: str) -> list[bytes]:
    """The events of an object's `events`, or the object itself."""
    start = body.find(_START)
    if start < 0 or _is_event(body):
        return [body]
    begin = body.find(b"[", start)
    return _listed(body[begin:], shown) if begin >= 0 else [body]


def _is_whole(body: bytes) -> bool:
    """Whether it is one JSON value, or one a line, to its end."""
    for text in (body, body.splitlines()[-1]):
        try:
            msgspec.json.decode(text, type=msgspec.Raw)
        except msgspec.MsgspecError:
            continue
        return True
    return False


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except msgspec.MsgspecError:
        return False


def _is_event(body: bytes) -> bool:
    try:
        _event.decode(body)
    except msgspec.MsgspecError:
        return False
    return True


def _decoded(entries: list[bytes]) -> tuple[list[tuple[bytes, RecordedEvent]], list[Unread]]:
    good, unread = [], []
    for number, raw in enumerate(entries, start=1):
        try:
            event = _event.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            unread.append(Unread(number, "is no rrweb event with type, timestamp and data, or is cut off", raw))
            continue
        if not EARLIEST_MS <= event.timestamp <= LATEST_MS:
            unread.append(Unread(number, "has a time that cannot be read", raw))
            continue
        good.append((raw, event))
    return good, unread
