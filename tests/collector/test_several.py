"""Machines with one database and one bucket: every event once, whoever receives, works, dies and comes again.

`SEVERAL_KILLS` says how often one of them is killed; `make soak-several` kills twenty times.
"""

import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest
from tests import bucket as buckets
from tests import postgres
from tests.browser.house import SHOP
from tests.bucket import lake_settings
from tests.collector.conftest import Survived
from tests.collector.house import NOUS, House, Server, until
from tests.collector.test_kills import stop

from nousnous.facts.events import EVENTS
from nousnous.warehouse import stores
from nousnous.warehouse.lake import Lake

KILLS = int(os.environ.get("SEVERAL_KILLS", "2"))
PATIENCE_S = 90


class Retrying(threading.Thread):
    """Sends each batch to both collectors until both accept it, as a client does that heard nothing of the first."""

    def __init__(self, number: int, urls: list[str]) -> None:
        super().__init__(daemon=True)
        self.number, self.urls = number, urls
        self.accepted: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            ids = [f"{self.number}-{len(self.accepted) + place}" for place in range(5)]
            told = {"type": "track", "event": "E", "userId": f"u{self.number}", "anonymousId": f"a{self.number}"}
            body = json.dumps({"batch": [{**told, "messageId": one} for one in ids]}).encode()
            for url in random.Random(ids[0]).sample(self.urls, len(self.urls)):
                self.send(url, body)
            self.accepted += ids

    def send(self, url: str, body: bytes) -> None:
        while True:
            try:
                if httpx.post(f"{url}/v1/batch", content=body, auth=("WK", ""), timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[House]]:
    """Two homes that share records, secret and lake."""
    with ExitStack() as running:
        bucket, database = running.enter_context(buckets.server()), running.enter_context(postgres.server())
        environment = running.enter_context(pytest.MonkeyPatch.context())
        for name, value in bucket.environment.items():
            environment.setenv(name, value)
        folder = tmp_path_factory.mktemp("machines")
        told = {"NOUS_DATABASE": database, "NOUS_SECRET_KEY": "s" * 50, **lake_settings(bucket, "several")}
        homes = [unmade(folder / name, told) for name in ("first", "second")]
        homes[0].nous("migrate", "--verbosity", "0")
        yield homes


@pytest.fixture(scope="module")
def token(machines: list[House]) -> str:
    """A token of the one workspace that they share."""
    made = json.loads(machines[0].nous("workspace", "create", "shop", "--write-key", "WK"))
    return str(made["api_token"])


def unmade(home: Path, told: dict[str, str]) -> House:
    home.mkdir()
    (home / "records.stamp").touch()
    return House(home, **told)


def stored(house: House) -> list[str]:
    """The ids of what stands in the lake of the only workspace."""
    store, path = stores._split(house.environment["NOUS_LAKE"])
    workspaces = obstore.list_with_delimiter(store, prefix=f"{path}/")["common_prefixes"]
    if not workspaces:
        return []
    table = Lake(f"s3://nous/{workspaces[0]}").open(EVENTS)
    ids: list[str] = table.to_pyarrow_dataset().to_table(columns=["message_id"])["message_id"].to_pylist()
    return ids


def test_two_machines_accept_the_same_retries_once_and_are_killed_in_turn(
    machines: list[House], token: str, survived: Survived
) -> None:
    with serving(machines) as servers:
        accepted = accepted_while_killed(machines, servers)
        until(lambda: not any(house.segments() for house in machines), PATIENCE_S)
        first, second = (asked(server, token) for server in servers)
    assert first == second
    assert json.loads(machines[1].nous("runs", "list", "--status", "dead", "--json")) == []
    told = "the connection breaks; the other machine goes on"
    fault = f"SIGKILL of one of two machines, {KILLS} times in turn, both receive the same retries"
    survived(fault, told, accepted, stored(machines[0]))


SHARED = ("NOUS_DATABASE", "NOUS_SECRET_KEY", "NOUS_LAKE", "NOUS_REPLAYS")


