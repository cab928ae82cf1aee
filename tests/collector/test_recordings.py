"""Pieces of recordings, as our own script sends them."""

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from tests.places import SHARED_DATA

from nousnous.collector.bodies import unpack
from nousnous.collector.entries import Arrival
from nousnous.collector.reading import rows_of_arrivals
from nousnous.facts.messages import QUARANTINE
from nousnous.facts.replays import REPLAY_CHUNKS

CHUNK = {
    "chunkId": "c-1",
    "sessionId": "s-1",
    "windowId": "w-1",
    "sequence": 4,
    "anonymousId": "a-1",
    "userId": None,
    "sentAt": "2026-01-05T10:00:10Z",
    "screen": "/cart",
    "width": 1280,
    "height": 900,
    "events": [{"type": 4, "timestamp": 1767607205000, "data": {}}],
}


def arrived(chunk: Any) -> Any:
    body = json.dumps(chunk).encode()
    return rows_of_arrivals([Arrival("ws", "key", "nous", "/v1/replay", 1767607210 * 10**6, "", body)])


def test_a_piece_of_a_recording_is_kept_with_what_is_known_of_it() -> None:
    (row,) = arrived(CHUNK)[REPLAY_CHUNKS].to_pylist()
    assert (row["chunk_id"], row["session_id"], row["anonymous_id"]) == ("c-1", "s-1", "a-1")
    assert row["ts_us"] == 1767607205 * 10**6


@pytest.mark.parametrize("odd", [{"sequence": "first"}, {"sequence": -1}, {"sequence": 10**30}, {"width": 10**30}])
def test_what_is_no_piece_of_a_recording_goes_to_quarantine_with_a_sentence(odd: dict[str, Any]) -> None:
    (row,) = arrived(CHUNK | odd)[QUARANTINE].to_pylist()
    assert row["reason"] == "This is no piece of a recording of our script."


def test_what_cannot_be_read_of_a_recording_is_cleaned_in_quarantine_too() -> None:
    shown = [{"type": 3, "data": {"text": "ada@example.org pays with 4111 1111 1111 1111"}}]
    whole = arrived({**CHUNK, "sequence": "first", "events": shown})[QUARANTINE]
    body = b'{"sessionId": "s-1", "events": [{"text": "ada@example.org'
    torn, packed = (
        rows_of_arrivals([Arrival("ws", "key", "nous", "/v1/replay", 1, "", one)])[QUARANTINE]
        for one in (body, bytes([31, 139, 8, 0, 255]))
    )
    bodies = [bytes(table["body"][0].as_py()) for table in (whole, torn, packed)]
    assert b"[email] pays with [card]" in bodies[0]
    assert bodies[1:] == [body.replace(b"ada@example.org", b"[email]"), b""]


@pytest.mark.parametrize(
    "sent",
    [
        lambda text: text,
        gzip.compress,
        lambda text: b"data=" + quote_from_bytes(base64.b64encode(text), safe="").encode(),
    ],
    ids=["plain", "gzip", "base64 in a form"],
)
def test_snapshots_of_posthog_are_rrweb_events_however_they_were_packed(sent: Callable[[bytes], bytes]) -> None:
    recorded = json.loads((SHARED_DATA / "wire/posthog-js.json").read_text())["requests"]
    bodies = [one["body_json"] for one in recorded if one["path"] == "/s/"]
    packed = [json.dumps(one).encode() for one in bodies]
    arrivals = [Arrival("ws", "key", "posthog", "/s", 1767607210 * 10**6, "", unpack(sent(one))) for one in packed]
    found = rows_of_arrivals(arrivals)
    assert list(found) == [REPLAY_CHUNKS]
    rows = found[REPLAY_CHUNKS].to_pylist()
    assert [row["moments"] for row in rows] == [len(one["properties"]["$snapshot_data"]) for [one] in bodies]
    assert [row["whole"] for row in rows] == [True, False]
