"""How many bytes an event takes in a lake, and how many requests a commit to a bucket needs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalake import DeltaTable
from tests.bucket import Gate, lake_settings, server

NOUS = Path(sys.executable).with_name("nous")
SIMULATED = 1_000_000
LANDING = """
import sys
from nousnous.collector.accepting import accept_events
from nousnous.collector.loader import Loader
from nousnous.workspaces.models import Workspace
workspace = Workspace.objects.get()
loader = Loader()
for number in range({first}, {first} + {count}):
    told = {{"type": "track", "event": "Paid", "userId": f"u{{number}}", "messageId": f"m{{number}}"}}
    accept_events(workspace, [{{**told, "timestamp": "2026-01-02T00:00:00Z"}}], "bench")
    loader.load()
"""


def simulated_bytes() -> float:
    """Events of bench/scaling.py and their visits."""
    with _home() as (home, environment):
        for part in ("write", "loading", "visits"):
            command = [sys.executable, "-m", "bench.scaling", "--part", part, "--events", str(SIMULATED)]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        return _bytes_an_event(home)


def demo_bytes() -> float:
    """Everything in the lake of the demo company: events with properties, answers, conversations, visits, findings."""
    with _home() as (home, environment):
        built = ("demo", "build", "--people", "200", "--days", "60", "--seed", "7")
        subprocess.run([NOUS, *built], env=environment, check=True, capture_output=True)
        return _bytes_an_event(home)


def commits_to_a_bucket(count: int) -> tuple[float, float]:
    """Requests that write or list, and that read, for one commit of the loader, after a first one."""
    with server() as bucket, _home() as (_, environment):
        gate = _Counting(bucket.address)
        told = environment | lake_settings(gate.bucket, "counted")
        subprocess.run([NOUS, "workspace", "create", "counted"], env=told, check=True, capture_output=True)
        found = []
        for first, landings in ((0, 1), (1, count + 1)):
            command = [NOUS, "shell", "--no-imports", "--command", LANDING.format(first=first, count=landings)]
            before = dict(gate.counted)
            subprocess.run(command, env=told, check=True, capture_output=True)
            found.append({name: gate.counted[name] - before[name] for name in before})
        gate.turn("refusing")
    return tuple((found[1][name] - found[0][name]) / count for name in ("writes", "reads"))  # type: ignore[return-value]


class _Counting(Gate):
    """Counts what passes by the first words of each request."""

    def __init__(self, behind: str) -> None:
        self.counted = {"writes": 0, "reads": 0}
        super().__init__(behind)

    def seen(self, piece: bytes) -> None:
        if piece.startswith((b"PUT ", b"POST ")) or (piece.startswith(b"GET ") and b"list-type" in piece[:500]):
            self.counted["writes"] += 1
        elif piece.startswith((b"GET ", b"HEAD ")):
            self.counted["reads"] += 1


@contextmanager
def _home() -> Iterator[tuple[Path, dict[str, str]]]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder), {**os.environ, "NOUS_HOME": folder, "DJANGO_SETTINGS_MODULE": "nousnous.site.settings"}


def _bytes_an_event(home: Path) -> float:
    """Bytes of all files that the tables of the only workspace name, by its events."""
    sizes, events = 0, 0
    for log in home.glob("lake/*/*/_delta_log"):
        actions = DeltaTable(str(log.parent)).get_add_actions(flatten=True)
        sizes += sum(actions.column("size_bytes").to_pylist())
        if log.parent.name == "events":
            events = sum(actions.column("num_records").to_pylist())
    return sizes / events
