"""Recordings for tests: pieces of sessions as the log hands them to the loader."""

import json
from typing import Any

from nousnous.collector.entries import Arrival
from nousnous.collector.landing import Landed, land
from nousnous.collector.reading import rows_of_arrivals
from nousnous.workspaces.models import Workspace

START_MS = 1_767_607_205_000
START_US = START_MS * 1000

Event = dict[str, Any]


def page(offset_ms: int = 0, path: str = "/cart") -> list[Event]:
    """A page and its picture."""
    size = {"href": f"https://shop.example{path}", "width": 1280, "height": 900}
    tree = {"node": {"type": 0, "id": 1, "childNodes": []}, "initialOffset": {"left": 0, "top": 0}}
    moment = START_MS + offset_ms
    return [
        {"type": 4, "timestamp": moment, "data": size},
        {"type": 2, "timestamp": moment, "data": tree},
    ]


def click(offset_ms: int, node: int = 7, x: int = 10, y: int = 10) -> Event:
    data = {"source": 2, "type": 2, "id": node, "x": x, "y": y}
    return {"type": 3, "timestamp": START_MS + offset_ms, "data": data}


def piece(chunk_id: str, events: list[Event], **known: Any) -> Arrival:
    """A piece as our own script sends it."""
    sent = {
        "chunkId": chunk_id,
        "sessionId": "s-1",
        "windowId": "w-1",
        "sequence": 0,
        "anonymousId": "device",
        "userId": "ada",
        "screen": "/cart",
        "width": 1280,
        "height": 900,
        **known,
        "events": events,
    }
    return Arrival("ws", "key", "nous", "/v1/replay", START_US, "", json.dumps(sent).encode())


def bring(workspace: Workspace, *arrivals: Arrival) -> list[Landed]:
    """Land them as the loader does."""
    return [land(workspace, table, rows) for table, rows in rows_of_arrivals(arrivals).items()]
