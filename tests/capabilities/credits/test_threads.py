"""Fifty grants at once, on SQLite and on PostgreSQL: to the cent."""

import json
import subprocess
import sys
from pathlib import Path

from tests.runs.conftest import installation  # noqa: F401  # a fixture

THREADS = Path(__file__).with_name("threads.py")


def test_fifty_threads_grant_to_the_cent_and_each_person_once(installation: dict[str, str]) -> None:  # noqa: F811
    command = [sys.executable, str(THREADS)]
    done = subprocess.run(command, env=installation, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    fits = 100_007 // 2_999
    assert answers["many"] == {
        "said": {"granted": fits, "Refused": 50 - fits},
        "left": 100_007 - fits * 2_999,
        "granted": fits * 2_999,
        "sum": 0,
    }
    assert answers["one"] == {"said": {"granted": 1, "Conflict": 49}, "left": 97_008, "granted": 2_999, "sum": 0}
