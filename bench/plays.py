"""Plays while their workers are killed, and how long an event takes to become a mail.

Usage: python -m bench.plays [--firings N] [--kills N]. Each play writes to one person through a real mail server; two
workers are killed one after the other at random moments and followed by others, on SQLite and on PostgreSQL.
"""

import base64
import itertools
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.parts import number, trial

from nousnous.stats.assignment import share_of

FIRINGS, KILLS, WORKERS, SEED = 500, 50, 2, 11
HELD_OUT = 0.2
MOST_S = 2.0
WRITE_KEY = "bench-write-key"
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "plays.md"
HEAD = """# Plays under kills

Two workers carry out plays that write to people through a real mail server, and are killed at random moments, each
followed by another. Written by `make soak-plays`.

| records | firings | kills | acted | held out | exposures told | mails by key | sent twice under one key |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
TAIL = """

From the answer to an event until the mail server has its mail, one after the other, once the server has sent one:
median {:.2f} s, slowest {:.2f} s of {} (at most 2 s).
"""
PATIENCE_S = 900
PLAY = f"""
[play]
id = "welcome"
[trigger]
event = "Signed Up"
[holdout]
share = {HELD_OUT}
[[do]]
action = "email"
subject = "Welcome"
text = "One step is left."
button = "Go on"
address = "https://shop.example/"
"""


@dataclass(frozen=True)
class Story:
    """What stood in the end: firings by state, mails by the key of their firing, and exposures that were told."""

    states: Mapping[str, int]
    mails: Mapping[str, int]
    viewed: int

    def right(self, firings: int) -> bool:
        """Every firing came to its end once, every arm was told, and everybody who was to be written to was."""
        acted, held_out = self.states.get("acted", 0), self.states.get("held out", 0)
        return acted + held_out == firings == self.viewed and len(self.mails) == acted

    def row(self, name: str, firings: int, kills: int) -> str:
        counts = [firings, kills, self.states.get("acted", 0), self.states.get("held out", 0), self.viewed]
        cells = [name, *map(str, counts), str(len(self.mails)), str(self.twice)]
        return f"| {' | '.join(cells)} |"

    @property
    def twice(self) -> int:
        """Mails that went out once more, because a worker died between sending and noting it."""
        return sum(self.mails.values()) - len(self.mails)


class Post:
    """A mail server that counts what it takes in by its Message-ID."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.arrived = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        lines = envelope.content.decode("utf-8", "replace").splitlines()
        self.keys[next(line for line in lines if line.lower().startswith("message-id:"))] += 1
        self.arrived = time.monotonic()
        return "250 taken in"


@contextmanager
def post_office() -> Iterator[tuple[Post, int]]:
    from aiosmtpd.controller import Controller

    post, port = Post(), free_port()
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield post, port
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def killed(environment: Mapping[str, str], firings: int, kills: int) -> Story:
    """Let so many firings act while so many workers are killed, in an installation whose records are migrated."""
    with post_office() as (post, port):
        own = {**environment, "NOUS_MAIL": f"smtp://127.0.0.1:{port}"}
        _part(own, "prepare", firings).wait(PATIENCE_S)
        chance = random.Random(SEED)
        workers = [_part(own, "work", firings) for _ in range(WORKERS)]
        for _ in range(kills):
            time.sleep(chance.uniform(0.3, 1.5))
            victim = workers.pop(0)
            victim.kill()
            victim.wait()
            workers.append(_part(own, "work", firings))
        assert [worker.wait(PATIENCE_S) for worker in workers] == [0] * WORKERS
        told = _part(own, "tell", firings, stdout=subprocess.PIPE).communicate()[0].splitlines()
        rows = dict(line.rsplit(" ", 1) for line in told)
        viewed = int(rows.pop("viewed"))
        return Story({state: int(count) for state, count in rows.items()}, dict(post.keys), viewed)


