"""Red zones: the newest look counts, people once, and what is not ours is left out."""

import json
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from nousnous.capabilities.accessibility.actions import SCANNED, read_zones
from nousnous.collector.landing import land
from nousnous.facts.events import EVENTS
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

START_US = 1_767_607_205_000_000
PALE = {"rule": "color-contrast", "level": "AA", "impact": "serious", "count": 5, "elements": [{"element": "#pale"}]}
NAMELESS = {"rule": "button-name", "level": "A", "impact": "critical", "count": 1, "elements": [{"element": "#go"}]}


def look(route: str, *violations: Any, kind: str = "page") -> dict[str, Any]:
    return {"route": route, "kind": kind, "build": "", "width": 390, "violations": list(violations)}


def happen(workspace: Workspace, rows: list[tuple[str, str, str, Any]]) -> None:
    """(person, event, screen, properties), a second apart."""
    persons, names, screens, told = zip(*rows, strict=True)
    columns = {
        "message_id": [f"m{number}" for number in range(len(rows))],
        "ts_us": [START_US + number * 1_000_000 for number in range(len(rows))],
        "received_us": [START_US + number * 1_000_000 for number in range(len(rows))],
        "event": list(names),
        "user_id": list(persons),
        "screen": list(screens),
        "properties": [one if isinstance(one, str) else json.dumps(one) for one in told],
    }
    land(workspace, EVENTS, pa.table(columns))


@pytest.fixture
def looked(workspace: Workspace) -> Workspace:
    visits = [(f"p{number}", "Page Viewed", f"/order/{number}", {}) for number in range(12)]
    visits += [(f"p{number}", "Page Viewed", "/pay", {}) for number in range(8) for _ in range(3)]
    looks = [
        ("p1", SCANNED, "/pay", look("/pay", PALE, NAMELESS)),
        ("p2", SCANNED, "/pay", look("/pay", PALE)),
        ("p2", SCANNED, "/pay", look("/pay", NAMELESS, kind="form")),
        ("p3", SCANNED, "/order/3", look("/order/:id", PALE)),
        ("p4", SCANNED, "/order/4", "no JSON"),
        ("p4", SCANNED, "/order/4", {"violations": "none", "route": 7}),
    ]
    happen(workspace, visits + looks)
    return workspace


def test_people_count_once_screens_by_their_route_and_the_newest_look_of_each_kind_stands(looked: Workspace) -> None:
    found = read_zones(looked)
    assert found.routes == ("/order/:id", "/pay")
    told = [(zone.route, zone.rule, zone.affected, zone.risk) for zone in found.zones]
    assert told == [
        ("/order/:id", "color-contrast", 12, 84),
        ("/pay", "button-name", 8, 80),
        ("/pay", "color-contrast", 8, 56),
    ]
    share = found.zones[1].people
    assert share.value == pytest.approx(8 / 12)
    assert share.n == 12
    assert share.low is not None
    assert share.low < 8 / 12


def test_the_page_names_the_worst_and_says_what_to_do_where_nobody_looked(looked: Workspace) -> None:
    client = Client()
    client.force_login(add_member(looked, "ann@north.example", "owner").user)
    page = client.get("/w/north/accessibility/").content.decode()
    assert "Text too pale to read on /order/:id stand" in " ".join(page.replace("<br>", " ").split())
    assert "#pale" in page
    before = client.get("/w/north/accessibility/?from=2020-01-01&to=2020-02-01").content.decode()
    assert "No screen has been looked at yet" in before
    assert "Let browsers look" in before
