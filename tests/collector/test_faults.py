"""What goes wrong below a server: clients are told, nothing that was accepted is lost or doubled, the rest recovers."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from deltalake import DeltaTable, write_deltalake
from tests import postgres
from tests.collector.conftest import NewHouse, Survived
from tests.collector.house import NOUS, House, Server, until
from tests.collector.test_kills import Client, stop
from tests.counterparts import COMPILER, FAKETIME, require

from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE

DAY_S, PATIENCE_S = 86_400, 60
FAILING_SYNC = """
extern char *getenv(const char *);
extern int access(const char *, int);
extern int *__errno_location(void);
extern void *dlsym(void *, const char *);
int fdatasync(int file) {
    if (access(getenv("FAILING_SYNC"), 0) == 0) { *__errno_location() = 5; return -1; }
    return ((int (*)(int)) dlsym((void *) -1, "fdatasync"))(file);
}
"""
as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="it mounts, which only root on Linux may, as CI is"
)


@pytest.fixture
def house(new_house: NewHouse, tmp_path: Path) -> House:
    return new_house(tmp_path / "home")


def send(server: Server, message_id: str) -> httpx.Response:
    body = {"event": "E", "userId": "u", "messageId": message_id, "properties": {"text": "x" * 20_000}}
    return server.post("/v1/track", body)


def accept(server: Server, *message_ids: str) -> list[str]:
    for one in message_ids:
        assert send(server, one).status_code == 200
    return list(message_ids)


def refusal(server: Server, message_id: str) -> str:
    """What a client is told that is to come again."""
    answer = send(server, message_id)
    assert answer.status_code == 503
    return f"503, Retry-After: {answer.headers['retry-after']}, “{answer.json()['message']}”"


def answers(server: Server, *paths: str) -> list[tuple[int, str, str]]:
    """Status, when to come again, and the sentence of pages and of the API."""
    found = []
    for path in paths:
        one = httpx.get(server.url + path, headers={"Authorization": "Bearer x"}, timeout=30)
        sentence = one.json()["error"] if path.startswith("/api") else one.text.split('class="lead">')[1].split("<")[0]
        found.append((one.status_code, one.headers["retry-after"], sentence))
    return found


def ids(house: House) -> list[str]:
    return [row["message_id"] for row in house.rows(EVENTS)]


def loaded(house: House) -> list[str]:
    """The ids in the lake after a start without a hand."""
    with house.serving():
        until(lambda: not house.segments(), PATIENCE_S)
    return ids(house)


def said(*arguments: str, house: House) -> str:
    """The sentence with which a command ends."""
    command = [NOUS, *arguments]
    done = subprocess.run(command, env=house.environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def doctor(house: House) -> list[dict[str, str]]:
    """What the doctor finds where something failed."""
    command = [NOUS, "doctor", "--json"]
    done = subprocess.run(command, env=house.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", *options, folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def remount(folder: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,bind,{mode}", folder], check=True)


def fill(ballast: Path) -> None:
    """Write until there is no room."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def test_a_server_that_is_told_to_end_under_load_ends_well(house: House, survived: Survived) -> None:
    server = house.start()
    clients = [Client(number, server.url) for number in range(3)]
    for client in clients:
        client.start()
    until(lambda: all(len(client.accepted) > 10 for client in clients), 60)
    server.process.terminate()
    stop(server)
    assert server.process.returncode == 0
    for client in clients:
        client.stopping.set()
    server = house.start(port=int(server.url.rpartition(":")[2]))
    for client in clients:
        client.join(30)
    until(lambda: not house.segments(), PATIENCE_S)
    stop(server)
    accepted = [one["messageId"] for client in clients for body in client.accepted for one in json.loads(body)["batch"]]
    survived("SIGTERM under load", "the connection ends; exit status 0", accepted, ids(house))


@as_root
def test_a_disk_that_becomes_read_only(house: House, survived: Survived) -> None:
    log = house.home / "log"
    log.mkdir()
    with mounted(log, "--bind", str(log)), house.serving() as server:
        accepted = accept(server, "m1")
        until(lambda: not house.segments(), PATIENCE_S)
        remount(log, "ro")
        told = refusal(server, "m2")
        remount(log, "rw")
        accepted += accept(server, "m2")
        house.wait_for(EVENTS, 2)
    assert "Read-only file system" in told
    survived("read-only disk, while it serves", told, accepted, ids(house))


