"""A disk without room: clients are told to come back, and nothing that was accepted is lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.collector.conftest import NewHouse, Survived
from tests.collector.house import House

from nousnous.facts.events import EVENTS

BODY = {"event": "E", "userId": "u", "properties": {"text": "x" * 20_000}}


def fill(house: House, *arguments: str) -> tuple[list[str], int]:
    """Send until the answer is 503 with Retry-After; which were accepted, and how many were not."""
    accepted, refused = [], 0
    with house.serving("--no-load", *arguments) as server, server.client() as client:
        for number in range(400):
            content = json.dumps({**BODY, "messageId": f"m{number}"}).encode()
            answer = client.post("/v1/track", content=content, auth=("WK", ""))
            if answer.status_code == 200:
                accepted.append(f"m{number}")
            else:
                assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
                refused += 1
    return accepted, refused


def test_a_full_log_is_answered_503_until_it_is_loaded(new_house: NewHouse, tmp_path: Path) -> None:
    house = new_house(tmp_path / "home", NOUS_LOG_MEGABYTES="1")
    accepted, refused = fill(house)
    assert 40 < len(accepted) < 60
    assert refused == 400 - len(accepted)
    with house.serving() as server:
        house.wait_for(EVENTS, len(accepted))
        assert server.post("/v1/track", {**BODY, "messageId": "later"}).status_code == 200


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 4 MiB."""
    folder = tmp_path / "log"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="a disk of 4 MiB is mounted, which only root on Linux may, as CI is; a full log is tested above for all",
)
def test_a_full_disk_is_answered_503_and_costs_nothing_accepted(
    new_house: NewHouse, tmp_path: Path, small_disk: Path, survived: Survived
) -> None:
    house = new_house(tmp_path / "home")
    (house.home / "log").symlink_to(small_disk)
    accepted, refused = fill(house)
    assert accepted
    assert refused
    with house.serving() as server:
        rows = house.wait_for(EVENTS, len(accepted))
        assert server.post("/v1/track", {**BODY, "messageId": "later"}).status_code == 200
    found = [row["message_id"] for row in rows]
    survived("full disk under the log", "503, Retry-After: 2", accepted, found)
    assert sorted(found) == sorted(accepted)
