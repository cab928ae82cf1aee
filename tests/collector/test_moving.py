"""From one machine to several: records into PostgreSQL, the lake into a bucket, each station saying the same.

What is done at the second station is read from the guide, with names and addresses of its own.
"""

import json
import re
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests import bucket as buckets
from tests import postgres
from tests.bucket import lake_settings
from tests.collector.house import NOUS, House
from tests.collector.test_copies import furnish, unmade
from tests.engines import servers
from tests.engines.sameness import difference
from tests.places import ROOT


def gap(house: House, **told: str) -> Any:
    """The gap report, but for when it was asked and which engine answered."""
    house.environment |= told
    asked = ("gap", "--workspace", "shop", "--from", "2026-02-01", "--to", "2026-04-01", "--json")
    return {**json.loads(house.nous(*asked)), "as_of": "", "engine": ""}


def follow(house: House, station: str) -> None:
    """Do what the guide says at a station, where all that it exports is set already."""
    section = re.split(r"^## ", (ROOT / "docs/guides/grow.md").read_text(), flags=re.MULTILINE)
    (told,) = [one for one in section if one.startswith(station)]
    lines = [line.strip() for line in told.splitlines() if line.startswith("    ")]
    named = {name for line in lines if line.startswith("export") for name in re.findall(r"(\w+)=", line)}
    assert named
    assert named - {"NOUS_SECRET_KEY"} <= house.environment.keys()
    commands = [line.replace("acme", "shop") for line in lines if line.startswith("nous ")]
    assert commands[0].startswith("nous restore")
    path = f"{NOUS.parent}:{house.environment['PATH']}"
    script = ["bash", "-euo", "pipefail", "-c", "\n".join(commands)]
    subprocess.run(script, env=house.environment | {"PATH": path}, cwd=house.home.parent, check=True)


def test_each_station_from_one_machine_to_a_cluster_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path / "one")
    furnish(house)
    said = gap(house)
    house.nous("backup", str(tmp_path / "moving.tar.gz"))
    with ExitStack() as running:
        bucket, database = running.enter_context(buckets.server()), running.enter_context(postgres.server())
        for name, value in bucket.environment.items():
            monkeypatch.setenv(name, value)
        there = unmade(tmp_path / "two", database)
        there.environment |= lake_settings(bucket, "grown")
        follow(there, "Records in PostgreSQL, the lake in a bucket")
        assert difference(gap(there), said) is None
        assert not (there.home / "lake").exists()
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")  # which Sail wants to be told of an endpoint without encryption
        engine = running.enter_context(servers.sail(tmp_path))
        assert difference(gap(there, NOUS_ENGINE=engine), said) is None
        there.environment.pop("NOUS_ENGINE")
        there.nous(
            "member", "add", "new@shop.example", "--workspace", "shop", "--role", "analyst"
        )  # a key that is free
        assert len(json.loads(there.nous("member", "list", "--workspace", "shop", "--json"))) == 2
