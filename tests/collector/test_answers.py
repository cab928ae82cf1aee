"""What clients are told, and what becomes of what they sent, whatever is wrong with it."""

import base64
import gzip
import json
import time
import zlib
from typing import Any

import pytest
from tests.collector.house import House, Server

from nousnous.base import clock
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE


def event(**fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Order Completed", "userId": "u1", **fields}


def stored(house: House, message_id: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    end = time.monotonic() + 20
    while not rows and time.monotonic() < end:
        rows = [row for row in house.rows(EVENTS) if row["message_id"] == message_id]
        time.sleep(0.1)
    assert rows, f"{message_id} did not arrive"
    return rows[0]


def reasons(house: House, server: Server, marker: str, *entries: Any) -> list[str]:
    """Why each of some entries went to quarantine; a good neighbour in the same batch is stored."""
    batch = [*entries, event(messageId=marker)]
    answer = server.post("/v1/batch", {"batch": batch})
    assert answer.status_code == 200
    stored(house, marker)
    bodies = [json.dumps(entry).encode() for entry in entries]
    kept = {row["body"]: row["reason"] for row in house.wait_for(QUARANTINE, len(entries))}
    return [kept[body] for body in bodies]


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("gzip", gzip.compress),
        ("zlib", zlib.compress),
        ("twice", lambda body: gzip.compress(gzip.compress(body))),
        ("base64", base64.b64encode),
        ("base64url-unpadded", lambda body: base64.urlsafe_b64encode(body).rstrip(b"=")),
        ("form", lambda body: b"data=" + base64.b64encode(body).replace(b"+", b"%2B")),
        ("mark", lambda body: b"\xef\xbb\xbf \r\n" + body),
        ("members", lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:])),
    ],
)
def test_a_body_is_told_by_its_bytes(name: str, packed: Any, house: House, server: Server) -> None:
    body = packed(json.dumps(event(messageId=f"packed-{name}", properties={"text": "größe \u2028 ~~~???"})).encode())
    headers = {"Content-Type": "image/gif", "Content-Encoding": "br"}
    assert server.post("/v1/track", body, headers=headers).status_code == 200
    assert json.loads(stored(house, f"packed-{name}")["properties"])["text"] == "größe \u2028 ~~~???"


def test_a_body_in_pieces_or_in_the_query_is_a_body(house: House, server: Server) -> None:
    pieces = iter([b'{"api_key":"phc_test","event":"Paid",', b'"distinct_id":"u1","uuid":"chunked"}'])
    with server.client() as client:
        assert client.post("/e/", content=pieces).json() == {"status": "Ok"}
        data = base64.b64encode(json.dumps(event(messageId="queried")).encode()).decode()
        assert client.get("/v1/track", params={"data": data, "writeKey": "WK"}).status_code == 200
    assert stored(house, "chunked")["source"] != stored(house, "queried")["source"]


@pytest.mark.parametrize("packed", [False, True])
def test_more_than_four_mebibytes_is_too_much_packed_or_not(packed: bool, server: Server) -> None:
    body = json.dumps({"batch": [event(properties={"x": "y" * 1000})] * 4200}).encode()
    assert len(body) > 4 * 1024 * 1024
    assert server.post("/v1/batch", gzip.compress(body) if packed else body).status_code == 413


@pytest.mark.parametrize("body", [b"", b"hello", b"42", b'{"batch":[', b"\x1f\x8bnothing", b'"text"', b"\xff\xfe{}"])
def test_what_cannot_be_read_is_refused(body: bytes, server: Server) -> None:
    answer = server.post("/v1/batch", body)
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (400, "nosniff")


def test_a_key_may_stand_in_many_places_and_must_be_right(server: Server) -> None:
    body = json.dumps({"batch": []}).encode()
    assert server.post("/v1/batch", body, key=None).status_code == 401
    assert server.post("/v1/batch?writeKey=WK", body, key=None).status_code == 200
    assert server.post("/v1/batch", {"batch": [], "writeKey": "WK"}, key=None).status_code == 200
    assert server.post("/batch/", [{"event": "E", "properties": {"token": "phc_test"}}], key=None).status_code == 200
    assert server.post("/v1/batch", body, key="wk").status_code == 401
    assert server.post("/flags/", {"token": "nobody"}, key=None).status_code == 401


def test_other_origins_may_send_and_read_their_answer(server: Server) -> None:
    asks = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, anonymousid",
    }
    with server.client() as client:
        asked = client.options("/v1/page", headers=asks)
    assert asked.headers["access-control-allow-origin"] == "https://shop.example"
    assert asked.headers["access-control-allow-headers"] == "authorization, anonymousid"
    refused = server.post("/v1/page", {}, key="wrong", headers={"Origin": "https://shop.example"})
    assert refused.headers["access-control-allow-origin"] == "https://shop.example"
    assert refused.headers["access-control-expose-headers"] == "retry-after"


