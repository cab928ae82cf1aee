"""From one machine to several: records into PostgreSQL, the lake into a bucket, each station saying the same."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests import bucket as buckets
from tests import postgres
from tests.bucket import lake_settings
from tests.collector.house import House
from tests.collector.test_copies import furnish, unmade
from tests.engines import servers
from tests.engines.sameness import difference


def gap(house: House, **told: str) -> Any:
    """The gap report, but for when it was asked and which engine answered."""
    house.environment |= told
    asked = ("gap", "--workspace", "shop", "--from", "2026-02-01", "--to", "2026-04-01", "--json")
    return {**json.loads(house.nous(*asked)), "as_of": "", "engine": ""}


def test_each_station_from_one_machine_to_a_cluster_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path / "one")
    furnish(house)
    said = gap(house)
    house.nous("backup", str(tmp_path / "copy.tar.gz"))
    with ExitStack() as running:
        bucket, database = running.enter_context(buckets.server()), running.enter_context(postgres.server())
        for name, value in bucket.environment.items():
            monkeypatch.setenv(name, value)
        there = unmade(tmp_path / "two", database)
        there.environment |= lake_settings(bucket, "grown")
        there.nous("restore", str(tmp_path / "copy.tar.gz"))
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
