"""Red zones: the newest look counts, people once, what is not ours is left out; who leaves; the hand-over."""

import json
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client
from tests.plays.channels.conftest import Connected, Other, connected, other

from nousnous.base.errors import Missing, Refused
from nousnous.capabilities.accessibility.actions import hand_over_zone, read_zones
from nousnous.collector.landing import land
from nousnous.facts.barriers import SCANNED
from nousnous.facts.events import EVENTS
from nousnous.journeys.actions.versions import apply_journey
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

__all__ = ["connected", "other"]
JOURNEY = """[journey]
id = "shop"
name = "Shop"
currency = "USD"
hourly_wage = 1
[[step]]
id = "pay"
starts = { event = "Payment Started" }
completes = { event = "Order Completed" }
"""
START_US = 1_767_607_205_000_000
PALE = {"rule": "color-contrast", "level": "AA", "impact": "serious", "count": 5, "elements": [{"element": "#pale"}]}
NAMELESS = {"rule": "button-name", "level": "A", "impact": "critical", "count": 1, "elements": [{"element": "#go"}]}


def look(route: str, *violations: Any, kind: str = "page") -> dict[str, Any]:
    return {"route": route, "kind": kind, "build": "", "width": 390, "violations": list(violations)}


def happen(workspace: Workspace, rows: list[tuple[str, str, str, Any]], last_s: int = 0) -> None:
    """(person, event, screen, properties), a second apart; the last one so many seconds later."""
    persons, names, screens, told = zip(*rows, strict=True)
    columns = {
        "message_id": [f"m{number}" for number in range(len(rows))],
        "ts_us": [START_US + (number + last_s * (number == len(rows) - 1)) * 1_000_000 for number in range(len(rows))],
        "received_us": [START_US + number * 1_000_000 for number in range(len(rows))],
        "event": list(names),
        "user_id": list(persons),
        "screen": list(screens),
        "element": [one.get("element") if isinstance(one, dict) else None for one in told],
        "properties": [one if isinstance(one, str) else json.dumps(one) for one in told],
    }
    land(workspace, EVENTS, pa.table(columns))


@pytest.fixture
def looked(workspace: Workspace) -> Workspace:
    visits = [(f"p{number}", "Page Viewed", f"/order/{number}", {}) for number in range(12)]
    visits += [(f"p{number}", "Page Viewed", "/pay", {}) for number in range(8) for _ in range(3)]
    visits += [("p1", "Element Clicked", "/pay", {"element": "#pale"})] * 2
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
    told = [(zone.route, zone.rule, zone.affected, zone.risk, zone.clicked) for zone in found.zones]
    assert told == [
        ("/order/:id", "color-contrast", 12, 84, 0),
        ("/pay", "button-name", 8, 80, 0),
        ("/pay", "color-contrast", 8, 56, 1),
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
    assert 'Text too pale to read on <span class="clause">/order/:id</span> stand in the way' in page
    assert "#pale" in page
    before = client.get("/w/north/accessibility/?from=2020-01-01&to=2020-02-01").content.decode()
    assert "No screen has been looked at yet" in before
    assert "Let browsers look" in before


def test_people_with_a_way_of_their_own_are_held_against_the_rest(workspace: Workspace) -> None:
    apply_journey(workspace, JOURNEY, None, "test")
    rows: list[tuple[str, str, str, Any]] = []
    for number in range(40):
        person, own = f"p{number}", number < 16
        rows.append((person, "Payment Started", "/pay", {}))
        if not own or number < 4:
            rows.append((person, "Order Completed", "/pay", {}))
        way = {"keyboard_only": own and number % 3 == 0, "forced_colors": own and number % 3 == 1}
        rows.append((person, "Session Described", "/pay", way))
        if own and number % 3 == 2:
            rows.append((person, "Accessibility Need Told", "/pay", {}))
    happen(workspace, [*rows, ("late", "Page Viewed", "/away", {})], last_s=4000)
    (left,) = read_zones(workspace, "2026-01-01", "2026-02-01").left
    assert (left.name, left.persons) == ("Shop", 16)
    assert (left.theirs.value, left.others.value) == (0.75, 0.0)
    assert left.difference.low is not None
    assert left.difference.low > 0.4


@pytest.mark.django_db(transaction=True)
def test_a_barrier_is_handed_over_once_with_its_people_and_its_elements(
    looked: Workspace, other: Other, connected: Connected
) -> None:
    channel = connected("github")
    named = ("/pay", "color-contrast")
    issue = hand_over_zone(looked, named, channel.name, "test")
    assert hand_over_zone(looked, named, channel.name, "test") == issue
    (made,) = other.kept
    assert made["title"] == "color-contrast on /pay stands in the way of 8 people"
    assert "Elements (5): #pale" in made["body"]
    zones = {(zone["route"], zone["rule"]): zone["issue"] for zone in read_zones(looked).as_dict()["zones"]}
    assert (zones[named], zones["/pay", "button-name"]) == (issue, None)
    with pytest.raises(Missing, match="breaks the rule"):
        hand_over_zone(looked, ("/away", "label"), channel.name, "test")
    with pytest.raises(Refused, match="leads to no tracker"):
        hand_over_zone(looked, ("/pay", "button-name"), connected("slack").name, "test")
    client = Client()
    client.force_login(add_member(looked, "ann@north.example", "owner").user)
    address = "/w/north/accessibility/"
    told = {"route": "/pay", "rule": "button-name", "channel": channel.name}
    page = client.post(address, told, follow=True).content.decode()
    assert len(other.kept) == 2
    assert other.kept[1]["html_url"] in page


def test_a_click_on_any_of_many_elements_counts_and_what_had_no_room_is_said(workspace: Workspace) -> None:
    rows = {"like": "ul > li:nth-of-type(*) > a", "at": [[place] for place in range(11, 900)]}
    broken = [{"like": 7, "at": 7}, {"like": "p:nth-of-type(*)", "at": [[1, 2], 3]}, "none"]
    many = {**PALE, "count": 1200, "alike": [rows, *broken], "untold": 310}
    clicked = [{"element": f"ul > li:nth-of-type({place}) > a"} for place in (891, 899, 900)]
    clicks = [(f"p{number}", "Element Clicked", "/pay", one) for number, one in enumerate(clicked)]
    happen(workspace, [*clicks, ("p1", SCANNED, "/pay", look("/pay", many))])
    (zone,) = read_zones(workspace).zones
    assert (zone.clicked, zone.untold, len(zone.elements)) == (2, 310, 890)
    client = Client()
    client.force_login(add_member(workspace, "ann@north.example", "owner").user)
    page = client.get("/w/north/accessibility/").content.decode()
    assert "and 1,197 more; for 310 of them there was no room" in page