def test_bad_events_go_to_quarantine_with_their_reason(house: House, server: Server) -> None:
    nested: Any = 1
    for _ in range(70):
        nested = [nested]
    ahead = clock.from_us(clock.now_us() + 2 * clock.DAY_US).isoformat()
    found = reasons(
        house,
        server,
        "good-neighbour",
        event(properties={"x": "y" * 33_000}),
        event(userId=None),
        event(timestamp="yesterday"),
        event(timestamp=ahead),
        event(properties=nested),
        {"type": "track", "userId": "u1"},
        {"type": "dance", "userId": "u1"},
        42,
    )
    words = ("bytes", "neither", "cannot be read", "day ahead", "nested", "no name", "no type", "no JSON object")
    assert [word in reason for word, reason in zip(words, found, strict=True)] == [True] * 8


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("surrogate", b'"\\ud800 alone"', "\ufffd alone"),
        ("nul", b'"a\\u0000b"', "a\0b"),
        ("raw-control", b'"a\0\tb"', "a\0\tb"),
        ("huge", b"1e999", "1e999"),
        ("huge-integer", b"1" * 40, int("1" * 40)),
        ("endless-integer", b"1" * 5000, "1" * 5000),
        ("not-a-number", b"NaN", "NaN"),
        ("latin", b'"caf\xe9"', "caf\ufffd"),
        ("deep", b"[" * 3000 + b"]" * 3000, None),
    ],
)
def test_odd_values_cost_no_neighbour(name: str, value: bytes, kept: Any, house: House, server: Server) -> None:
    odd = b'{"event":"E","userId":"u","type":"track","messageId":"odd-%s","properties":{"v":%s}}' % (
        name.encode(),
        value,
    )
    fine = json.dumps(event(messageId=f"beside-{name}")).encode()
    assert server.post("/v1/batch", b'{"batch":[%s, %s],"sentAt":null}' % (odd, fine)).status_code == 200
    assert stored(house, f"beside-{name}")["event"] == "Order Completed"
    if kept is not None:
        assert json.loads(stored(house, f"odd-{name}")["properties"])["v"] == kept


def test_an_event_without_an_id_gets_one_of_its_content(house: House, server: Server) -> None:
    first = event(event="Unnamed", timestamp="2026-01-02T03:04:05Z", sentAt="2026-01-02T03:04:05Z")
    for sent_at in ("2026-01-02T03:04:05Z", "2026-01-02T03:09:05Z"):
        server.post("/v1/track", {**first, "sentAt": sent_at})
    server.post("/v1/track", {**first, "properties": {"more": 1}, "messageId": None})
    server.post("/v1/track", event(messageId="after-unnamed"))
    stored(house, "after-unnamed")
    made = [row["message_id"] for row in house.rows(EVENTS) if row["event"] == "Unnamed"]
    assert len(made) == len(set(made)) == 2


def test_a_clock_that_is_wrong_is_set_right_by_when_it_says_it_sent(house: House, server: Server) -> None:
    off = {"timestamp": "2031-05-01T10:00:00Z", "sentAt": "2031-05-01T10:05:00Z"}
    server.post("/v1/track", event(messageId="wrong-clock", **off))
    row = stored(house, "wrong-clock")
    assert row["received_us"] - row["ts_us"] == 5 * clock.MINUTE_US


def test_clients_are_told_that_there_are_no_flags_and_no_recordings(server: Server) -> None:
    flags = server.post("/flags/?v=2", {"token": "phc_test", "distinct_id": "u1"}, key=None).json()
    assert (flags["featureFlags"], flags["sessionRecording"]) == ({}, False)
    with server.client() as client:
        assert client.get("/flags/definitions", params={"token": "phc_test"}).json()["flags"] == []
        assert b"_POSTHOG_REMOTE_CONFIG" in client.get("/array/phc_test/config.js").content
        assert client.get("/array/phc_test/config").json()["sessionRecording"] is False
        segment = client.get("/v1/projects/WK/settings").json()["integrations"]["Segment.io"]
        assert server.url.endswith(segment["apiHost"].removesuffix("/v1"))
        assert client.get("/sourceConfig/", params={"writeKey": "WK"}).json()["source"]["enabled"] is True
        assert client.get("/nothing/here").status_code == 404


def test_quarantine_is_listed_and_exported_by_the_shell(house: House, server: Server) -> None:
    server.post("/track", {"event": "B", "properties": {"distinct_id": "u1", "token": "MPTOKEN"}}, key=None)
    house.wait_for(QUARANTINE, 1)
    time.sleep(1.5)
    listed = json.loads(house.nous("quarantine", "list", "--workspace", "shop", "--json"))
    lines = house.nous("quarantine", "export", "--workspace", "shop", "--format", "jsonl").splitlines()
    assert len(lines) >= len(listed) > 0
    assert any("Mixpanel" in json.loads(line)["reason"] for line in lines)
