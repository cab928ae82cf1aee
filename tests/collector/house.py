"""A whole installation in a folder of its own: its commands, its servers, what stands in its lake."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.records import ready

from nousnous.facts.columns import Table
from nousnous.warehouse.lake import Lake

NOUS = Path(sys.executable).with_name("nous")
_MADE = """
from nousnous.workspaces.actions import WorkspaceProfile, create_key, create_workspace
made = create_workspace(WorkspaceProfile("shop", "", "UTC", "USD"), "WK")
for key in ("phc_test", "AMPKEY", "MPTOKEN"):
    create_key(made.workspace, label="", key=key)
"""


@dataclass
class Server:
    """A running server process."""

    process: subprocess.Popen[str]
    url: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

    def post(self, path: str, body: Any = None, key: str | None = "WK", **options: Any) -> httpx.Response:
        """Send JSON, or bytes as they are; with the key by Basic auth unless there is none."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        auth = (key, "") if key else None
        return httpx.post(self.url + path, content=content, auth=auth, timeout=30, **options)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=30)


class House:
    """An installation with one workspace `shop` that has all the keys of the captures."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.environment = {**os.environ, "NOUS_HOME": str(home), **settings}
        if not (home / "records.stamp").exists():
            if "NOUS_DATABASE" not in settings:
                ready(home)
            self.nous("shell", "--no-imports", "--command", _MADE)

    def nous(self, *arguments: str) -> str:
        done = subprocess.run(
            [NOUS, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def serving(self, *arguments: str, command_name: str = "collector") -> Iterator[Server]:
        """A server on a free port until the block ends."""
        server = self.start(*arguments, command_name=command_name)
        try:
            yield server
        finally:
            server.process.terminate()
            server.process.communicate(timeout=30)

    def start(self, *arguments: str, port: int = 0, command_name: str = "collector") -> Server:
        command = [NOUS, command_name, "--port", str(port), *arguments]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the collector did not say where it is"
        return Server(process, found[0])

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """What stands in the lake of the only workspace."""
        folders = list((self.home / "lake").glob("ws_*"))
        if not folders:
            return []
        rows: list[dict[str, Any]] = Lake(str(folders[0])).snapshot(table).table(table).to_pyarrow().to_pylist()
        return rows

    def segments(self) -> list[Path]:
        return sorted((self.home / "log").glob("*.log"))

    def wait_for(self, table: Table, count: int, patience_s: float = 20) -> list[dict[str, Any]]:
        """The rows of a table, as soon as there are so many."""
        until(lambda: len(self.rows(table)) >= count, patience_s)
        return self.rows(table)


def until(holds: Callable[[], bool], patience_s: float = 20) -> None:
    end = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)
