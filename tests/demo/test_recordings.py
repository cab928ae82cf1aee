"""The made-up recordings show what the made-up events say."""

import json
from typing import Any

import pytest

from nousnous_demo.company import NORTHWIND
from nousnous_demo.recordings import RAGED, WENT_THROUGH, bodies, sessions
from nousnous_demo.simulate import simulate

CHECK_IN = NORTHWIND.passage("check-in")
CLICK = 2


@pytest.fixture(scope="module")
def events() -> Any:
    return simulate(NORTHWIND, 200, 1, 1_780_000_000_000_000).events


def clicks(recording: dict[str, Any]) -> list[float]:
    """When the button was clicked."""
    (whole,) = [one["data"]["node"] for one in recording["events"] if one["type"] == 2]
    (button,) = [one["id"] for one in nodes(whole) if one.get("attributes", {}).get("id") == "check-in-button"]
    increments = [one for one in recording["events"] if one["type"] == 3]
    return [one["timestamp"] for one in increments if one["data"].get("id") == button and one["data"]["type"] == CLICK]


def nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(below for child in node.get("childNodes", []) for below in nodes(child))]


def test_who_raged_is_seen_to_click_until_it_was_told_and_who_got_through_clicks_once(events: Any) -> None:
    chosen = sessions(events, CHECK_IN)
    assert len(chosen) == RAGED + WENT_THROUGH
    for session, (_, body) in zip(chosen, bodies(events, CHECK_IN, 1), strict=True):
        recording = json.loads(body)
        assert recording["sessionId"] == session.session_id
        times = [one["timestamp"] for one in recording["events"]]
        assert times == sorted(times)
        told_us = session.moment_us("Rage Click")
        if told_us is None:
            assert len(clicks(recording)) == 1
            continue
        before = [at for at in clicks(recording) if at <= told_us / 1000 + 100]
        assert len(before) >= 3
        assert abs(before[-1] - told_us / 1000) < 100


def test_no_node_of_a_page_is_two(events: Any) -> None:
    for _, body in bodies(events, CHECK_IN, 1):
        recording = json.loads(body)
        whole = next(one["data"]["node"] for one in recording["events"] if one["type"] == 2)
        added = [one["node"] for found in recording["events"] for one in found["data"].get("adds", [])]
        numbers = [one["id"] for root in (whole, *added) for one in nodes(root)]
        assert len(numbers) == len(set(numbers))
