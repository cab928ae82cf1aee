"""A copy taken from a running installation, put back elsewhere, holds all of it; what is no copy changes nothing."""

import gzip
import io
import json
import os
import shutil
import subprocess
import tarfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests import postgres
from tests.browser.house import SHOP
from tests.collector.conftest import NewHouse
from tests.collector.house import NOUS, House, until
from tests.collector.test_kills import Client
from tests.counterparts import POSTGRESQL, require

from nousnous.base.errors import Missing, Refused
from nousnous.collector.copies import restore
from nousnous.facts.events import EVENTS


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation with events, a journey, a member, a recording's bytes and an upload."""
    home = tmp_path_factory.mktemp("copied") / "home"
    made = House(home)
    furnish(made)
    return made


def furnish(house: House) -> None:
    lines = ["user_id,event,timestamp"]
    for person in range(30):
        lines += [f"u{person},{event},2026-03-01T10:{minute:02}:00Z" for minute, event in enumerate(("Cart", "Paid"))]
    table, journey = house.home.parent / "events.csv", house.home.parent / "journey.toml"
    table.write_text("\n".join(lines[:50]))
    journey.write_text(SHOP)
    house.nous("import", "events", str(table), "--workspace", "shop")
    house.nous("journey", "apply", str(journey), "--workspace", "shop")
    house.nous("member", "add", "ada@shop.example", "--workspace", "shop", "--role", "owner")
    for kept in ("replays/ws_x/ab/piece", "uploads/ws_x/imp_x"):
        (house.home / kept).parent.mkdir(parents=True)
        (house.home / kept).write_bytes(b"bytes of people")


@pytest.fixture(scope="module")
def archive(house: House) -> Path:
    path = house.home.parent / "copy.tar.gz"
    house.nous("backup", str(path))
    return path


@pytest.fixture
def empty(tmp_path: Path) -> House:
    return unmade(tmp_path / "home")


def told(house: House) -> list[Any]:
    """What the installation says of all that it keeps."""
    asked = ("gap --from 2026-02-01 --to 2026-04-01", "member list")
    said = [json.loads(house.nous(*one.split(), "--workspace", "shop", "--json")) for one in asked]
    return [*said, sorted(map(str, house.rows(EVENTS)))]


