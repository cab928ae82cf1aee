"""Workspaces with a lake of their own, and events of a few people in it."""

import json
from collections.abc import Callable

import pytest

from nousnous.base import clock
from nousnous.base.ids import keyed_hash
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of, rows_of
from nousnous.workspaces.models import Workspace

Came = Callable[..., None]


@pytest.fixture
def other(transactional_db: None) -> Workspace:
    return Workspace.objects.create(slug="south", name="South", created_at=clock.now())


@pytest.fixture
def came(workspace: Workspace) -> Came:
    """Put events of one person into the lake, as landing does: names with their moments in seconds."""

    def came(user_id: str, *events: tuple[str, float], into: Workspace = workspace, **columns: object) -> None:
        key = keyed_hash(bytes(into.salt), "known", user_id)
        properties = columns.pop("properties", {})
        rows = [
            {
                "message_id": f"{user_id}-{name}-{moment_s}",
                "message_key": hash((user_id, name, moment_s)),
                "type": "track",
                "event": name,
                "ts_us": round(moment_s * clock.SECOND_US),
                "user_id": user_id,
                "identity_key": key,
                "landed_us": clock.now_us(),
                "properties": json.dumps(properties),
                **columns,
            }
            for name, moment_s in events
        ]
        lake = lake_of(into)
        lake.append(EVENTS, rows_of(EVENTS, {name: [row[name] for row in rows] for name in rows[0]}))

    return came
