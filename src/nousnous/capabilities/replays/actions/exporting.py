"""A replay as one JSON array of rrweb events, which other players take and `nous import replay` takes back."""

import json
from typing import Any

from nousnous.base.errors import Missing
from nousnous.capabilities.replays.actions.reading import session_rows
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.objects import objects_of
from nousnous.workspaces.models import Workspace


def export_replay(workspace: Workspace, session_id: str) -> tuple[bytes, int]:
    """All rrweb events of a session in order of time, and how many pieces of it are gone or damaged."""
    objects, rows = objects_of(lake_of(workspace)), session_rows(workspace, session_id)
    events: list[Any] = []
    lost = 0
    for row in rows:
        try:
            events += json.loads(objects.get(row["object"]))
        except Missing:
            lost += 1
    events.sort(key=lambda event: event["timestamp"])
    return json.dumps(events, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), lost
