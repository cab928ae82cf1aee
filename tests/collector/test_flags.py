"""Flags as unmodified clients of PostHog ask for them, in the arms of our own hash; what they saw comes back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from posthog import Posthog
from tests.collector.conftest import NewHouse
from tests.collector.house import House, Server, until
from tests.places import ROOT

from nousnous.facts.events import EVENTS, EXPOSURE
from nousnous.stats.assignment import arm_of

TEXT = """
[experiment]
id = "form"
reading = "any time"
[[variant]]
id = "control"
[[variant]]
id = "short"
"""
SWITCH = TEXT.replace("form", "switch").replace("control", "off").replace("short", "on")
PEOPLE = [f"p{number}" for number in range(6)]
NODE = """
import { PostHog } from "posthog-node"
const client = new PostHog("phc_test", { host: process.argv[1], personalApiKey: "phx_test", flushAt: 1 })
for (const person of process.argv.slice(2)) console.log(await client.getFeatureFlag("form", person))
await client.shutdown()
"""


@pytest.fixture(scope="module")
def shop(new_house: NewHouse, tmp_path_factory: pytest.TempPathFactory) -> House:
    house, folder = new_house(), tmp_path_factory.mktemp("texts")
    for name, text in (("form", TEXT), ("switch", SWITCH)):
        path: Path = folder / f"{name}.toml"
        path.write_text(text)
        house.nous("experiment", "apply", str(path), "--workspace", "shop")
    return house


@pytest.fixture(scope="module")
def flagged(shop: House) -> Iterator[Server]:
    with shop.serving() as server:
        yield server


def expected(person: str) -> str:
    return arm_of("form", person, {"control": 1, "short": 1})


def test_the_python_client_hears_our_arms_and_tells_what_it_saw(shop: House, flagged: Server) -> None:
    client = Posthog("phc_test", host=flagged.url)
    flags = {person: client.evaluate_flags(person) for person in PEOPLE}
    assert {person: found.get_flag("form") for person, found in flags.items()} == {p: expected(p) for p in PEOPLE}
    on = arm_of("switch", "p1", {"off": 1, "on": 1}) == "on"
    assert flags["p1"].get_flag("switch") is on
    assert flags["p1"].get_flag("unheard-of") is None
    client.shutdown()
    until(lambda: sum(row["event"] == EXPOSURE for row in shop.rows(EVENTS)) >= 7)
    seen = {(row["user_id"], row["experiment"]): row["variant"] for row in shop.rows(EVENTS)}
    assert {person: seen[person, "form"] for person in PEOPLE} == {person: expected(person) for person in PEOPLE}
    assert seen["p1", "switch"] == ("on" if on else "off")
    assert seen.get(("p1", "unheard-of")) is None


def test_a_client_that_evaluates_flags_itself_asks_us_all_the_same(flagged: Server) -> None:
    command = ["node", "--input-type=module", "-e", NODE, flagged.url, *PEOPLE]
    done = subprocess.run(
        command, cwd=ROOT / "tests" / "clients", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == [expected(person) for person in PEOPLE], done.stderr


def test_pages_are_told_whether_there_are_flags(flagged: Server) -> None:
    with flagged.client() as client:
        assert client.get("/array/phc_test/config").json()["hasFeatureFlags"] is True
    asked = {"token": "phc_test", "distinct_id": "device", "$device_id": "device"}
    told = flagged.post("/flags/?v=2", asked, key=None).json()
    assert told["flags"]["form"]["variant"] == told["featureFlags"]["form"] == expected("device")
    assert flagged.post("/flags/", {"token": "phc_test"}, key=None).json()["flags"] == {}
