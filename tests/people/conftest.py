"""A workspace with a lake of its own, and events of a few people in it."""

from collections.abc import Callable

import pytest

from nousnous.base import clock
from nousnous.base.ids import keyed_hash
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of, rows_of
from nousnous.workspaces.models import Workspace

Came = Callable[..., None]


@pytest.fixture
def came(workspace: Workspace) -> Came:
    """Put one event into the lake, as landing does."""

    def came(user_id: str | None = None, anonymous_id: str | None = None, ts_us: int = 1, **columns: object) -> None:
        salt = bytes(workspace.salt)
        key = keyed_hash(salt, "known", user_id) if user_id else keyed_hash(salt, "anonymous", anonymous_id or "")
        row = {
            "message_id": f"{user_id}{anonymous_id}{ts_us}",
            "message_key": ts_us,
            "event": "Page Viewed",
            "ts_us": ts_us,
            "user_id": user_id,
            "anonymous_id": anonymous_id,
            "identity_key": key,
            "landed_us": clock.now_us(),
            **columns,
        }
        lake_of(workspace).append(EVENTS, rows_of(EVENTS, {name: [value] for name, value in row.items()}))

    return came
