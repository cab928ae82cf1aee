"""A company that was copied while it was served says the same where it was put back: every question of the API.

It costs more than each run has room for: `make soak-faults` asks it, with the others.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from tests.collector.conftest import Survived
from tests.collector.house import House, Server, until
from tests.collector.test_copies import unmade
from tests.collector.test_faults import ids

GROWS = {"/api/v1/audit", "/api/v1/tokens"}
"""What asking itself adds to."""
LEAST = 40


def test_every_answer_of_the_api_is_the_same_where_a_copy_was_put_back(tmp_path: Path, survived: Survived) -> None:
    house, other = House(unmade(tmp_path / "one").home), unmade(tmp_path / "two")
    house.nous("demo", "build", "--people", "60", "--days", "60", "--seed", "7")
    token = json.loads(house.nous("token", "create", "--workspace", "northwind", "--json"))["api_token"]
    key = json.loads(house.nous("key", "create", "--workspace", "northwind", "--json"))["write_key"]
    with house.serving("--no-worker", command_name="serve") as server:
        for number in range(5):
            body = {"event": "E", "userId": "u", "messageId": f"m{number}"}
            assert server.post("/v1/track", body, key=key).status_code == 200
        house.nous("backup", str(tmp_path / "copy.tar.gz"))
        until(lambda: not house.segments())
        accepted, said = ids(house), answers(server, token)
    other.nous("restore", str(tmp_path / "copy.tar.gz"))
    with other.serving("--no-worker", command_name="serve") as server:
        until(lambda: not other.segments())
        found = answers(server, token)
    assert {path: one for path, one in said.items() if one != found.get(path)} == {}
    assert len(said) > LEAST
    told = f"nothing; {len(said)} questions of the API are answered there as here"
    survived("backup while it serves, put back elsewhere", told, accepted, ids(other))


def answers(server: Server, token: str) -> dict[str, Any]:
    """What is answered to each `GET`, about the first thing of each list where it needs one."""
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=120) as client:
        paths = client.get("/api/openapi.json").json()["paths"]
        found: dict[str, Any] = {}
        for path in sorted(one for one, methods in paths.items() if "get" in methods and one not in GROWS):
            place = filled(path, found)
            answer = client.get(place, params={"journey": "shop"} if "{" not in path else {}) if place else None
            if answer is not None and answer.status_code == httpx.codes.OK:
                found[path] = without_today(answer.text)
    return found


def filled(path: str, found: dict[str, Any]) -> str:
    """The address of the first thing that the list before its name holds; empty where there is none."""
    while match := re.search(r"^(.*?)/\{(\w+)\}", path):
        listed = json.loads(found.get(match[1], "{}"))
        items = listed.get("items", []) if isinstance(listed, dict) else []
        names = (match[2], "id", match[2].removesuffix("_id"), "name")
        value = next((str(one[name]) for one in items for name in names if name in one), "")
        if not value:
            return ""
        path = path.replace(match[0], f"{match[1]}/{value}", 1)
    return path


def without_today(text: str) -> str:
    """Moments of today are those of the question."""
    return re.sub(rf"{datetime.now(UTC):%Y-%m-%d}T[\d:.]+(Z|[+-]\d\d:\d\d)?", "today", text)
