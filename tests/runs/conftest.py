"""An installation of its own per kind of database, shared by the tests of a session."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import postgres
from tests.places import ROOT
from tests.records import ready

PROCESSES = Path(__file__).with_name("processes.py")


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of processes that share one fresh database."""
    folder = tmp_path_factory.mktemp(request.param)
    environment = {
        **os.environ,
        "NOUS_HOME": str(folder / "home"),
        "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("src", "demo", ".")),
        "DJANGO_SETTINGS_MODULE": "nousnous.site.settings",
    }
    if request.param == "sqlite":
        ready(folder / "home")
        yield environment
    else:
        with postgres.server() as address:
            environment["NOUS_DATABASE"] = address
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
            yield environment


def process(environment: dict[str, str], task: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start one of the tasks of `tests/runs/processes.py` in a process of its own."""
    return subprocess.Popen([sys.executable, str(PROCESSES), task, *arguments], env=environment)


def output(environment: dict[str, str], task: str, *arguments: str) -> list[str]:
    """Do one of the tasks and return the lines that it printed."""
    command = [sys.executable, str(PROCESSES), task, *arguments]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.splitlines()
