"""Kept visits survive the death of the processes that compute them."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.places import ROOT
from tests.records import ready

KILLS = 5


def process(environment: dict[str, str], task: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.journeys.processes", task]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def has_begun(process: "subprocess.Popen[str]") -> bool:
    return process.stdout is not None and process.stdout.readline() == "began\n"


def test_visits_are_those_computed_anew_though_their_processes_were_killed_while_events_landed(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "NOUS_HOME": str(ready(tmp_path)),
        "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("src", "demo", ".")),
        "DJANGO_SETTINGS_MODULE": "nousnous.site.settings",
    }
    chance = random.Random(7)
    with process(environment, "land") as landing:
        assert has_begun(landing)
        for _ in range(KILLS):
            with process(environment, "keep") as keeping:
                assert has_begun(keeping)
                time.sleep(chance.uniform(0.05, 0.8))
                assert keeping.poll() is None
                keeping.kill()
        assert landing.wait(60) == 0
    with process(environment, "compare") as comparing:
        count, same = comparing.communicate(timeout=60)[0].split()
    assert int(count) > 100
    assert same == "True"
