"""A real PostgreSQL server for tests, on a free port of loopback, thrown away afterwards."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"


def server_folder() -> Path | None:
    """Where the server's programs are, or None if there is no PostgreSQL here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server in a folder; yields its address."""
    programs = server_folder()
    assert programs is not None
    data = folder / "postgres"
    data.mkdir(parents=True)
    as_account: list[str] = []
    if os.geteuid() == 0:
        for parent in (folder, *folder.parents):
            if parent.is_relative_to("/tmp") and parent != Path("/tmp"):
                parent.chmod(0o755)
        shutil.chown(data, ACCOUNT)
        as_account = ["setpriv", "--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _quiet([*as_account, str(programs / "initdb"), "-A", "trust", "-U", "nous", "-N", str(data)])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    control = [*as_account, str(programs / "pg_ctl"), "-D", str(data), "-l", str(data / "log"), "-w"]
    _quiet([*control, "-o", options, "start"])
    try:
        yield f"postgres://nous@127.0.0.1:{port}/postgres"
    finally:
        _quiet([*control, "-m", "immediate", "stop"])


def _quiet(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, cwd="/", check=True)
