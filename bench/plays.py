"""Plays while their workers are killed, what one costs, and how long an event takes to become a Slack message.

Usage: python -m bench.plays [--firings N] [--kills N] [--write]. Each firing leaves a message on the person's page (an
effect within), posts to an HTTP server in Slack's place and writes through a real mail server; two workers are killed
one after the other at random moments and followed by others, on SQLite and on PostgreSQL.
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
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.parts import number, trial

from nousnous.stats.assignment import share_of

FIRINGS, KILLS, WORKERS, SEED = 500, 50, 2, 11
COUNTED = 100
HELD_OUT = 0.2
MOST_S = 2.0
WRITE_KEY = "bench-write-key"
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "plays.md"
HEAD = """# Plays under kills

Two workers carry out plays: each firing leaves a message on the person's page, posts in Slack (an HTTP server in its
place) and writes by mail (a real mail server). They are killed (SIGKILL) at random moments, each followed by another.
“Posts” are what the server in Slack's place acted on; it was asked before it was told again. Mail servers know no keys:
a mail that a killed worker had handed over goes out once more under the same Message-ID. Written by `make soak-plays`.

| records | firings | kills | acted | held out | arms told | within | posts | their keys | mails by key | sent twice |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
TAIL = """

Processor of a worker for one firing with these three actions, kills aside: {:.2f} s.

From the answer to an event until Slack's place has its message, one after the other, once the server has sent one:
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
action = "in_page"
title = "Welcome"
text = "One step is left."
[[do]]
action = "slack"
text = "{{person}} signed up"
[[do]]
action = "email"
subject = "Welcome"
text = "One step is left."
button = "Go on"
address = "https://shop.example/"
"""


@dataclass(frozen=True)
class Story:
    """What stood in the end: firings by state, arms told, effects within, and posts and mails by their keys."""

    states: Mapping[str, int]
    viewed: int
    within: int
    posts: Mapping[str, int]
    mails: Mapping[str, int]
    cpu_s: float

    def right(self, firings: int) -> bool:
        """Every firing came to its end once, every arm was told, and what was to be done was done once."""
        acted, held_out = self.states.get("acted", 0), self.states.get("held out", 0)
        once = len(self.posts) == sum(self.posts.values()) == acted == self.within == len(self.mails)
        return acted + held_out == firings == self.viewed and once

    def row(self, name: str, firings: int, kills: int) -> str:
        counts = [firings, kills, self.states.get("acted", 0), self.states.get("held out", 0), self.viewed, self.within]
        counts += [sum(self.posts.values()), len(self.posts), len(self.mails), self.twice]
        return f"| {' | '.join([name, *map(str, counts)])} |"

    @property
    def twice(self) -> int:
        """Mails that went out once more, because a worker died between sending and noting it."""
        return sum(self.mails.values()) - len(self.mails)


class Slack:
    """A server in Slack's place: it acts on every post that it takes, and tells what it has."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.arrived = 0.0

    @property
    def keys(self) -> Counter[str]:
        return Counter(one["metadata"]["event_payload"]["key"] for one in list(self.kept))

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path.endswith("chat.postMessage"):
            self.arrived = time.monotonic()
            self.kept.append({**body, "ts": f"{len(self.kept)}.0"})
            return {"ok": True, "channel": body["channel"], "ts": self.kept[-1]["ts"]}
        return {"ok": True, "messages": self.kept[::-1][:200]}


@contextmanager
def slack_place() -> Iterator[tuple[Slack, str]]:
    slack = Slack()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = json.loads(body) if "json" in self.headers.get("Content-Type", "") else {}
            said = json.dumps(slack.answer(urlsplit(self.path).path, told)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield slack, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Post:
    """A mail server that counts what it takes in by its Message-ID."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        lines = envelope.content.decode("utf-8", "replace").splitlines()
        self.keys[next(line for line in lines if line.lower().startswith("message-id:"))] += 1
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


@contextmanager
def others(environment: Mapping[str, str]) -> Iterator[tuple[dict[str, str], Slack, Post]]:
    """The environment with a mail server and a server in Slack's place."""
    with post_office() as (post, port), slack_place() as (slack, address):
        own = {"NOUS_MAIL": f"smtp://127.0.0.1:{port}", "NOUS_SLACK": address, "NOUS_PRIVATE_ADDRESSES": "1"}
        yield {**environment, **own}, slack, post


