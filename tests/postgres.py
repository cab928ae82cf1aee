"""A real PostgreSQL server for tests, on a free port of loopback, thrown away afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.counterparts import POSTGRESQL, require

ACCOUNT = "postgres"


Control = Callable[..., None]


@contextmanager
def server() -> Iterator[str]:
    """Run a server; yields its address."""
    with controlled() as (address, _):
        yield address


@contextmanager
def controlled() -> Iterator[tuple[str, Control]]:
    """Run a server; yields its address, and what stops and starts it by the words of pg_ctl.

    Its folder is not pytest's, which only the user of the tests may enter.
    """
    with tempfile.TemporaryDirectory(prefix="nous-postgres-") as folder, _running(Path(folder)) as running:
        yield running


@contextmanager
def _running(data: Path) -> Iterator[tuple[str, Control]]:
    programs = require(POSTGRESQL)
    as_account: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(data, ACCOUNT)
        as_account = ["setpriv", "--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _quiet([*as_account, str(programs / "initdb"), "-A", "trust", "-U", "nous", "-N", str(data)])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    control = [*as_account, str(programs / "pg_ctl"), "-D", str(data), "-l", str(data / "log"), "-w"]

    def tell(*words: str) -> None:
        _quiet([*control, "-o", options, *words])

    tell("start")
    try:
        yield f"postgres://nous@127.0.0.1:{port}/postgres", tell
    finally:
        _quiet([*control, "-m", "immediate", "stop"])


def _quiet(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, cwd="/", check=True)
