"""The kernel alone, on rows in memory, finds the visits of the oracle."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

import ibis
import pyarrow as pa
import pytest
from tests.journeys.kept import kept_row
from tests.oracle.visits import visits
from tests.oracle.worlds import journey

from nousnous.facts.journeys import Journey
from nousnous.journeys.definition import journey_in
from nousnous.journeys.recognition import coded, columns_coded, found_in, rows_of_visits
from nousnous.warehouse.fold import in_order

WORLDS = 100
PERSONS = 3
NAMES = ("View", "Cart", "Pay", "Buy", "Fault", "Home", "Rage Click", "Dead Click")
CONDITIONS = ("", 'channel = "web"', 'channel = ["web", "app"]', "trial = true", 'plan = ["2", "gold"], country = "DE"')
PROPERTIES = (
    *({}, {}, {"country": "DE", "channel": "web"}, {"country": "FR", "channel": "app", "element": "#pay"}),
    *({"trial": True, "platform": "ios"}, {"plan": 2, "country": "DE"}, {"plan": "gold", "element": "#go"}),
)
WITHIN = ("1m", "10m", "30m", "2h")
# Shared moments, the ends of windows to the second, pauses around 5 and 30 minutes, and what no window holds.
PACES_S = (0, 0, 1, 59, 60, 61, 299, 300, 301, 600, 601, 1_799, 1_800, 1_801, 7_200, 90_000)


def matchers_of(random: Random) -> str:
    """One matcher or several, under conditions or not; sometimes of any event that meets a condition."""
    found = []
    for _ in range(random.choice((1, 1, 2))):
        names, where = random.sample(NAMES[:6], random.choice((1, 1, 2))), random.choice(CONDITIONS)
        parts = [f"event = {json.dumps(names)}"] * (not where or random.random() < 0.9)
        found.append("{ " + ", ".join(parts + [f"where = {{ {where} }}"] * bool(where)) + " }")
    return f"[{', '.join(found)}]"


def journey_of(random: Random) -> str:
    """Steps that share events and lie in each other."""
    lines = ['[journey]\nid = "world"\ncurrency = "EUR"\nhourly_wage = 1.0']
    for number in range(random.randint(1, 4)):
        lines += [f'[[step]]\nid = "s{number}"\nstarts = {matchers_of(random)}\nwithin = "{random.choice(WITHIN)}"']
        lines += [f"completes = {matchers_of(random)}"] * (random.random() < 0.8)
        lines += [f"fails = {matchers_of(random)}"] * (random.random() < 0.7)
    return "\n".join(lines)


def world_of(random: Random, number: int) -> list[dict[str, Any]]:
    """The events of a few persons, some of them repeated."""
    events: list[dict[str, Any]] = []
    for person in range(number * PERSONS, number * PERSONS + random.randint(1, PERSONS)):
        moment_s = random.randint(0, 1_000)
        for _ in range(random.randint(1, 12)):
            moment_s += random.choice(PACES_S)
            happened = {"event": random.choice(NAMES), "ts_us": moment_s * 1_000_000, "user_id": str(person)}
            said = {"type": "track", "anonymous_id": None, "properties": random.choice(PROPERTIES)}
            events.append({"message_id": str(len(events)), **happened, **said})
    return random.sample(events, len(events)) + random.sample(events, min(2, len(events)))


def rows_of(events: Iterable[dict[str, Any]]) -> Any:
    """Events as Arrow rows with `person_key`."""
    own = ("country", "channel", "platform", "element")
    rows = [
        {"person_key": int(event["user_id"]), "ts_us": event["ts_us"], "event": event["event"]}
        | {name: event["properties"].get(name) for name in own}
        | {"properties": json.dumps({name: text for name, text in event["properties"].items() if name not in own})}
        for event in events
    ]
    return pa.Table.from_pylist(rows)


def found(rows: Any, known: Journey) -> list[dict[str, Any]]:
    columns, words = coded(columns_coded(ibis.memtable(rows), known).to_pyarrow())
    return rows_of_visits(found_in(in_order(columns), known, words), known, words, 1).drop(["landed_us"]).to_pylist()


def by_person(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["person_key"], row["step"], row["opened_us"]))


@pytest.mark.parametrize("seed", range(30))
def test_the_visits_of_small_worlds_are_those_of_the_oracle(seed: int) -> None:
    random = Random(seed)
    text = journey_of(random)
    worlds = [world_of(random, number) for number in range(WORLDS)]
    expected = [kept_row(visit, int(visit.person[1])) for world in worlds for visit in visits(world, journey(text))]
    recognised = found(rows_of(event for world in worlds for event in world), journey_in(text))
    assert by_person(recognised) == by_person(expected) != []
