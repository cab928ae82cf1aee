"""Signals of frustration in recorded clicks, by the rules of the definitions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capabilities.replays.recorded import START_MS, START_US, click
from tests.places import SHARED_DATA

from nousnous.capabilities.replays.measures.clicks import signals_in

Event = dict[str, Any]


def element(node: int, tag: str, *children: Event, **attributes: str) -> Event:
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return {"type": 2, "id": node, "tagName": tag, "attributes": named, "childNodes": list(children)}


BODY = element(
    2,
    "body",
    element(7, "h1"),
    element(8, "button", element(9, "span"), id="pay"),
    element(10, "div", element(11, "button"), class_="product-Carousel"),
    element(12, "input", type="number"),
    element(13, "button", data_nous_ignore=""),
    element(14, "div", role="link", data_testid="more"),
)
PAGE = {"type": 2, "timestamp": START_MS - 5_000, "data": {"node": {"type": 0, "id": 1, "childNodes": [BODY]}}}


def change(offset_ms: int, **data: Any) -> Event:
    return {"type": 3, "timestamp": START_MS + offset_ms, "data": data}


def mutation(offset_ms: int) -> Event:
    return change(offset_ms, source=0, texts=[{"id": 7, "value": "x"}], attributes=[], removes=[], adds=[])


def found(*events: Event) -> list[tuple[str, str]]:
    ordered = sorted(events, key=lambda event: event["timestamp"])
    return [(one.event, one.element) for one in signals_in([PAGE, *ordered])]


def clicks(*offsets_ms: int, node: int = 7) -> list[Event]:
    return [click(at, node) for at in offsets_ms]


def test_three_rapid_clicks_without_an_answer_are_one_rage_click_on_whatever_it_is() -> None:
    assert found(*clicks(0, 400, 1_300)) == [("Rage Click", "body > h1")]
    assert found(*clicks(0, 400, 1_500)) == []
    assert found(click(0), click(400, x=41), click(800, x=41)) == []


@pytest.mark.parametrize(
    "answer",
    [
        mutation(3_790),
        change(3_000, source=3, id=1, x=0, y=90),
        change(3_000, source=14, ranges=[]),
        change(3_000, source=2, type=5, id=8),
        {"type": 4, "timestamp": START_MS + 3_000, "data": {"href": "https://shop.example/next"}},
    ],
    ids=["mutation", "scroll", "selection", "focus", "navigation"],
)
def test_an_answer_to_one_of_them_within_two_and_a_half_seconds_makes_it_none(answer: Event) -> None:
    assert found(*clicks(0, 700, 1_300), answer) == []


def test_an_answer_that_comes_too_late_or_changes_nothing_is_none() -> None:
    empty = change(2_000, source=0, texts=[], attributes=[], removes=[], adds=[])
    assert found(*clicks(0, 700, 1_300), mutation(3_801), empty) == [("Rage Click", "body > h1")]


def test_a_click_on_what_looks_clickable_is_dead_without_an_answer() -> None:
    assert found(click(0, 9)) == [("Dead Click", "#pay")]
    assert found(click(0, 14)) == [("Dead Click", '[data-testid="more"]')]
    assert found(click(0, 7)) == []
    assert found(click(0, 9), mutation(2_400)) == []


@pytest.mark.parametrize(
    ("tag", "kind", "dead"),
    [
        ("textarea", "", False),
        ("select", "", False),
        ("input", "", False),
        ("input", "Email", False),
        ("input", "submit", True),
        ("input", "checkbox", True),
    ],
)
def test_what_takes_a_caret_or_opens_a_list_is_never_dead(tag: str, kind: str, *, dead: bool) -> None:
    field = element(20, tag, id="field", **({"type": kind} if kind else {}))
    added = {"parentId": 2, "nextId": None, "node": field}
    came = change(-4_000, source=0, texts=[], attributes=[], removes=[], adds=[added])
    assert found(came, click(0, 20)) == ([("Dead Click", "#field")] if dead else [])


def test_the_focus_that_a_press_brings_before_its_click_is_an_answer() -> None:
    assert found(change(-90, source=2, type=1, id=12), change(-80, source=2, type=5, id=12), click(0, 8)) == []


@pytest.mark.parametrize("node", [11, 12, 13], ids=["carousel", "stepper", "ignored"])
def test_what_is_clicked_many_times_on_purpose_is_never_counted(node: int) -> None:
    assert found(*clicks(0, 300, 600, 900, node=node)) == []


def test_elements_that_came_later_are_known_by_what_they_are() -> None:
    added = {"parentId": 2, "nextId": None, "node": element(20, "button", id="late")}
    came = change(-4_000, source=0, texts=[], attributes=[], removes=[], adds=[added])
    assert found(came, click(0, 20)) == [("Dead Click", "#late")]


def shaken(turns: int, pause_ms: int) -> Event:
    """The mouse goes to and fro; the first two places make no turn."""
    places = [
        {"x": 10 + 40 * (place % 2), "y": 10, "id": 7, "timeOffset": place * pause_ms} for place in range(turns + 2)
    ]
    return change(0, source=1, positions=places)


def test_twenty_changes_of_direction_within_two_seconds_are_thrashing() -> None:
    assert found(shaken(20, 100)) == [("Thrash", "body > h1")]
    assert found(shaken(19, 100)) == []
    assert found(shaken(30, 110)) == []


@given(st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 60)), max_size=12))
def test_rage_is_told_once_for_each_chain_as_the_definition_says(drawn: list[tuple[int, int]]) -> None:
    """A slow reading: chains are walked click by click; nothing answers."""
    ordered = sorted(drawn)
    chains: list[list[tuple[int, int]]] = []
    for one in ordered:
        last = chains[-1][-1] if chains else None
        if last is None or one[0] - last[0] > 1_000 or abs(one[1] - last[1]) > 30:
            chains.append([])
        chains[-1].append(one)
    expected = [(START_US + chain[0][0] * 1000, len(chain)) for chain in chains if len(chain) >= 3]
    told = signals_in([PAGE, *(click(at, x=x) for at, x in ordered)])
    assert [(one.at_us, one.clicks) for one in told] == expected


def test_foreign_data_in_a_recording_stop_nothing() -> None:
    odd: list[Any] = [
        None,
        [],
        "x",
        {"source": 2, "type": 2},
        {"source": 0, "adds": "x"},
        {"source": 1, "positions": [1]},
    ]
    events = [{"type": kind, "timestamp": START_MS, "data": data} for kind in (2, 3, 4) for data in odd]
    assert signals_in(events) == ()


@pytest.mark.parametrize(("name", "told"), [("rage", [("Rage Click", 7)]), ("todo", []), ("human", [])])
def test_real_recordings_show_what_is_known_of_them(name: str, told: list[tuple[str, int]]) -> None:
    events = json.loads((SHARED_DATA / f"replay_{name}.json").read_bytes())
    assert [(one.event, one.clicks) for one in signals_in(events)] == told


def plugin(offset_ms: int, name: str, **payload: Any) -> Event:
    return {"type": 6, "timestamp": START_MS + offset_ms, "data": {"plugin": f"rrweb/{name}@1", "payload": payload}}


UNCAUGHT = {"level": "error", "payload": ['"Uncaught TypeError: nothing"']}
FAILED = {"requests": [{"name": "https://shop.example/pay", "status": 503}]}


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (plugin(1_500, "console", **UNCAUGHT), ["Error Click", "Rage Click"]),
        (plugin(1_500, "network", **FAILED), ["Error Click", "Rage Click"]),
        (plugin(3_000, "console", **UNCAUGHT), []),
        (plugin(1_500, "console", level="error", payload=['"handled"']), []),
        (plugin(1_500, "network", requests=[{"status": 200}, "?"]), []),
        (plugin(1_500, "other", **UNCAUGHT), []),
    ],
)
def test_an_error_or_a_failed_request_soon_after_makes_an_error_click_and_rage(
    trouble: Event, expected: list[str]
) -> None:
    clicks = [click(at, node=8) for at in (0, 400, 800)]
    answered = [mutation(at + 50) for at in (0, 400, 800)]
    found = signals_in(sorted([PAGE, *clicks, *answered, trouble], key=lambda one: one["timestamp"]))
    assert sorted(one.event for one in found) == expected
    assert {one.at_us for one in found if one.event == "Error Click"} <= {START_US + 800_000}
