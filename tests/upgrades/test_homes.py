"""Homes that released versions made are opened by this one, and say what they said then."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from tests.upgrades.keep import HOMES, report

ARCHIVES = sorted(HOMES.glob("*.tar.xz"))


def without_snapshot(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "snapshot"}


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def test_a_home_of_a_released_version_reports_what_it_reported(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as kept:
        kept.extractall(tmp_path, filter="data")
    then = json.loads(archive.with_name(archive.name.replace(".tar.xz", ".json")).read_text())
    assert without_snapshot(report(tmp_path)) == without_snapshot(then)


def test_there_is_a_home_to_try() -> None:
    assert ARCHIVES
