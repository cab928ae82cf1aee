"""Erasure leaves nothing: a reader that decodes every file finds the ids before and none after."""

import gzip
import sqlite3
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connection
from tests.people.conftest import Came

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.mentions import NAMELESS
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import event_mapping
from nousnous.collector.imports.rejects import reject_path
from nousnous.collector.models import Import
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE
from nousnous.facts.scores import SCORES
from nousnous.journeys.models import Evidence
from nousnous.people.actions.consents import decide_consent, refused_keys
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.people.actions.merges import Meeting, merge_persons, observe_meetings
from nousnous.people.actions.searches import read_person, search_people
from nousnous.people.identity import find_person, known_key
from nousnous.runs.locks import exclusive
from nousnous.warehouse import memory
from nousnous.warehouse.lake import lake_of, rows_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import AuditEntry, Workspace

IDS = (b"ada@example.org", b"anonymous-4711")


def readings(path: Path) -> bytes:
    """A file as it is and as it is meant: Parquet decoded, gzip unpacked."""
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        return raw + repr(pq.read_table(path).to_pylist()).encode()
    return raw + (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else b"")


def places(workspace: Workspace) -> set[str]:
    """Where under the home, and in the records' pages, an id of the person can be read."""
    others = Path(settings.NOUS.lake_folder).iterdir()
    elsewhere = tuple(f"{other}/" for other in others if other.name != workspace.id)
    files = (path for path in settings.NOUS.home.rglob("*") if path.is_file())
    mine = [path for path in files if not str(path).startswith(elsewhere)]
    return {path.name for path in mine if any(one in readings(path) for one in IDS)}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which no other test left its files: each of them would be read, again and again."""
    monkeypatch.setattr(settings, "NOUS", replace(settings.NOUS, home=tmp_path))


@pytest.fixture
def ada(workspace: Workspace, came: Came) -> Workspace:
    came(user_id="ada@example.org", ts_us=1, properties='{"email": "ada@example.org"}')
    came(user_id="bob", ts_us=3)
    came(anonymous_id="anonymous-4711", ts_us=2)
    observe_meetings(workspace, [Meeting("anonymous-4711", "ada@example.org", 2)])
    columns = {"quarantine_key": [7, 8], "body": [b'{"userId":"ada@example.org"}', b'{"userId":"bob"}']}
    lake_of(workspace).append(QUARANTINE, rows_of(QUARANTINE, columns))
    decide_consent(workspace, "ada@example.org", "contact", "denied")
    _reject(workspace, "one", b'{"row": "ada@example.org,x"}\n{"row": "bob,y"}\n')
    return workspace


def _reject(workspace: Workspace, import_id: str, lines: bytes) -> Path:
    Import.objects.create(id=import_id, workspace=workspace, kind="events", file_name="a.csv", state=Import.DONE)
    path = reject_path(import_id)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lines)
    return path


def test_nothing_of_an_erased_person_is_left(ada: Workspace) -> None:
    assert len(places(ada)) >= 3
    receipt = erase_person(ada, "anonymous-4711")
    assert places(ada) == set()
    assert receipt.rows["events"] == 2
    assert b"bob" in (settings.NOUS.home / "rejects" / "one.jsonl").read_bytes()
    assert lake_of(ada).snapshot(EVENTS).table(EVENTS).count().to_pyarrow().as_py() == 1
    with pytest.raises(Missing):
        find_person(ada, "ada@example.org")


def test_the_free_pages_of_the_records_hold_nothing(ada: Workspace, came: Came, tmp_path: Path) -> None:
    came(user_id="ada2", ts_us=9)
    observe_meetings(ada, [Meeting("ada@example.org", "ada2", 9, alias=True)])
    assert "ada@example.org" in _records(tmp_path / "before")
    erase_person(ada, "ada@example.org")
    assert "ada@example.org" not in _records(tmp_path / "after")


def _records(copy: Path) -> str:
    """The bytes of the records, free pages too; the test's database is in memory, so a copy is written."""
    source = connection.connection
    with sqlite3.connect(copy) as target:
        source.backup(target)
    target.close()
    return copy.read_bytes().decode("latin-1")


def test_late_retries_of_an_erased_person_are_refused(ada: Workspace) -> None:
    keys = find_person(ada, "ada@example.org").identities
    erase_person(ada, "ada@example.org")
    assert refused_keys(ada.id, "events", [*keys, 5]) == frozenset(keys)


def test_a_merged_person_is_erased_whole(ada: Workspace, came: Came) -> None:
    came(user_id="ada2", ts_us=9)
    merge_persons(ada, "ada@example.org", "ada2")
    erase_person(ada, "ada2")
    assert places(ada) == set()


def test_an_export_holds_everything(ada: Workspace) -> None:
    export = export_person(ada, "anonymous-4711")
    assert (export["person_id"], len(export["events"]), len(export["links"])) == ("ada@example.org", 2, 1)
    assert export["consents"][0]["state"] == "denied"


def test_an_erasure_leaves_the_files_of_another_workspace_alone(ada: Workspace) -> None:
    other = Workspace.objects.create(slug="south", name="South", created_at=clock.now())
    path = _reject(other, "two", b'{"row": "ada@example.org,x"}\n')
    erase_person(ada, "ada@example.org")
    assert path.read_bytes() == b'{"row": "ada@example.org,x"}\n'
    path.unlink()


