"""An erasure that cannot be completed says so, and is completed by itself; one whose process died goes on."""

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.collector.house import NOUS, House, until
from tests.people.decoding import where_they_stand

PEOPLE = ("ada-8f3k2m7w", "eve-5t9c1x6v", "kim-2n7h4b0q")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("home"))
    file = tmp_path_factory.mktemp("files") / "events.csv"
    rows = [f"{one},seen,{when}" for one in (*PEOPLE, "bob") for when in ("2024-01-01", "never")]
    file.write_text("user_id,event,time\n" + "\n".join(rows) + "\n")
    house.nous("import", "events", str(file), "-w", "shop")
    for one in PEOPLE:
        house.nous("person", "export", one, "-w", "shop")
    return house


@contextmanager
def records(house: House) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(house.home / "records.sqlite3", isolation_level=None, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def stage_of(house: House) -> str | None:
    """The stage of the newest erasure, none where it was not begun."""
    with records(house) as one:
        found = one.execute("SELECT stage FROM runs_run WHERE kind = 'people.erasure' ORDER BY created_at DESC LIMIT 1")
        row = found.fetchone()
    return row[0] if row else None


def erase(house: House, person: str) -> dict[str, Any]:
    receipt: dict[str, Any] = json.loads(house.nous("person", "erase", person, "-w", "shop", "--json"))
    return receipt


def files_with(house: House, person: str) -> set[str]:
    return where_they_stand(house.home, {"id": person})["id"]


def test_an_open_reader_keeps_an_erasure_from_being_complete_until_it_ends(house: House) -> None:
    with records(house) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM workspaces_auditentry").fetchone()
        receipt = erase(house, PEOPLE[0])
        assert (receipt["complete"], receipt["erased_at"]) == (False, None)
        assert "reads the records" in receipt["waits_for"]
        assert {name.partition("-")[0] for name in files_with(house, PEOPLE[0])} == {"records.sqlite3"}
        told = json.loads(house.nous("person", "receipt", receipt["receipt"], "-w", "shop", "--json"))
        assert told == receipt
    with subprocess.Popen([NOUS, "worker"], env=house.environment) as worker:
        until(lambda: erased_at(house, receipt["receipt"]) is not None, 60)
        worker.terminate()
    assert files_with(house, PEOPLE[0]) == set()


def erased_at(house: House, receipt: str) -> Any:
    with records(house) as one:
        found = one.execute("SELECT erased_at FROM people_erasurereceipt WHERE receipt = ?", (receipt,))
        return found.fetchone()[0]


@pytest.mark.parametrize(("person", "at"), [(PEOPLE[1], ("start",)), (PEOPLE[2], ("files", "records", "pages"))])
def test_an_erasure_that_was_killed_goes_on_when_it_is_asked_for_again(house: House, person: str, at: Any) -> None:
    before = receipts(house)
    command = [NOUS, "person", "erase", person, "-w", "shop"]
    with subprocess.Popen(command, env=house.environment, stdout=subprocess.DEVNULL) as process:
        until(lambda: receipts(house) > before, 60)
        while stage_of(house) not in at:
            time.sleep(0.005)
        process.kill()
    assert files_with(house, person)
    with records(house) as one:
        one.execute("UPDATE runs_run SET leased_until = '2024-01-01' WHERE leased_until IS NOT NULL")
    assert erase(house, person)["complete"]
    assert receipts(house) == before + 1
    assert files_with(house, person) == set()


def receipts(house: House) -> int:
    with records(house) as one:
        return int(one.execute("SELECT count(*) FROM people_erasurereceipt").fetchone()[0])


def test_bob_is_whole(house: House) -> None:
    assert len(json.loads(house.nous("person", "export", "bob", "-w", "shop"))["events"]) == 1
    assert [path for path in Path(house.home / "rejects").iterdir() if b"bob" in path.read_bytes()]