@as_root
def test_a_start_on_a_read_only_disk_is_refused_in_a_sentence(house: House, survived: Survived) -> None:
    with house.serving("--no-load") as server:
        accepted = accept(server, "m1")
    with mounted(house.home, "--bind", str(house.home)):
        remount(house.home, "ro")
        told = said("collector", "--port", "0", house=house)
        found = doctor(house)
    assert f"{house.home} cannot be written." in [one["detail"] for one in found]
    assert "Read-only file system" in told
    told = told.replace(str(house.home), "/home")
    survived("read-only disk, at the start", told, accepted, loaded(house))


@as_root
def test_a_home_without_room(house: House, survived: Survived, tmp_path: Path, new_house: NewHouse) -> None:
    small = tmp_path / "small"
    with mounted(small, "-t", "tmpfs", "-o", "size=24m", "tmpfs"):
        house = new_house(small)
        with house.serving() as server:
            accepted = accept(server, "m1")
            house.wait_for(EVENTS, 1)
            table, ballast = tmp_path / "events.csv", small / "ballast"
            table.write_text("user_id,event,timestamp\nu,E,2026-03-01T10:00:00Z\n")
            fill(ballast)
            told = refusal(server, "m2")
            ended = said("import", "events", str(table), "--workspace", "shop", house=house)
            assert ended == "The disk of this installation is full. Try again in a minute; `nous status` says more."
            ballast.unlink()
            accepted += accept(server, "m2")
            house.wait_for(EVENTS, 2)
        survived("full disk under everything", told, accepted, ids(house))


