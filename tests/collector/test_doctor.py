"""Each thing that may be wrong is found where it was planted, explained, and mended where that loses nothing."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from tests.collector.house import NOUS

from nousnous.collector.accepting import accept_events
from nousnous.collector.doctor import FAILED, MENDED, OK, WARNING, Finding, examine, mended
from nousnous.collector.loader import Loader
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import Lake, lake_of
from nousnous.warehouse.objects import objects_of
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def accept(workspace: Workspace, number: int) -> None:
    told = {"type": "track", "event": "Paid", "userId": "ada", "messageId": f"m{number}"}
    accept_events(workspace, [{**told, "timestamp": "2026-01-02T00:00:00Z"}], "test")


@pytest.fixture
def lake(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """The lake of a workspace in a home of its own; its events were loaded from the log."""
    monkeypatch.setattr(settings, "NOUS", replace(settings.NOUS, home=tmp_path))
    (tmp_path / "secret_key").touch(mode=0o600)
    for number in range(2):
        accept(workspace, number)
        Loader().load()
    return lake_of(workspace)


def troubles() -> list[Finding]:
    return [one for one in examine() if one.state != OK]


def old(path: Path) -> None:
    """A file that stands for long."""
    path.touch()
    os.utime(path, (0, 0))


def loose_secret(_lake: Lake) -> None:
    (settings.NOUS.home / "secret_key").chmod(0o644)


def left_scratch(_lake: Lake) -> None:
    (settings.NOUS.home / "scratch" / "left").mkdir(parents=True)


def stray_file(lake: Lake) -> None:
    old(Path(lake.path(EVENTS)) / "stray.parquet")


def unfinished_commit(lake: Lake) -> None:
    old(Path(lake.path(EVENTS)) / "_delta_log" / "_commit_x.json.tmp")


def stray_recording(lake: Lake) -> None:
    objects_of(lake).put("ab/stray", b"[]")


MENDABLE: dict[Callable[[Lake], None], tuple[str, str]] = {
    loose_secret: ("permissions", "can be read by others (mode 644)"),
    left_scratch: ("scratch", "left 1 folders"),
    stray_file: ("tables", "1 files that no version of the last week names"),
    unfinished_commit: ("tables", "1 commits that were never finished"),
    stray_recording: ("recordings", "1 files of recordings are named by no row"),
}


def test_nothing_is_wrong_with_what_is_sound(lake: Lake) -> None:
    assert troubles() == []
    assert {one.name for one in examine()} == {"permissions", "scratch", "segments", "tables", "recordings"}


@pytest.mark.parametrize("plant", MENDABLE, ids=lambda plant: plant.__name__)
def test_what_loses_nothing_is_mended(plant: Callable[[Lake], None], lake: Lake) -> None:
    plant(lake)
    name, said = MENDABLE[plant]
    (found,) = troubles()
    assert (found.name, found.state) == (name, WARNING)
    assert said in found.detail
    assert found.remedy
    (done,) = mended([found])
    assert (done.state, done.mend) == (MENDED, None)
    assert troubles() == []
    assert lake.snapshot().events().count().to_pyarrow().as_py() == 2


def test_a_commit_cut_off_by_a_power_cut_is_set_aside_and_loaded_again(workspace: Workspace, lake: Lake) -> None:
    accept(workspace, 2)
    (segment,) = (settings.NOUS.home / "log").glob("*.log")
    kept = segment.read_bytes()
    Loader().load()
    segment.write_bytes(kept)  # a segment goes only after its commit is on the disk
    newest = max(Path(lake.path(EVENTS)).glob("_delta_log/*.json"))
    newest.write_bytes(newest.read_bytes()[:-40])
    (found,) = troubles()
    assert (found.name, found.state) == ("tables", FAILED)
    assert "North" not in found.detail
    assert found.detail.startswith("north: The newest commit of events is cut off")
    mended([found])
    Loader().load()
    rows = lake.snapshot(EVENTS).table(EVENTS).to_pyarrow()
    assert sorted(rows["message_id"].to_pylist()) == ["m0", "m1", "m2"]
    assert {one.state for one in troubles()} <= {WARNING}


def test_what_only_a_backup_brings_back_is_told_and_left(workspace: Workspace, lake: Lake) -> None:
    first = Path(lake.open(EVENTS).file_uris()[0])
    first.unlink()
    (found,) = troubles()
    assert (found.state, found.remedy, found.mend) == (FAILED, "Restore it from a backup.", None)
    assert f"names 1 files that are gone, such as {first.name}" in found.detail
    assert mended([found]) == [found]


def test_damage_in_the_log_is_told_and_what_stands_around_it_is_loaded(workspace: Workspace, lake: Lake) -> None:
    for number in range(3):
        accept(workspace, 10 + number)
    whole = b"".join(path.read_bytes() for path in sorted((settings.NOUS.home / "log").glob("*.log")))
    for path in (settings.NOUS.home / "log").glob("*.log"):
        path.unlink()
    middle = len(whole) // 2
    (settings.NOUS.home / "log" / "1.log").write_bytes(whole[:middle] + b"?" + whole[middle + 1 :])
    (found,) = troubles()
    assert (found.name, found.state, found.mend) == ("segments", WARNING, None)
    assert f"{len(whole) // 3:,} bytes of 1.log cannot be read" in found.detail
    Loader().load()
    rows = lake.snapshot(EVENTS).table(EVENTS).to_pyarrow()
    assert sorted(rows["message_id"].to_pylist()) == ["m0", "m1", "m10", "m12"]


def test_the_command_says_what_to_do_and_ends_with_its_verdict(tmp_path: Path) -> None:
    environment = {**os.environ, "NOUS_HOME": str(tmp_path)}
    subprocess.run([NOUS, "workspace", "create", "acme"], env=environment, check=True, capture_output=True)
    (tmp_path / "secret_key").chmod(0o644)
    said = subprocess.run([NOUS, "doctor"], env=environment, capture_output=True, text=True, check=True).stdout
    assert "What is fixable is mended by `nous doctor --fix`." in said
    done = subprocess.run(
        [NOUS, "doctor", "--fix", "--json"], env=environment, capture_output=True, text=True, check=True
    )
    assert [one["state"] for one in json.loads(done.stdout) if one["name"] == "permissions"] == ["mended"]
    newer = "from django.db import connection as c; c.cursor().execute('drop table runs_run')"
    subprocess.run([NOUS, "shell", "--no-imports", "--command", newer], env=environment, check=True)
    failed = subprocess.run([NOUS, "doctor"], env=environment, capture_output=True, text=True, check=False)
    assert (failed.returncode, "runs" in failed.stdout) == (1, True)
