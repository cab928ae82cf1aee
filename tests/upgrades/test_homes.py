"""Homes that released versions made are opened by this one, and say what they said then."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from tests.upgrades.keep import HOMES, report

ARCHIVES = sorted(HOMES.glob("*.tar.xz"))


def as_then(now: Any, then: Any) -> Any:
    """What is said now of all that was said then: later versions may say more, and never less or otherwise."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: as_then(now[name], then[name]) for name in then if name in now}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [as_then(*pair) for pair in zip(now, then, strict=True)]
    return now


def test_less_or_something_else_than_then_is_noticed() -> None:
    then = {"a": 1, "b": [{"c": 2}]}
    assert as_then({"a": 1, "b": [{"c": 2, "new": 3}], "new": 4}, then) == then
    for now in ({"a": 1}, {"a": 2, "b": [{"c": 2}]}, {"a": 1, "b": [{}]}, {"a": 1, "b": []}):
        assert as_then(now, then) != then


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def test_a_home_of_a_released_version_reports_what_it_reported(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as kept:
        kept.extractall(tmp_path, filter="data")
    then = json.loads(archive.with_name(archive.name.replace(".tar.xz", ".json")).read_text())
    then.pop("snapshot")
    assert as_then(report(tmp_path), then) == then


def test_there_is_a_home_to_try() -> None:
    assert ARCHIVES