def test_a_collector_a_site_and_a_worker_each_alone_do_one_job_together(
    machines: list[House], token: str, tmp_path: Path, survived: Survived
) -> None:
    receiving, showing = machines
    working = unmade(tmp_path / "working", {name: showing.environment[name] for name in SHARED})
    (tmp_path / "shop.toml").write_text(SHOP)
    showing.nous("journey", "apply", str(tmp_path / "shop.toml"), "--workspace", "shop")
    standing = len(stored(showing))
    with ExitStack() as running:
        collector, worker = receiving.start(), running.enter_context(only_working(working))
        site = running.enter_context(showing.serving("--no-worker", command_name="serve"))
        accepted = bought(range(30), collector, site)
        until(lambda: len(stored(showing)) >= standing + 60 and visits(site, token) == 30, PATIENCE_S)
        worker.kill()
        worker.wait()
        done = performed(showing)
        accepted += bought(range(30, 40), collector)
        collector.kill()  # what it accepted waits in its log
        collector = receiving.start(port=int(collector.url.rpartition(":")[2]))
        accepted += bought(range(35, 50), collector)
        until(lambda: len(stored(showing)) >= standing + 100, PATIENCE_S)
        assert performed(showing) == done  # neither site nor collector works
        running.enter_context(only_working(working))
        until(lambda: performed(showing) > done and visits(site, token) == 50, PATIENCE_S)
        stop(collector)
    assert [house.segments() for house in (receiving, showing, working)] == [[], [], []]
    fault = "SIGKILL of a collector and of a worker, each alone on its machine, the site on a third"
    told = "the connection breaks; pages answer, and what follows from events comes later"
    survived(fault, told, accepted, stored(showing))


def bought(persons: range, *servers: Server) -> list[str]:
    """Two events each, sent to every server."""
    ids = []
    for person in persons:
        for event, minute in (("Cart", 0), ("Paid", 5)):
            told = {"event": event, "userId": f"apart{person}", "messageId": f"apart{person}-{event}"}
            told["timestamp"] = f"2026-03-01T10:{minute:02}:00Z"
            assert [one.post("/v1/track", told).status_code for one in servers] == [200] * len(servers)
            ids.append(told["messageId"])
    return ids


@contextmanager
def only_working(house: House) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([NOUS, "worker"], env=house.environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def performed(house: House) -> int:
    """How many runs were performed to their end."""
    return len(json.loads(house.nous("runs", "list", "--status", "done", "--most", "10000", "--json")))


def visits(site: Server, token: str) -> int:
    """How many visits the gap report of a site counts."""
    window = {"journey": "shop", "from": "2026-02-01", "to": "2026-04-01"}
    answer = httpx.get(
        f"{site.url}/api/v1/gaps", params=window, headers={"Authorization": f"Bearer {token}"}, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return int(answer.json()["steps"][0]["visits"]["n"])


@contextmanager
def serving(machines: list[House]) -> Iterator[list[Server]]:
    """Site, collector, loader and worker on each machine."""
    servers = [house.start(command_name="serve") for house in machines]
    try:
        yield servers
    finally:
        for server in servers:
            stop(server)


def accepted_while_killed(machines: list[House], servers: list[Server]) -> list[str]:
    """What clients heard 200 for while one machine after the other is killed and started again."""
    clients = [Retrying(number, [server.url for server in servers]) for number in range(2)]
    for client in clients:
        client.start()
    moments = random.Random(7)
    for killed in range(KILLS):
        before = min(len(client.accepted) for client in clients)
        until(lambda before=before: min(len(one.accepted) for one in clients) > before + 20, PATIENCE_S)
        time.sleep(moments.uniform(0, 1))
        servers[killed % 2] = again(machines[killed % 2], servers[killed % 2])
    for client in clients:
        client.stopping.set()
        client.join(PATIENCE_S)
    return [one for client in clients for one in client.accepted]


def again(house: House, server: Server) -> Server:
    server.kill()
    return house.start(port=int(server.url.rpartition(":")[2]), command_name="serve")


def asked(server: Server, token: str) -> Any:
    """What one of the sites says of the events."""
    answer = httpx.get(f"{server.url}/api/v1/events", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 200
    return answer.json()


HOLDING = """
import sys
from nousnous.runs.locks import exclusive
with exclusive("lake-x"):
    print("held", flush=True)
    sys.stdin.read()
"""
TRYING = """
from nousnous.runs.locks import exclusive_if_free
with exclusive_if_free("lake-x") as mine:
    print(mine)
"""


def test_a_lock_is_one_for_all_machines_and_is_freed_by_a_kill(machines: list[House]) -> None:
    first, second = machines
    command = [NOUS, "shell", "--no-imports", "--command", HOLDING]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=first.environment, text=True, **pipes) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert second.nous("shell", "--no-imports", "--command", TRYING) == "False\n"
        holder.kill()
    until(lambda: second.nous("shell", "--no-imports", "--command", TRYING) == "True\n")
