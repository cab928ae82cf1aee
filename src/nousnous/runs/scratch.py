"""Folders for what work writes to disk only while it goes on: below the home, and swept when their owner is gone.

Such a folder may hold rows of people. It is locked as long as its owner lives, so whoever sweeps takes away exactly
what killed processes left behind.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from django.conf import settings

from nousnous.runs.locks import exclusive_here

LOCK = "scratch"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder that is gone afterwards."""
    path, descriptor = _locked_folder()
    try:
        yield path
    finally:
        _remove(path, descriptor)


def process_folder() -> Path:
    """The folder of this process, gone when it ends."""
    return _process_folder(settings.NOUS.home, os.getpid())


def sweep_scratch() -> int:
    """Take away what killed processes left; answers how many folders."""
    with exclusive_here(LOCK):
        return _sweep(settings.NOUS.home)


def left_behind() -> int:
    """How many folders of killed processes are still there."""
    return sum(map(_is_left, (settings.NOUS.home / "scratch").glob("*")))


@cache
def _process_folder(_home: Path, process_id: int) -> Path:
    path, descriptor = _locked_folder()

    def remove() -> None:
        if os.getpid() == process_id:  # not in a fork, which inherits what ends with this process
            _remove(path, descriptor)

    atexit.register(remove)
    return path


def _locked_folder() -> tuple[Path, int]:
    home = settings.NOUS.home
    with exclusive_here(LOCK):
        (home / "scratch").mkdir(exist_ok=True)
        _sweep(home)
        path = Path(tempfile.mkdtemp(dir=home / "scratch"))
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    return path, descriptor


def _sweep(home: Path) -> int:
    before_scratch = [*home.glob("import-*"), home / "spill"]  # where the first version wrote, without a lock
    return sum(map(_swept, [*(home / "scratch").glob("*"), *before_scratch]))


def _swept(path: Path) -> bool:
    descriptor = _left_behind(path)
    if descriptor is None:
        return False
    _remove(path, descriptor)
    return True


def _is_left(path: Path) -> bool:
    descriptor = _left_behind(path)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


def _left_behind(path: Path) -> int | None:
    """The open and locked descriptor of what no process owns any more."""
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
        else:
            return descriptor
    return None


def _remove(path: Path, descriptor: int) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    os.close(descriptor)
