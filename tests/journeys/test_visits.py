"""Kept visits are those of the oracle, whatever happened in whatever order."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.capabilities.gaps.test_worlds import JOURNEY, events_of
from tests.journeys.kept import kept_row
from tests.oracle.visits import visits
from tests.oracle.worlds import CHECKOUT, journey, shop_events

from nousnous.base import clock
from nousnous.collector.landing import land
from nousnous.facts.events import EVENTS, PROMOTED
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.definition import journey_in
from nousnous.people.identity import anonymous_key, known_key
from nousnous.workspaces.actions import WorkspaceProfile, create_workspace
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
World = dict[str, Any]
PROMOTED_NAMES = {column.name for column in PROMOTED}


def landed(workspace: Workspace, events: Iterable[World], source: str | None = None) -> None:
    """Bring the oracle's events into the lake."""
    rows = []
    for event in events:
        given = event["properties"]
        rest = {name: value for name, value in given.items() if name not in PROMOTED_NAMES}
        row = {name: event.get(name) for name in ("message_id", "type", "event", "ts_us", "user_id", "anonymous_id")}
        row |= {name: given.get(name) for name in ("country", "channel", "platform", "element")}
        rows.append(row | {"properties": json.dumps(rest), "received_us": event["ts_us"], "source": source})
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    types = {"ts_us": pa.int64(), "received_us": pa.int64()}
    table = pa.table({name: pa.array(column, types.get(name, pa.string())) for name, column in columns.items()})
    land(workspace, EVENTS, table)


def key_of(workspace: Workspace, person: tuple[str, str]) -> int:
    return known_key(workspace, person[1]) if person[0] == "known" else anonymous_key(workspace, person[1])


def in_order(rows: Iterable[World]) -> list[World]:
    return sorted(rows, key=lambda row: (row["person_key"], row["step"], row["opened_us"]))


def found(workspace: Workspace, text: str) -> list[World]:
    return in_order(kept_visits(workspace, journey_in(text)).visits.drop("landed_us").to_pyarrow().to_pylist())


def expected(workspace: Workspace, events: list[World], text: str) -> list[World]:
    return in_order(kept_row(visit, key_of(workspace, visit.person)) for visit in visits(events, journey(text)))


def new_workspace() -> Workspace:
    return create_workspace(WorkspaceProfile(f"north-{clock.now_us()}")).workspace


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_visits_follow_late_and_repeated_events_in_any_order(seed: int) -> None:
    random, workspace = Random(seed), new_workspace()
    events = events_of(random)
    cuts = sorted(random.randint(0, len(events)) for _ in range(random.randint(0, 3)))
    for first, last in zip([0, *cuts], [*cuts, len(events)], strict=True):
        if part := events[first:last]:
            landed(workspace, part + random.sample(events[:last], min(3, last)))
        if random.random() < 0.7:
            assert found(workspace, JOURNEY) == expected(workspace, events[:last], JOURNEY)
    assert found(workspace, JOURNEY) == expected(workspace, events, JOURNEY)


def test_the_visits_of_the_real_shop_are_those_of_the_oracle() -> None:
    workspace, events = new_workspace(), shop_events()
    landed(workspace, events)
    assert found(workspace, CHECKOUT) == expected(workspace, events, CHECKOUT)
