"""Homes whose records stand ready: migrating new ones costs three seconds of a processor each time."""

import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path


def ready(home: Path) -> Path:
    """Put migrated records without a workspace into a new home."""
    shutil.copytree(_migrated().name, home, dirs_exist_ok=True)
    return home


@cache
def _migrated() -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory(prefix="nous-records-")
    nous = Path(sys.executable).with_name("nous")
    environment = {"NOUS_HOME": folder.name, "PATH": "/usr/bin:/bin"}
    subprocess.run([nous, "workspace", "list"], env=environment, check=True, stdout=subprocess.DEVNULL)
    return folder