def _part(environment: Mapping[str, str], part: str, firings: int, **more: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.plays", "--part", part, "--firings", str(firings)]
    return subprocess.Popen(command, env={**environment}, text=True, **more)


def prepare(firings: int) -> None:
    """A play that is on, and the events that pull its trigger, in the lake."""
    from nousnous.base import clock
    from nousnous.collector.accepting import accept_events
    from nousnous.collector.loader import Loader
    from nousnous.plays.actions.versions import apply_play, switch_play
    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    workspace = create_workspace(WorkspaceProfile("bench"), WRITE_KEY).workspace
    stamp = {"type": "track", "event": "Signed Up", "timestamp": clock.now().isoformat()}
    accept_events(workspace, [{**stamp, "userId": "first@example.org", "messageId": "first"}], "bench")
    Loader().load()
    apply_play(workspace, PLAY, None, "bench")
    switch_play(workspace, "welcome", "bench", on=True)
    people = [f"p{place}@example.org" for place in range(firings)]
    accept_events(workspace, [{**stamp, "userId": one, "messageId": one} for one in people], "bench")
    Loader().load()


def work(firings: int) -> None:
    """Work until every firing is over."""
    from nousnous.plays.models import Firing
    from nousnous.runs import models, worker

    models.LEASE = worker.LEASE = timedelta(seconds=1)
    over = (Firing.ACTED, Firing.HELD_OUT, Firing.FAILED)
    while (
        Firing.objects.filter(state__in=over).count() < firings
        or models.Run.objects.filter(kind="plays.firing", status=models.Run.WAITING).exists()
    ):
        if not worker.work_once():
            time.sleep(0.05)


def tell(_firings: int) -> None:
    from django.db.models import Count

    from nousnous.collector.loader import Loader
    from nousnous.facts.events import EVENTS
    from nousnous.plays.models import Firing
    from nousnous.warehouse.lake import lake_of
    from nousnous.workspaces.models import current_workspace

    Loader().load()
    for state, count in Firing.objects.order_by().values_list("state").annotate(n=Count("id")):
        print(state, count)
    events = lake_of(current_workspace("bench")).snapshot(EVENTS).table(EVENTS)
    print("viewed", events.filter(events.event == "Experiment Viewed").count().to_pyarrow().as_py())


def migrated(home: Path, **more: str) -> dict[str, str]:
    environment = {**os.environ, "NOUS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "nousnous.site.settings", **more}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
    return environment


def delays(environment: Mapping[str, str], mails: int = 20) -> list[float]:
    """Seconds from the answer to an event until its mail is taken in, through a real server with its worker."""
    with post_office() as (post, port):
        own = {**environment, "NOUS_MAIL": f"smtp://127.0.0.1:{port}"}
        _part(own, "prepare", 0).wait(PATIENCE_S)
        address = f"http://127.0.0.1:{free_port()}"
        serve = [str(Path(sys.executable).with_name("nous")), "serve", "--port", address.rpartition(":")[2]]
        with subprocess.Popen(serve, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                _until(lambda: _answers(f"{address}/healthz"))
                people = (f"late{place}@example.org" for place in itertools.count())
                written = (one for one in people if share_of("play/welcome", one) >= HELD_OUT)
                _delay(address, post, next(written))  # a server that has just started loads what it needs
                return [_delay(address, post, one) for one in itertools.islice(written, mails)]
            finally:
                server.terminate()


def _delay(address: str, post: Post, person: str) -> float:
    event = {"userId": person, "event": "Signed Up", "messageId": person}
    request = urllib.request.Request(f"{address}/v1/track", json.dumps(event).encode())
    request.add_header("Authorization", f"Basic {base64.b64encode(f'{WRITE_KEY}:'.encode()).decode()}")
    before = len(post.keys)
    urllib.request.urlopen(request, timeout=10).close()
    start = time.monotonic()
    _until(lambda: len(post.keys) > before)
    return post.arrived - start


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()
    except OSError:
        return False
    return True


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.005)


def main(firings: int, kills: int) -> int:
    from tests import postgres

    lines: list[str] = []
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, postgres.server() as address:
        for name, more in (("SQLite", {}), ("PostgreSQL", {"NOUS_DATABASE": address})):
            story = killed(migrated(Path(folder) / name, **more), firings, kills)
            wrong += [] if story.right(firings) else [f"{name}: not every firing ended as it should"]
            lines.append(story.row(name, firings, kills))
        found = sorted(delays(migrated(Path(folder) / "delays")))
    wrong += ["an event took too long to become a mail"] * (found[-1] > MOST_S)
    page = HEAD + "\n".join(lines) + TAIL.format(found[len(found) // 2], found[-1], len(found))
    return trial(TABLE, page, wrong)


if __name__ == "__main__":
    asked = number("--firings", FIRINGS)
    if "--part" in sys.argv:
        import django

        django.setup()
        {"prepare": prepare, "work": work, "tell": tell}[sys.argv[sys.argv.index("--part") + 1]](asked)
        sys.exit(0)
    sys.exit(main(asked, number("--kills", KILLS)))
