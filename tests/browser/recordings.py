"""Recordings sent to a shop's workspace as our script sends them, and members who may watch them."""

import json
import re
import time
import urllib.request
from typing import Any

from playwright.sync_api import BrowserContext
from tests.browser.shops import Shop
from tests.places import SHARED_DATA

PATIENCE_S = 20
Recording = list[dict[str, Any]]


def recording_of(name: str, start_ms: float) -> Recording:
    """One of the real recordings, as if it began at a moment."""
    events: Recording = json.loads((SHARED_DATA / f"replay_{name}.json").read_text())
    shift = start_ms - events[0]["timestamp"]
    return [{**one, "timestamp": one["timestamp"] + shift} for one in events]


def send(shop: Shop, path: str, body: dict[str, Any]) -> None:
    address = f"{shop.house.address}{path}?writeKey={shop.key}"
    with urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode()), timeout=30) as answer:
        assert answer.status < 300


def send_piece(shop: Shop, session: str, sequence: int, events: Recording, **known: Any) -> None:
    """One piece of a recording."""
    size = {"screen": "/todo", "width": 1280, "height": 800}
    ids = {"sessionId": session, "windowId": f"{session}-w", "anonymousId": f"{session}-a", "sequence": sequence}
    sent = {**ids, **size, "chunkId": f"{session}-{known.get('windowId', '')}-{sequence}", **known, "events": events}
    send(shop, "/v1/replay", sent)


def send_events(shop: Shop, session: str, told: list[tuple[float, str, dict[str, Any]]]) -> None:
    """Events of a session at moments (milliseconds since 1970)."""
    batch = [
        {
            "type": "track",
            "event": name,
            "messageId": f"{session}-{number}",
            "anonymousId": f"{session}-a",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at_ms / 1000)) + f".{int(at_ms % 1000):03}Z",
            "properties": {"screen": "/todo", **properties},
            "context": {"sessionId": session},
        }
        for number, (at_ms, name, properties) in enumerate(told)
    ]
    send(shop, "/v1/batch", {"batch": batch})


def join(shop: Shop, email: str) -> None:
    """Let somebody who is in the installation into the shop's workspace."""
    shop.house.nous("member", "add", email, "--role", "owner", "--workspace", shop.workspace)


def wait_for_replay(shop: Shop, context: BrowserContext, session: str, told: str = "") -> str:
    """The address of a replay's page, as soon as it is there and tells what it should: pieces land one by one."""
    address = f"{shop.house.address}/w/{shop.workspace}/replays/{session}/"
    until_s = time.monotonic() + PATIENCE_S
    while (answer := context.request.get(address)).status != 200 or told not in answer.text():
        assert time.monotonic() < until_s, (address, answer.status, told)
        time.sleep(0.2)
    return address


def shown_seconds(text: str) -> int:
    """The seconds of “0:42 of 1:21”."""
    minutes, seconds = re.match(r"(\d+):(\d+)", text).groups()  # type: ignore[union-attr]  # as the player writes it
    return 60 * int(minutes) + int(seconds)
