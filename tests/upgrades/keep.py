"""Keep a small home of the version that is about to be released: python -m tests.upgrades.keep VERSION.

Run it once, from the tree that gets the tag; later versions must open the home and report what stands beside it.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

HOMES = Path(__file__).parent / "homes"
LEFT_OUT = {"secret_key", "locks", "demo"}
WINDOW = ("--from", "2026-09-28", "--to", "2026-11-23")


def nous(home: Path, *words: str) -> str:
    """What a command of this tree says about a home."""
    environment = {**os.environ, "NOUS_HOME": str(home)}
    command = [str(Path(sys.executable).parent / "nous"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def report(home: Path) -> dict[str, Any]:
    """The gap report of the home's company over a fixed window."""
    found: dict[str, Any] = json.loads(nous(home, "gap", "--workspace", "northwind", *WINDOW, "--format", "json"))
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        nous(home, "demo", "build", "--people", "50", "--seed", "7", "--days", "60")
        told = report(home)
        with tarfile.open(HOMES / f"{sys.argv[1]}.tar.xz", "w:xz") as archive:
            for path in sorted(home.iterdir()):
                if path.name not in LEFT_OUT:
                    archive.add(path, path.name)
    (HOMES / f"{sys.argv[1]}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
