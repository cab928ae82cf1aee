"""Six real client libraries, unmodified, pointed at the collector by host alone, which refuses them first."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.collector.conftest import NewHouse
from tests.collector.faults import FAULTS, gate
from tests.collector.house import House
from tests.places import ROOT

from nousnous.base import clock
from nousnous.facts.events import EVENTS, LINKS

CLIENTS = ROOT / "tests" / "clients"
LIBRARIES = [(language, library) for language in ("py", "mjs") for library in ("segment", "rudderstack", "posthog")]
LATE_US = clock.to_us(clock.from_us(0).replace(year=2024, day=2, hour=3, minute=4, second=5, microsecond=678000))


def send(language: str, library: str, host: str) -> None:
    runner = sys.executable if language == "py" else "node"
    command = [runner, f"send.{language}", library, host]
    done = subprocess.run(command, cwd=CLIENTS, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.mark.parametrize(("language", "library"), LIBRARIES)
def test_a_client_library_brings_its_story_though_it_is_refused_first(
    language: str, library: str, new_house: NewHouse, tmp_path: Path
) -> None:
    house = new_house(tmp_path / "home")
    with house.serving() as server, gate(server.url) as before:
        send(language, library, before.url)
        rows = house.wait_for(EVENTS, 5)
    assert before.answered[: before.answered.index(200) + 1].count(FAULTS[0]) == 1
    assert not before.faults
    told(house, rows)


def told(house: House, rows: list[dict[str, Any]]) -> None:
    """The story as every library must have told it, once."""
    named = {row["event"] or row["type"]: row for row in rows}
    assert sorted(named) == sorted(["identify", "alias", "Late", "Page Viewed", "Bestellung ✓ 完了"])
    assert len(rows) == 5
    assert {row["user_id"] for row in rows} == {"u1"}
    bought = named["Bestellung ✓ 完了"]
    assert bought["revenue"] == 12.5
    assert json.loads(bought["properties"])["größe"] == {"tief": [1, {"x": "🛒"}]}
    assert json.loads(named["identify"]["properties"])["name"] == "Zoë 🦊"
    assert named["Page Viewed"]["screen"] == "/start"
    assert abs(named["Late"]["ts_us"] - LATE_US) < 10 * clock.SECOND_US
    assert abs(bought["ts_us"] - bought["received_us"]) < 60 * clock.SECOND_US
    met = {(link["previous_id"], link["known_id"]) for link in house.rows(LINKS)}
    assert {("before", "u1"), ("a1", "u1")} <= met
