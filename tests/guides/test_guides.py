"""Every shell block of every guide runs, in order, in an empty folder with a home of its own."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.places import ROOT, SHARED_DATA
from tests.records import ready

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_runs(guide: Path, environment: dict[str, str], tmp_path: Path) -> None:
    """A guide's `sh` blocks are run by one shell that stops at the first failure; `$DATA` holds the sample files."""
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```", guide.read_text(), re.MULTILINE | re.DOTALL))
    assert script, "a guide without a command teaches nothing"
    places = {
        "NOUS_HOME": str(ready(tmp_path / "home")),
        "DATA": str(SHARED_DATA),
        "GUIDES": str(ROOT / "docs" / "guides"),
    }
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment | places, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
