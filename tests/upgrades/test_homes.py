"""Homes that released versions made are opened by this one, and say what they said then."""

import json
import math
import re
import tarfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from tests.places import ROOT
from tests.upgrades.keep import HOMES, nous, report

from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE
from nousnous.warehouse.lake import Lake

ARCHIVES = sorted(HOMES.glob("*.tar.xz"))


def as_then(now: Any, then: Any) -> Any:
    """What is said now of all that was said then: later versions may say more, and never less or otherwise, but for the
    last digits of sums that are added in another order.
    """
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: as_then(now[name], then[name]) for name in then if name in now}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [as_then(*pair) for pair in zip(now, then, strict=True)]
    if isinstance(now, float) and isinstance(then, float) and math.isclose(now, then, rel_tol=1e-12):
        return then
    return now


def test_less_or_something_else_than_then_is_noticed() -> None:
    then = {"a": 1, "b": [{"c": 2}]}
    assert as_then({"a": 1, "b": [{"c": 2, "new": 3}], "new": 4}, then) == then
    for now in ({"a": 1}, {"a": 2, "b": [{"c": 2}]}, {"a": 1, "b": [{}]}, {"a": 1, "b": []}):
        assert as_then(now, then) != then
    assert as_then([0.1 + 0.2], [0.3]) == [0.3]
    assert as_then([0.3 + 1e-11], [0.3]) != [0.3]


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def test_a_home_of_a_released_version_reports_what_it_reported(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as kept:
        kept.extractall(tmp_path, filter="data")
    then = json.loads(archive.with_name(archive.name.replace(".tar.xz", ".json")).read_text())
    then.pop("snapshot")
    assert as_then(report(tmp_path), then) == then


V1 = ("chunk_id", "session_id", "user_id", "anonymous_id", "source")
SNAPSHOTS = [
    {"type": 4, "timestamp": 1767607205000, "data": {"href": "https://shop.example/pay", "width": 800, "height": 600}},
    {"type": 2, "timestamp": 1767607205000, "data": {"node": {"id": 1, "type": 0, "childNodes": []}}},
]


def keep_as_0_1_0(lake: Path) -> None:
    """Recordings within the lake's table, as 0.1.0 kept them: two of PostHog's, one of which is none."""
    sent = [
        {"event": "$snapshot", "properties": {"$window_id": "w-1", "$snapshot_data": data}}
        for data in (SNAPSHOTS, "no")
    ]
    columns: dict[str, list[Any]] = {name: [f"{name} {number}" for number in range(2)] for name in V1}
    numbers = {name: [1, 2] for name in ("chunk_key", "ts_us", "received_us", "identity_key")}
    bodies = [json.dumps(one).encode() for one in sent]
    write_deltalake(str(lake / "replay_chunks"), pa.table({**columns, **numbers, "body": bodies}))


def test_recordings_of_0_1_0_are_listed_and_played(tmp_path: Path) -> None:
    with tarfile.open(ARCHIVES[0]) as kept:
        kept.extractall(tmp_path, filter="data")
    (lake,) = (tmp_path / "lake").glob("ws_*")
    keep_as_0_1_0(lake)
    (listed,) = json.loads(nous(tmp_path, "replay", "list", "--workspace", "northwind", "--json"))
    assert (listed["session"], listed["person"], listed["screens"]) == ("session_id 0", "user_id 0", ["/pay"])
    (path,) = tmp_path.glob(f"replays/{lake.name}/*/*")
    assert json.loads(pa.input_stream(str(path), compression="zstd").read()) == SNAPSHOTS
    refused = Lake(str(lake)).snapshot(QUARANTINE).table(QUARANTINE).to_pyarrow()
    assert refused["reason"].to_pylist() == ["The piece of the recording holds no snapshots."]


def test_exposures_of_0_1_0_name_their_experiment_in_columns(tmp_path: Path) -> None:
    with tarfile.open(ARCHIVES[0]) as kept:
        kept.extractall(tmp_path, filter="data")
    (folder,) = (tmp_path / "lake").glob("ws_*")
    old = DeltaTable(str(folder / "events"))
    row = {"event": "Experiment Viewed", "properties": '{"experiment_id": "short", "variation_id": 1}', "ts_us": 1}
    schema = pa.schema(old.schema().to_arrow())
    write_deltalake(str(folder / "events"), pa.Table.from_pylist([row], schema=schema), mode="append")
    before = old.to_pyarrow_table().num_rows
    nous(tmp_path, "workspace", "list")
    events = Lake(str(folder)).snapshot(EVENTS).table(EVENTS)
    assert events.count().to_pyarrow().as_py() == before + 1
    named = events.filter(events.experiment.notnull()).select("experiment", "variant").to_pyarrow().to_pylist()
    assert named == [{"experiment": "short", "variant": "1"}]


def test_each_released_version_left_a_home_to_try() -> None:
    released = set(re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))
    assert released == {one.name.removesuffix(".tar.xz") for one in ARCHIVES}
