"""What twenty client libraries sent is accepted and stored as what it means, and once."""

import json
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from tests.collector.captures import captures
from tests.collector.house import House, Server

from nousnous.collector.bodies import unpack
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.messages import QUARANTINE
from nousnous.facts.replays import REPLAY_CHUNKS

KEYLESS = {"/ce/binary": "WK", "/ce/structured": "WK"}

# SDK family → what one run of its script means: (type, event, screen, element, revenue) and how often
SIX = {
    ("identify", None, None, None, None): 1,
    ("track", "Order Completed", None, None, 12.5): 1,
    ("page", "Page Viewed", "Home", None, None): 1,
    ("screen", "Screen Viewed", "Main", None, None): 1,
    ("group", None, None, None, None): 1,
    ("alias", None, None, None, None): 1,
}


@pytest.fixture(scope="module")
def rows(house: House, server: Server) -> list[dict[str, Any]]:
    """The events of all captures, sent once."""
    bodies = 0
    with server.client() as client:
        for capture in captures():
            answer = capture.send(client, KEYLESS.get(capture.path))
            assert answer.status_code == 200, (capture.file, capture.path, answer.text)
            assert capture.method != "OPTIONS" or answer.headers["access-control-allow-origin"] != "*"
            bodies += capture.method == "POST"
    assert bodies > 60
    return house.wait_for(EVENTS, 271)


def of(rows: list[dict[str, Any]], file: str) -> list[dict[str, Any]]:
    """The rows that one file's events became."""
    ids = {
        str(event.get("messageId") or event.get("uuid")) for capture in captures(file) for event in events_in(capture)
    }
    return [row for row in rows if row["message_id"] in ids]


def events_in(capture: Any) -> list[dict[str, Any]]:
    sent = json.loads(unpack(capture.body) if capture.body else b"{}")
    batch = sent if isinstance(sent, list) else sent.get("batch", [sent])
    return [event for event in batch if "event" in event or "type" in event]


def meaning(rows: list[dict[str, Any]], *columns: str) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row[name] for name in columns) for row in rows)


@pytest.mark.parametrize("file", ["analytics-python", "rudder-sdk-python", "rudder-sdk-python-nogzip"])
def test_a_server_library_of_segment_or_rudder_means_six_kinds(file: str, rows: list[dict[str, Any]]) -> None:
    mine = of(rows, file)
    assert meaning(mine, "type", "event", "screen", "element", "revenue") == SIX
    assert {row["user_id"] for row in mine} == {"u1"}
    said = {row["type"]: json.loads(row["properties"]) for row in mine}
    assert said["identify"]["email"] == "a@b.c"
    assert said["group"]["group_id"] == "g1"
    assert said["alias"]["previous_id"] == "anon1"


def test_a_page_with_an_address_is_named_by_its_path(rows: list[dict[str, Any]]) -> None:
    mine = {row["event"]: row for row in of(rows, "segment-analytics-python-gzip") if row["event"]}
    assert mine["Page Viewed"]["screen"] == "/"
    assert mine["Order Completed"]["order_id"] == "o1"
    assert (mine["Viewed"]["user_id"], mine["Viewed"]["anonymous_id"]) == (None, "anon2")


@pytest.mark.parametrize("file", ["segment-analytics-next", "rudder-analytics-js"])
def test_a_browser_library_names_path_and_both_ids(file: str, rows: list[dict[str, Any]]) -> None:
    mine = [row for row in of(rows, file) if row["type"] in {"page", "track"}]
    assert {row["event"] for row in mine} == {"Page Viewed", "Order Completed"}
    assert {row["screen"].split("/")[1] for row in mine} == {"static"}
    assert all(row["anonymous_id"] for row in mine)


def test_posthog_in_the_browser_is_told_in_our_words(rows: list[dict[str, Any]]) -> None:
    words = meaning(of(rows, "posthog-js-rage"), "type", "event", "raw_event", "element")
    assert words["page", "Page Viewed", "$pageview", None] == 1
    assert words["identify", None, "$identify", None] == 1
    assert words["track", "Rage Click", "$rageclick", "button#b"] == 1
    assert words["track", "Dead Click", "$dead_click", "button#b"] >= 1
    assert words["track", "Element Clicked", "$autocapture", "button#b"] >= 3
    assert words["group", None, "$groupidentify", None] == 1


def test_posthogs_ids_are_known_or_anonymous(rows: list[dict[str, Any]]) -> None:
    identified = next(row for row in of(rows, "posthog-js-rage") if row["type"] == "identify")
    assert identified["user_id"] == "u1"
    assert identified["anonymous_id"] != "u1"
    assert json.loads(identified["properties"])["email"] == "a@b.c"
    for file in ("posthog-python", "posthog-node"):
        assert {row["user_id"] for row in of(rows, file) if row["type"] == "alias"} == {"u1"}


def test_an_alias_links_the_id_before_it_whichever_library_says_so(house: House, rows: list[dict[str, Any]]) -> None:
    assert rows
    links = house.rows(LINKS)
    assert ("anon1", "u1") in {(link["previous_id"], link["known_id"]) for link in links}
    assert "u1" not in {link["previous_id"] for link in links}


def test_times_follow_our_clock_by_the_clients_own_difference(rows: list[dict[str, Any]]) -> None:
    mine = of(rows, "segment-node")
    assert all(0 <= row["received_us"] - row["ts_us"] < 10_000_000 for row in mine)


def recorded(house: House, chunk: dict[str, Any]) -> str:
    """What was recorded, as it lies beside the lake."""
    (path,) = house.home.glob(f"replays/*/{chunk['object']}")
    return pa.input_stream(str(path), compression="zstd").read().decode()


def test_recordings_and_bodies_without_a_dialect_are_kept_apart(house: House, rows: list[dict[str, Any]]) -> None:
    assert rows
    chunks = house.wait_for(REPLAY_CHUNKS, 8)
    assert {chunk["user_id"] for chunk in chunks} == {"u1"}
    assert all(chunk["session_id"] and chunk["window_id"] for chunk in chunks)
    pictures = [recorded(house, chunk) for chunk in chunks if chunk["whole"]]
    assert {chunk["screen"] for chunk in chunks if chunk["whole"]} == {"/static/posthog.html", "/static/posthog-x.html"}
    assert all('"tagName":"html"' in picture and "2024-10" not in picture for picture in pictures)
    kept = Counter(row["dialect"] for row in house.wait_for(QUARANTINE, 8))
    assert kept == {"mixpanel": 3, "amplitude": 1, "cloudevents": 4}


def test_everything_sent_again_adds_nothing(house: House, server: Server, rows: list[dict[str, Any]]) -> None:
    before = {table: len(house.rows(table)) for table in (EVENTS, LINKS, QUARANTINE, REPLAY_CHUNKS)}
    with server.client() as client:
        for capture in captures():
            capture.send(client, KEYLESS.get(capture.path))
    marker = {"userId": "u9", "event": "Sent Last", "messageId": "last"}
    assert server.post("/v1/track", marker).status_code == 200
    house.wait_for(EVENTS, before[EVENTS] + 1)
    after = {table: len(house.rows(table)) for table in before}
    assert after == {**before, EVENTS: before[EVENTS] + 1}


def test_a_request_without_a_key_is_not_let_in(server: Server) -> None:
    with server.client() as client:
        assert {capture.send(client).status_code for capture in captures("cloudevents*")} == {401}
    assert server.post("/v1/track", {"userId": "u", "event": "E"}, key="wrong").status_code == 401
