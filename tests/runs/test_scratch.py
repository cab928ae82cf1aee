"""What work writes to disk only while it goes on is gone when it ends, and is swept when its process was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.places import ROOT

OWNER = """
import time
from dataclasses import replace
from pathlib import Path
from django.conf import settings
from nousnous.base.configuration import load
settings.configure(NOUS=load())
from nousnous.runs.scratch import process_folder, scratch_folder
(process_folder() / "spilled").write_text("ada")
with scratch_folder() as folder:
    (folder / "spilled").write_text("ada")
    print("began", flush=True)
    time.sleep(60)
"""
SWEEPER = OWNER.partition("from nousnous.runs")[0] + "from nousnous.runs import scratch; print(scratch.sweep_scratch())"


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "NOUS_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}


def swept(home: Path) -> int:
    command = [sys.executable, "-c", SWEEPER]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True)
    return int(done.stdout)


def spilled(home: Path) -> list[Path]:
    return list(home.rglob("spilled"))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_what_a_process_spilled_is_swept_when_it_was_killed_and_not_before(tmp_path: Path, end: signal.Signals) -> None:
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(
        command, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "began\n"
        assert (swept(tmp_path), len(spilled(tmp_path))) == (0, 2)
        owner.send_signal(end)
    if end is signal.SIGKILL:
        assert (swept(tmp_path), spilled(tmp_path)) == (2, [])
    assert spilled(tmp_path) == []


def test_what_the_first_version_spilled_is_swept(tmp_path: Path) -> None:
    for folder in ("import-abc", "spill"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "spilled").write_text("ada")
    assert (swept(tmp_path), spilled(tmp_path)) == (2, [])