def killed(environment: Mapping[str, str], firings: int, kills: int) -> Story:
    """Let so many firings act while so many workers are killed, in an installation whose records are migrated."""
    with others(environment) as (own, slack, post):
        assert _part(own, "prepare", firings).wait(PATIENCE_S) == 0
        chance = random.Random(SEED)
        written = sum(share_of("play/welcome", person) >= HELD_OUT for person in people(firings))
        moments = sorted(chance.uniform(0, 0.95 * written) for _ in range(kills))
        workers = [_worker(own, firings) for _ in range(WORKERS)]
        for moment in moments:
            _until(lambda least=moment: len(slack.kept) >= least)
            time.sleep(chance.uniform(0, 0.3))
            victim = workers.pop(0)
            victim.kill()
            victim.communicate()
            workers.append(_worker(own, firings))
        spent = [_said_at_last(worker) for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * WORKERS
        told = _part(own, "tell", firings, stdout=subprocess.PIPE).communicate()[0].splitlines()
        rows = {name: int(count) for name, count in (line.rsplit(" ", 1) for line in told)}
        viewed, within = rows.pop("viewed"), rows.pop("within")
        cpu_s = sum(float(one) for one in spent) / firings
        return Story(rows, viewed, within, slack.keys, dict(post.keys), cpu_s)


def people(firings: int) -> list[str]:
    return [f"p{place}@example.org" for place in range(firings)]


def _worker(environment: Mapping[str, str], firings: int) -> "subprocess.Popen[str]":
    """A worker that has begun."""
    started = _part(environment, "work", firings, stdout=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def _said_at_last(worker: "subprocess.Popen[str]") -> str:
    """What a worker says before it ends; some of it may have been read together with its first line."""
    with worker:
        worker.wait(PATIENCE_S)
        assert worker.stdout is not None
        return worker.stdout.read()


def _part(environment: Mapping[str, str], part: str, firings: int, **more: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.plays", "--part", part, "--firings", str(firings)]
    return subprocess.Popen(command, env={**environment}, text=True, **more)


def prepare(firings: int) -> None:
    """A play that is on, and the events that pull its trigger, in the lake."""
    from nousnous.base import clock
    from nousnous.collector.accepting import accept_events
    from nousnous.collector.loader import Loader
    from nousnous.plays.actions.versions import apply_play, switch_play
    from nousnous.plays.channels.actions import Connection, connect
    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    workspace = create_workspace(WorkspaceProfile("bench"), WRITE_KEY).workspace
    stamp = {"type": "track", "event": "Signed Up", "timestamp": clock.now().isoformat()}
    accept_events(workspace, [{**stamp, "userId": "first@example.org", "messageId": "first"}], "bench")
    Loader().load()
    values = {"token": "xoxb-bench", "channel": "C0123ABCD"}
    connect(workspace, Connection("slack", "war-room", values), "bench")
    apply_play(workspace, PLAY, None, "bench")
    switch_play(workspace, "welcome", "bench", on=True)
    accept_events(workspace, [{**stamp, "userId": one, "messageId": one} for one in people(firings)], "bench")
    Loader().load()


def work(firings: int) -> None:
    """Work until every firing is over; print when it begins, and what it cost."""
    from nousnous.plays.models import Firing
    from nousnous.runs import models, worker

    models.LEASE = worker.LEASE = timedelta(seconds=1)
    print("ready", flush=True)
    before = time.process_time()
    over = (Firing.ACTED, Firing.HELD_OUT, Firing.FAILED)
    while (
        Firing.objects.filter(state__in=over).count() < firings
        or models.Run.objects.filter(kind="plays.firing", status=models.Run.WAITING).exists()
    ):
        if not worker.work_once():
            time.sleep(0.05)
    print(time.process_time() - before, flush=True)


def tell(_firings: int) -> None:
    from django.db.models import Count

    from nousnous.collector.loader import Loader
    from nousnous.facts.events import EVENTS
    from nousnous.plays.channels.models import PageMessage
    from nousnous.plays.models import Firing
    from nousnous.warehouse.lake import lake_of
    from nousnous.workspaces.models import current_workspace

    Loader().load()
    for state, count in Firing.objects.order_by().values_list("state").annotate(n=Count("id")):
        print(state, count)
    print("within", PageMessage.objects.values("key").distinct().count())
    events = lake_of(current_workspace("bench")).snapshot(EVENTS).table(EVENTS)
    print("viewed", events.filter(events.event == "Experiment Viewed").count().to_pyarrow().as_py())


def migrated(home: Path, **more: str) -> dict[str, str]:
    environment = {**os.environ, "NOUS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "nousnous.site.settings", **more}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
    return environment


def delays(environment: Mapping[str, str], messages: int = 20) -> list[float]:
    """Seconds from the answer to an event until Slack has its message, through a real server with its worker."""
    with others(environment) as (own, slack, _post):
        _part(own, "prepare", 0).wait(PATIENCE_S)
        address = f"http://127.0.0.1:{free_port()}"
        serve = [str(Path(sys.executable).with_name("nous")), "serve", "--port", address.rpartition(":")[2]]
        with subprocess.Popen(serve, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                _until(lambda: _answers(f"{address}/healthz"))
                late = (f"late{place}@example.org" for place in itertools.count())
                written = (one for one in late if share_of("play/welcome", one) >= HELD_OUT)
                _delay(address, slack, next(written))  # a server that has just started loads what it needs
                return [_delay(address, slack, one) for one in itertools.islice(written, messages)]
            finally:
                server.terminate()


def _delay(address: str, slack: Slack, person: str) -> float:
    event = {"userId": person, "event": "Signed Up", "messageId": person}
    request = urllib.request.Request(f"{address}/v1/track", json.dumps(event).encode())
    request.add_header("Authorization", f"Basic {base64.b64encode(f'{WRITE_KEY}:'.encode()).decode()}")
    before = len(slack.kept)
    urllib.request.urlopen(request, timeout=10).close()
    start = time.monotonic()
    _until(lambda: len(slack.kept) > before)
    return slack.arrived - start


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
        cheap = killed(migrated(Path(folder) / "cheap"), COUNTED, 0).cpu_s
        for name, more in (("SQLite", {}), ("PostgreSQL", {"NOUS_DATABASE": address})):
            story = killed(migrated(Path(folder) / name, **more), firings, kills)
            wrong += [] if story.right(firings) else [f"{name}: not every firing ended as it should"]
            lines.append(story.row(name, firings, kills))
        found = sorted(delays(migrated(Path(folder) / "delays")))
    wrong += ["an event took too long to become a message"] * (found[-1] > MOST_S)
    page = HEAD + "\n".join(lines) + TAIL.format(cheap, found[len(found) // 2], found[-1], len(found))
    return trial(TABLE, page, wrong)


if __name__ == "__main__":
    asked = number("--firings", FIRINGS)
    if "--part" in sys.argv:
        import django

        django.setup()
        {"prepare": prepare, "work": work, "tell": tell}[sys.argv[sys.argv.index("--part") + 1]](asked)
        sys.exit(0)
    sys.exit(main(asked, number("--kills", KILLS)))
