"""Which `nous` the guides find on the path."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.places import ROOT

HERE = Path(__file__).parent
BIN = ROOT / ".venv" / "bin"


@pytest.fixture(scope="session")
def environment() -> Iterator[dict[str, str]]:
    """The environment of guides, but for their homes."""
    python_path = os.pathsep.join((str(ROOT / "src"), str(ROOT / "demo")))
    plain = {**os.environ, "PYTHONPATH": python_path, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    if sys.platform != "linux":  # elsewhere libraries do not bear being forked
        yield plain
        return
    with tempfile.TemporaryDirectory(prefix="nous-") as folder:
        place, caller = Path(folder) / "socket", Path(folder) / "nous"
        caller.write_text(f"#!{sys.executable} -SE\n{(HERE / 'caller.py').read_text()}")
        caller.chmod(0o755)
        started = [sys.executable, str(HERE / "preforked.py"), str(place)]
        with subprocess.Popen(started, env=plain, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            path = f"{folder}{os.pathsep}{plain['PATH']}"
            yield {**plain, "PATH": path, "PREFORKED": str(place), "REAL_NOUS": str(BIN / "nous")}
            server.terminate()