def test_somebody_who_only_answered_a_survey_is_exported_and_erased(workspace: Workspace) -> None:
    row = {"score_id": "s1", "score_key": 1, "ts_us": 5, "user_id": "RESP 7", "value": 9.0, "metric": "nps"}
    row["identity_key"] = known_key(workspace, "RESP 7")
    lake_of(workspace).append(SCORES, rows_of(SCORES, {name: [value] for name, value in row.items()}))
    assert export_person(workspace, "RESP 7")["scores"][0]["value"] == 9.0
    assert erase_person(workspace, "RESP 7").rows["scores"] == 1
    with pytest.raises(Missing):
        find_person(workspace, "RESP 7")


@pytest.mark.parametrize(
    "body",
    [
        '{"email":"jürgen+1@example.org"}',
        r'{"email":"j\u00fcrgen+1@example.org"}',
        r'{"email":"j\u00FCrgen+1@example.org"}',
        '{"url":"/pay?mail=j%C3%BCrgen%2B1%40example.org"}',
    ],
)
def test_an_id_is_found_in_quarantine_however_it_was_written(workspace: Workspace, came: Came, body: str) -> None:
    came(user_id="jürgen+1@example.org")
    columns = {"quarantine_key": [7, 8], "body": [body.encode(), b'{"userId":"bob"}']}
    lake_of(workspace).append(QUARANTINE, rows_of(QUARANTINE, columns))
    assert erase_person(workspace, "jürgen+1@example.org").rows["quarantine"] == 1


def test_rejected_rows_of_an_erased_person_are_not_kept_again(ada: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "late.csv"
    file.write_text("user_id,event,time\nada@example.org,a,never\nbob,b,never\nada@example.org,a,2024-01-01\n")
    erase_person(ada, "ada@example.org")
    record = import_file(ada, Upload(file, event_mapping("")))
    assert (record.added, record.refused, record.rejected, record.repeated) == (0, 2, 1, 0)
    assert b"ada" not in reject_path(record.id).read_bytes()


def test_somebody_of_whom_only_rejected_rows_and_consents_are_kept_is_erased(ada: Workspace) -> None:
    path = _reject(ada, "three", b'{"row": "eve,x"}\n{"row": "adeline,y"}\n')
    decide_consent(ada, "eve", "analytics", "denied")
    receipt = erase_person(ada, "eve")
    assert (receipt.files, receipt.rows, receipt.erased_at is not None) == (1, {"records": 2}, True)
    assert path.read_bytes() == b'{"row": "adeline,y"}\n'
    with pytest.raises(Missing):
        erase_person(ada, "eve")


def test_an_import_at_work_is_waited_for(ada: Workspace) -> None:
    Import.objects.filter(pk="one").update(state=Import.RUNNING)
    with exclusive("import-one"):
        receipt = erase_person(ada, "ada@example.org")
        assert (receipt.erased_at, "an import" in str(receipt.waits_for)) == (None, True)
    assert erase_person(ada, "ada@example.org").erased_at
    assert places(ada) == set()


def test_an_id_that_the_audit_log_cut_off_is_taken_out_of_it(workspace: Workspace, came: Came) -> None:
    came(user_id="long-" * 100)
    audit(workspace, "ann", "read person", "long-" * 100)
    audit(workspace, "ann", "read person", "long-" * 10)
    erase_person(workspace, "long-" * 100)
    named = AuditEntry.objects.filter(workspace=workspace).values_list("object", flat=True)
    assert set(named) == {NAMELESS, "long-" * 10}


def test_what_names_somebody_else_stays(ada: Workspace) -> None:
    south = Workspace.objects.create(slug="south", name="South", created_at=clock.now())
    audit(south, "ann", "read person", "ada@example.org")
    audit(ada, "ann", "read person", "ada@example.org.uk")
    mine, theirs = (evidence(ada, text) for text in ("told by ada@example.org", "told by ada@example.org2"))
    erase_person(ada, "ada@example.org")
    assert sorted(AuditEntry.objects.values_list("object", flat=True)) == ["ada@example.org", "ada@example.org.uk"]
    assert set(Evidence.objects.all()) == {theirs}
    assert mine != theirs


def evidence(workspace: Workspace, felt: str) -> Evidence:
    return Evidence.objects.create(workspace=workspace, journey="shop", step="pay", kind="note", felt=felt)


def test_nothing_of_an_erased_person_stays_in_what_is_remembered(workspace: Workspace, came: Came) -> None:
    came(user_id="ada@example.org", ts_us=2)
    came(user_id="bob", ts_us=3)
    assert [one["person_id"] for one in search_people(workspace, "")] == ["bob", "ada@example.org"]
    read_person(workspace, "ada@example.org")
    assert "ada@example.org" in repr(memory._kept)
    erase_person(workspace, "ada@example.org")
    assert "ada@example.org" not in repr(memory._kept)
    assert [one["person_id"] for one in search_people(workspace, "")] == ["bob"]
    with pytest.raises(Missing):
        read_person(workspace, "ada@example.org")
    assert "ada@example.org" not in repr(memory._kept)