def test_a_clock_that_jumps_a_day_both_ways(house: House, survived: Survived, tmp_path: Path) -> None:
    ahead = tmp_path / "ahead"
    ahead.write_text("+0")
    house.environment |= {"LD_PRELOAD": str(require(FAKETIME)), "FAKETIME_TIMESTAMP_FILE": str(ahead)}
    house.environment |= {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    accepted = []
    with house.serving() as server:
        for number, seconds in enumerate((0, DAY_S, 0, -DAY_S, 0)):
            ahead.write_text(f"{seconds:+}")
            accepted += accept(server, f"m{number}")
            house.wait_for(EVENTS, number + 1)
        ahead.write_text(f"{-DAY_S:+}")
        key = json.loads(house.nous("key", "create", "--workspace", "shop", "--json"))["write_key"]
        assert server.post("/v1/track", {"event": "E", "userId": "u", "messageId": "m9"}, key=key).status_code == 200
        until(lambda: not house.segments(), PATIENCE_S)
    moments = {row["message_id"]: row["received_us"] for row in house.rows(EVENTS)}
    assert round((moments["m1"] - moments["m0"]) / 1e6 / DAY_S) == 1
    assert round((moments["m3"] - moments["m0"]) / 1e6 / DAY_S) == -1
    survived("clock jumps a day ahead and a day back", "200, as always", [*accepted, "m9"], ids(house))


def test_postgresql_that_restarts(tmp_path: Path, survived: Survived) -> None:
    with postgres.controlled() as (address, tell):
        home = tmp_path / "home"
        home.mkdir()
        (home / "records.stamp").touch()
        House(home, NOUS_DATABASE=address).nous("migrate", "--verbosity", "0")
        (home / "records.stamp").unlink()
        house = House(home, NOUS_DATABASE=address)
        with house.serving(command_name="serve") as server:
            accepted = accept(server, "m1")
            house.wait_for(EVENTS, 1)
            tell("-m", "immediate", "stop")
            accepted += accept(server, "m2")  # keys are remembered, and the log needs no records
            health = httpx.get(f"{server.url}/healthz", timeout=30)
            assert (health.status_code, health.json()["records"]) == (503, "failed")
            away = {*answers(server, "/sign-in/x", "/api/v1/events", "/api/v1/phrases/x")}
            assert away == {(503, "5", "The records do not answer. Try again in a minute; `nous status` says more.")}
            assert said("gap", "--workspace", "shop", house=house) == next(iter(away))[2]
            tell("start")
            accepted += accept(server, "m3")
            house.wait_for(EVENTS, 3, 40)
            assert httpx.get(f"{server.url}/healthz", timeout=30).status_code == 200
        told = (
            "events: 200, as always; pages and API: 503, Retry-After: 5, “The records do not answer.”; `/healthz`: 503"
        )
        survived("PostgreSQL stops and starts again", told, accepted, ids(house))


def test_somebody_else_commits_to_the_same_table(house: House, survived: Survived) -> None:
    with house.serving() as server:
        accepted = accept(server, "m0")
        house.wait_for(EVENTS, 1)
        (path,) = (house.home / "lake").glob("ws_*/events")
        schema, over, foreign = DeltaTable(path).schema(), threading.Event(), []

        def interfere() -> None:
            while not over.is_set():
                rows = DeltaTable(path).to_pyarrow_table().slice(0, 0)
                write_deltalake(path, rows, mode="append", schema_mode="merge")
                foreign.append(1)

        other = threading.Thread(target=interfere)
        other.start()
        for number in range(1, 5):
            accepted += accept(server, f"m{number}")
            house.wait_for(EVENTS, number + 1)
        over.set()
        other.join()
        until(lambda: not house.segments(), PATIENCE_S)
    assert foreign
    assert DeltaTable(path).schema() == schema
    survived("Delta commit conflicts", "200, as always", accepted, ids(house))


def test_a_segment_that_is_damaged_and_cut_off(house: House, survived: Survived) -> None:
    with house.serving("--no-load") as server:
        accept(server, *(f"m{number}" for number in range(5)))
    (segment,) = house.segments()
    whole = bytearray(segment.read_bytes())
    whole[len(whole) // 2] ^= 255  # within the third of five
    segment.write_bytes(whole[:-10])
    (told,) = (one["detail"] for one in json.loads(house.nous("doctor", "--json")) if one["name"] == "segments")
    told = told.replace(segment.name, "SEGMENT.log")
    assert sorted(loaded(house)) == ["m0", "m1", "m3"]
    with house.serving() as server:
        accepted = accept(server, *(f"m{number}" for number in range(5)))  # a client that sends again heals it
        until(lambda: not house.segments(), PATIENCE_S)
    survived("segment of the log damaged and cut off, sent again", told, accepted, ids(house))


def test_a_commit_that_a_power_cut_left_half_written(house: House, survived: Survived) -> None:
    with house.serving() as server:
        accepted = accept(server, "m1")
        until(lambda: not house.segments(), PATIENCE_S)
    with house.serving("--no-load") as server:
        accepted += accept(server, "m2")
    (segment,) = house.segments()
    kept = segment.read_bytes()
    loaded(house)
    segment.write_bytes(kept)  # it goes only after its commit is on the disk
    for table in (EVENTS, QUARANTINE):
        for newest in sorted((house.home / "lake").glob(f"ws_*/{table.name}/_delta_log/*.json"))[-1:]:
            newest.write_bytes(newest.read_bytes()[:-40])
    (told,) = (one for one in doctor(house) if one["state"] == "failed")
    survived("half-written Delta commit", f"`nous doctor`: {told['detail']}", accepted, loaded(house))


def test_two_servers_on_one_home(house: House, survived: Survived) -> None:
    with house.serving() as one, house.serving() as other:
        names = [f"m{number}" for number in range(20)]
        threads = [threading.Thread(target=accept, args=(server, *names)) for server in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        until(lambda: not house.segments(), PATIENCE_S)
    survived("two servers on one home, the same events to both", "200, as always", names, ids(house))


def test_an_fsync_that_fails(house: House, survived: Survived, tmp_path: Path) -> None:
    failing, source, library = tmp_path / "failing", tmp_path / "sync.c", tmp_path / "sync.so"
    source.write_text(FAILING_SYNC)
    subprocess.run([require(COMPILER), "-shared", "-fPIC", "-nostdlib", "-o", library, source], check=True)
    house.environment |= {"LD_PRELOAD": str(library), "FAILING_SYNC": str(failing)}
    with house.serving() as server:
        accepted = accept(server, "m1")
        failing.touch()
        told = refusal(server, "m2")
        failing.unlink()
        accepted += accept(server, "m2", "m3")
        until(lambda: not house.segments(), PATIENCE_S)
    assert "Input/output error" in told
    survived("an fsync that fails", told, accepted, ids(house))