def refused(house: House, *arguments: str) -> str:
    done = subprocess.run([NOUS, *arguments], env=house.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_is_put_back_says_the_same(house: House, archive: Path, empty: House) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    done = json.loads(empty.nous("restore", str(archive), "--json"))
    assert done["files"] > 5
    assert told(empty) == told(house)
    assert (empty.home / "secret_key").read_bytes() == (house.home / "secret_key").read_bytes()
    assert (empty.home / "secret_key").stat().st_mode & 0o777 == 0o600
    for kept in ("replays/ws_x/ab/piece", "uploads/ws_x/imp_x"):
        assert (empty.home / kept).read_bytes() == b"bytes of people"
    assert list((house.home / "scratch").iterdir()) == []
    assert "name an empty folder in NOUS_HOME" in refused(empty, "restore", str(archive))
    full = House(empty.home.parent / "other", NOUS_LAKE=str(house.home / "lake"))
    shutil.rmtree(full.home)
    assert f"{house.home / 'lake'} holds something already" in refused(full, "restore", str(archive))
    assert "is there already" in refused(house, "backup", str(archive))


def test_a_copy_taken_under_load_has_all_that_was_accepted_before_and_nothing_twice(
    new_house: NewHouse, tmp_path: Path, empty: House
) -> None:
    house = new_house(tmp_path / "busy")
    with house.serving() as server:
        clients = [Client(number, server.url) for number in range(2)]
        for client in clients:
            client.start()
        until(lambda: len(house.rows(EVENTS)) > 100)
        before = [json.loads(body) for client in clients for body in list(client.accepted)]
        with growing(house.home / "uploads" / "ws_x" / "imp_x"):
            house.nous("backup", str(tmp_path / "busy.tar.gz"))
        for client in clients:
            client.stopping.set()
            client.join()
    empty.nous("restore", str(tmp_path / "busy.tar.gz"))
    with empty.serving():
        until(lambda: not empty.segments())
        time.sleep(0.5)
    found = Counter(row["message_id"] for row in empty.rows(EVENTS))
    assert {one["messageId"] for body in before for one in body["batch"]} <= set(found)
    assert max(found.values()) == 1


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """A file that is written all the while, such as one that somebody uploads."""
    path.parent.mkdir(parents=True)
    over = threading.Event()

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            while not over.wait(0.002):
                file.write(b"row,of,a,table\n" * 100)

    writer = threading.Thread(target=write)
    writer.start()
    yield
    over.set()
    writer.join()


def packed(*members: tuple[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if " -> " in name:
                member.name, member.linkname = name.split(" -> ")
                member.type = tarfile.SYMTYPE
            tar.addfile(member, io.BytesIO(content))
    return kept.getvalue()


def damaged(archive: Path) -> Iterator[tuple[bytes, str]]:
    whole = archive.read_bytes()
    with tarfile.open(archive) as tar:
        manifest: dict[str, Any] = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
    newer = {**manifest, "migrations": [*manifest["migrations"], "plays.9999_later"]}
    yield whole[: len(whole) // 2], "is no whole backup"
    yield whole[:3000] + bytes(500) + whole[3500:], "is no whole backup"
    yield b"user_id,event\n", "is no whole backup"
    yield gzip.compress(b""), "is no"
    yield packed(("else.txt", b"x")), "does not begin with manifest.json"
    yield packed(("manifest.json", json.dumps(newer).encode())), "was written by a newer version"
    yield packed(("manifest.json", json.dumps({**manifest, "format": 2}).encode())), "was written by a newer version"
    yield packed(("manifest.json", json.dumps({**manifest, "database": "postgresql"}).encode())), "files"
    yield packed(("manifest.json", json.dumps(manifest).encode()), ("../../escaped", b"x")), "is no whole backup"
    yield packed(("manifest.json", b'{"format": 1}')), "is no whole backup"
    yield packed(("manifest.json", b" " * (2 << 20))), "does not begin with manifest.json"
    small = json.dumps({**manifest, "bytes": 9, "files": 1}).encode()
    yield packed(("manifest.json", small), ("lake/x", bytes(10))), "is no whole backup: it holds what its manifest"
    yield packed(("manifest.json", small), ("link -> /etc", b"")), "is no whole backup: it holds what its manifest"


def test_what_is_no_whole_copy_is_refused_in_a_sentence_and_changes_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(settings, "NOUS", replace(settings.NOUS, home=home))
    for number, (content, said) in enumerate(damaged(archive)):
        path = tmp_path / f"{number}.tar.gz"
        path.write_bytes(content)
        with pytest.raises(Refused, match=said):
            restore(path)
        assert {one.name for one in home.iterdir()} == {"locks", "scratch"}
        assert list((home / "scratch").iterdir()) == []
    assert not (tmp_path / "escaped").exists()
    with pytest.raises(Missing, match="There is no file"):
        restore(tmp_path / "nowhere")


def test_records_in_postgresql_are_in_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = require(POSTGRESQL)
    monkeypatch.setenv("PATH", os.pathsep.join([str(programs), os.environ["PATH"]]))
    copy = str(tmp_path / "copy.tar.gz")
    with postgres.server() as address:
        house = migrated(tmp_path / "one", address)
        furnish(house)
        house.nous("backup", copy)
        said = told(house)
        assert "holds tables already" in refused(unmade(tmp_path / "two", address), "restore", copy)
        subprocess.run([programs / "createdb", f"--maintenance-db={address}", "second"], check=True)
        other = unmade(tmp_path / "two", address.removesuffix("/postgres") + "/second")
        other.nous("restore", copy)
        assert told(other) == said


def unmade(home: Path, address: str = "") -> House:
    """A home in which nothing stands."""
    home.mkdir(exist_ok=True)
    (home / "records.stamp").touch()  # else a workspace is made
    house = House(home, NOUS_DATABASE=address)
    (home / "records.stamp").unlink()
    return house


def migrated(home: Path, address: str) -> House:
    unmade(home, address).nous("migrate", "--verbosity", "0")
    return House(home, NOUS_DATABASE=address)
