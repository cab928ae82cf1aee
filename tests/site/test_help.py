"""`nous COMMAND --help` tells what the command takes, and nothing of the framework below it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.places import ROOT

from nousnous.site.command import OPTIONS_OF_DJANGO


@pytest.mark.parametrize("command", [("import", "events"), ("import",), ("status",)])
def test_help_shows_our_options_alone(tmp_path: Path, command: tuple[str, ...]) -> None:
    environment = {**os.environ, "NOUS_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "120"}
    nous = [sys.executable, "-c", "from nousnous.site.command import main; main()", *command, "--help"]
    told = subprocess.run(nous, env=environment, check=True, capture_output=True, text=True).stdout
    assert f"Usage: nous {' '.join(command)}" in told
    assert "--help" in told
    assert [option for option in (*OPTIONS_OF_DJANGO, "Django") if option in told] == []
