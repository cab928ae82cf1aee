"""A whole installation with its records in PostgreSQL: migrated, sent to, read, merged, exported, erased."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests import postgres
from tests.collector.house import NOUS, House, until

from nousnous.facts.events import EVENTS

WHO = "person-planted-7x3q9k@example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("records")
    with postgres.server() as address:
        environment = {**os.environ, "NOUS_HOME": str(folder / "home"), "NOUS_DATABASE": address}
        subprocess.run([NOUS, "migrate", "--verbosity", "0"], env=environment, check=True)
        yield House(folder / "home", NOUS_DATABASE=address)


def test_what_is_done_with_sqlite_is_done_with_postgresql(house: House) -> None:
    with house.serving() as server:
        server.post("/v1/track", {"anonymousId": "device", "event": "Seen", "messageId": "1"})
        server.post("/v1/identify", {"anonymousId": "device", "userId": "ada", "messageId": "2"})
        server.post("/v1/track", {"userId": "bob", "event": "Seen", "messageId": "3"})
        until(lambda: len(house.rows(EVENTS)) == 3, 60)
    export = json.loads(house.nous("person", "export", "device", "-w", "shop", "--json"))
    assert (export["person_id"], len(export["events"])) == ("ada", 2)
    house.nous("person", "merge", "bob", "ada", "-w", "shop")
    house.nous("person", "unmerge", "bob", "-w", "shop")
    house.nous("person", "consent", "bob", "-w", "shop", "--purpose", "contact", "--state", "denied")
    receipt = json.loads(house.nous("person", "erase", "ada", "-w", "shop", "--json"))
    assert receipt["rows"]["events"] == 2
    assert {row["user_id"] for row in house.rows(EVENTS)} == {"bob"}
    assert '"records", "state": "ok", "detail": "postgresql"' in house.nous("status", "--json")


def test_no_file_of_the_tables_tells_of_an_erased_person_though_somebody_read_them_meanwhile(house: House) -> None:
    with house.serving() as server:
        server.post("/v1/alias", {"previousId": "known-planted-4k8w2z", "userId": WHO, "messageId": "p-1"})
        server.post("/v1/track", {"userId": "known-planted-4k8w2z", "event": "Seen", "messageId": "p-2"})
        until(lambda: len([row for row in house.rows(EVENTS) if row["message_id"].startswith("p-")]) == 2, 60)
    for _ in range(3):
        house.nous("person", "export", WHO, "-w", "shop")
    address = house.environment["NOUS_DATABASE"]
    with psycopg.connect(address) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM workspaces_auditentry")
        assert files_with(address)
        receipt = json.loads(house.nous("person", "erase", WHO, "-w", "shop", "--json"))
        assert (receipt["complete"], "reads the records" in receipt["waits_for"]) == (False, True)
        assert files_with(address)
    with subprocess.Popen([NOUS, "worker"], env=house.environment) as worker:
        until(lambda: is_complete(address, receipt["receipt"]), 60)
        worker.terminate()
    assert files_with(address) == []


def files_with(address: str) -> list[Path]:
    """The files of tables and indexes in which the id can be read; the write-ahead log is the server's to recycle."""
    with psycopg.connect(address, autocommit=True) as one:
        one.execute("CHECKPOINT")
        folder = one.execute("SHOW data_directory").fetchone()
    assert folder is not None
    files = [path for path in Path(folder[0], "base").rglob("*") if path.is_file()]
    return [path for path in files if WHO.encode() in path.read_bytes()]


def is_complete(address: str, receipt: str) -> bool:
    with psycopg.connect(address) as one:
        found = one.execute("SELECT erased_at FROM people_erasurereceipt WHERE receipt = %s", [receipt]).fetchone()
    return found is not None and found[0] is not None


def test_consent_that_is_needed_and_not_given_keeps_events_out(house: House) -> None:
    house.nous("person", "need-consent", "analytics", "-w", "shop")
    house.nous("person", "consent", "eve", "-w", "shop")
    with house.serving() as server:
        server.post("/v1/track", {"userId": "mallory", "event": "Seen", "messageId": "4"})
        server.post("/v1/track", {"userId": "eve", "event": "Seen", "messageId": "5"})
        until(lambda: any(row["user_id"] == "eve" for row in house.rows(EVENTS)), 60)
    assert not any(row["user_id"] == "mallory" for row in house.rows(EVENTS))
    listed = house.nous("import", "list", "-w", "shop", "--json")
    assert re.fullmatch(r"\[\]\s*", listed)
