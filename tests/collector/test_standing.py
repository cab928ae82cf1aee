"""The memory of what stands in a table forgets nothing that stands, however the table changes behind it."""

from typing import Any

import numpy as np
import pyarrow as pa

from nousnous.collector.landing import Landed, id_keys, land
from nousnous.collector.standing import Standing
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of, rows_of
from nousnous.warehouse.maintenance import compact, vacuum
from nousnous.workspaces.models import Workspace


def events(*ids: str) -> Any:
    many = len(ids)
    return rows_of(EVENTS, {"message_id": list(ids), "user_id": ["u"] * many, "ts_us": [1] * many})


def test_files_that_were_joined_are_remembered(workspace: Workspace) -> None:
    for number in range(5):
        land(workspace, EVENTS, events(f"m{number}"))
    compact(lake_of(workspace), EVENTS)
    vacuum(lake_of(workspace), EVENTS.name, hours=0)
    assert land(workspace, EVENTS, events("m0", "m4", "m5")) == Landed(added=1, repeated=2, refused=0)


def test_what_was_deleted_may_come_again(workspace: Workspace) -> None:
    land(workspace, EVENTS, events("m1"))
    lake_of(workspace).delete(EVENTS, "ts_us = 1")
    assert land(workspace, EVENTS, events("m1")).added == 1


def test_another_process_may_have_landed_meanwhile(workspace: Workspace) -> None:
    land(workspace, EVENTS, events("m1"))
    other = events("m2").set_column(1, "message_key", id_keys(pa.array(["m2"])))
    lake_of(workspace).append(EVENTS, other)
    assert land(workspace, EVENTS, events("m2")).repeated == 1


def test_keys_are_found_among_many_and_nothing_else_is(workspace: Workspace) -> None:
    lake, random = lake_of(workspace), np.random.default_rng(3)
    keys = random.integers(-(2**62), 2**62, 5_000)
    memory = Standing(lake, EVENTS)
    for part in np.array_split(keys, 7):
        rows = rows_of(EVENTS, {"message_key": part.tolist(), "ts_us": [1] * len(part)})
        lake.append(EVENTS, rows)
        assert memory.perhaps(part).all()
    assert memory.perhaps(keys).all()
    assert not memory.perhaps(keys + 1).any()
    assert memory.size == 5_000
    compact(lake, EVENTS)
    assert memory.perhaps(keys).all()
    assert memory.size == 5_000
