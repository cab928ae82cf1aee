"""Whatever bytes come: an answer that is expected, and rows that the lake can hold."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nousnous.base.errors import Refused
from nousnous.collector.bodies import unpack
from nousnous.collector.dialects.routes import DIALECTS
from nousnous.collector.entries import Arrival
from nousnous.collector.parsing import entries_of, keys_in
from nousnous.collector.reading import OUR_FAULT, rows_of_arrivals
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE

PATHS = {"segment": "/v1/batch", "posthog": "/batch"}
EVERY_PATH = {name: min(dialect.events) for name, dialect in DIALECTS.items() if dialect.events} | PATHS
NAMES = (
    "type", "event", "userId", "anonymousId", "messageId", "timestamp", "sentAt", "properties", "context", "traits",
    "name", "previousId", "uuid", "distinct_id", "$set", "$device_id", "$is_identified", "$elements_chain", "alias",
    "$current_url", "page", "path", "url", "campaign", "revenue", "offset", "sent_at", "$event_type", "channel",
)  # fmt: skip
WORDS = st.sampled_from(["track", "page", "identify", "alias", "$pageview", "$autocapture", "$identify", "u1", ""])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
)
EVENT = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)


def rows(dialect: str, body: bytes) -> dict[str, int]:
    arrival = Arrival("ws", "key", dialect, EVERY_PATH[dialect], 1_795_000_000_000_000, "", body)
    found = rows_of_arrivals([arrival])
    assert QUARANTINE not in found or OUR_FAULT not in found[QUARANTINE]["reason"].to_pylist()
    return {table.name: made.num_rows for table, made in found.items()}


@given(st.sampled_from(sorted(PATHS)), st.lists(EVENT | VALUES, max_size=4))
@settings(max_examples=400)
def test_every_entry_is_kept_or_put_in_quarantine(dialect: str, batch: list[Any]) -> None:
    body = json.dumps({"batch": batch}).encode()
    assert unpack(gzip.compress(body)) == body
    assert keys_in(body) is not None
    kept = rows(dialect, body)
    assert kept.get(EVENTS.name, 0) + kept.get(QUARANTINE.name, 0) == len(batch)


@given(EVENT, st.binary(max_size=40), st.integers(0, 400))
@settings(max_examples=300)
def test_a_damaged_neighbour_costs_only_itself(event: dict[str, Any], damage: bytes, place: int) -> None:
    good = json.dumps({"type": "track", "event": "E", "userId": "u1", "messageId": "good"}).encode()
    text = json.dumps(event).encode()
    at = place % len(text)
    harmless = bytes(byte for byte in damage if byte not in b'"\\[]{},:')
    bad = text[:at] + harmless + text[at:]
    _, found = entries_of(b'{"batch":[' + good + b"," + bad + b"]}")
    assert found[0] == good


@given(st.binary(max_size=300) | st.text(alphabet='{}[]":,\\u0d8 \n1e.-tnf', max_size=80).map(str.encode))
@settings(max_examples=600)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        plain = unpack(body)
        keys_in(plain)
    except Refused:
        return
    for dialect in EVERY_PATH:
        rows(dialect, plain)


@pytest.mark.parametrize("odd", [b'"\\ud800"', b"1e999", b"[" * 2000 + b"]" * 2000, b'"a\0b"'])
def test_an_odd_recording_is_kept_apart(odd: bytes) -> None:
    body = b'[{"event":"$snapshot","uuid":"c1","properties":{"distinct_id":"u1","$session_id":%s}}]' % odd
    found = rows_of_arrivals([Arrival("ws", "key", "posthog", "/s", 5, "", body)])
    assert found[QUARANTINE]["reason"].to_pylist() == ["The piece of the recording holds no snapshots."]


def test_a_recording_that_unpacks_to_many_times_its_size_is_kept_apart() -> None:
    bomb = gzip.compress(json.dumps("x" * 4_000_000).encode()).decode("latin-1")
    pieces = [{"type": 2, "cv": "2024-10", "timestamp": 1, "data": bomb}] * 9
    told = {"distinct_id": "u1", "$session_id": "s", "$snapshot_data": pieces}
    body = json.dumps([{"event": "$snapshot", "uuid": "c1", "properties": told}]).encode()
    found = rows_of_arrivals([Arrival("ws", "key", "posthog", "/s", 5, "", body)])
    assert found[QUARANTINE]["reason"].to_pylist() == ["The snapshots of a piece hold more than 32 MiB."]


def test_one_body_that_cannot_be_stored_costs_no_other() -> None:
    good = Arrival("ws", "key", "segment", "/v1/track", 5, "", b'{"event":"E","userId":"u"}')
    worse = Arrival("ws", "key", "no such dialect", "/v1/track", 5, "", b"{}")
    found = rows_of_arrivals([good, worse, good])
    assert (found[EVENTS].num_rows, found[QUARANTINE].num_rows) == (2, 1)


def test_all_dialects_answer_nothing_from_an_empty_list() -> None:
    for dialect in DIALECTS.values():
        arrival = Arrival("ws", "key", dialect.name, next(iter(dialect.events), "/v1/batch"), 5, "", b"[]")
        assert EVENTS not in rows_of_arrivals([arrival])
