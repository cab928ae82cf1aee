"""Stored events are read back whole: in the shell, in the API, and into another workspace."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.test import Client

from nousnous.base import clock
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import EventMapping
from nousnous.workspaces.actions import create_token
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:In Typer, only:DeprecationWarning")  # django-typer calls it

CSV = """user_id,anonymous_id,event,time,country,plan,total
,d1,look,2024-01-01 10:00,FR,,
ada,d1,buy,2024-01-02 10:00,,"a ""b"",}",9.5
bob,,buy,2024-01-03 10:00,,gold,
,,tick,2024-01-04 10:00,,,
"""


@pytest.fixture
def workspace(transactional_db: None, tmp_path: Path) -> Workspace:
    made = Workspace.objects.create(slug="north", name="North", timezone="Europe/Paris", created_at=clock.now())
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    import_file(made, Upload(path, EventMapping()))
    return made


def exported(path: Path, *arguments: str, workspace: str = "north") -> list[dict[str, Any]]:
    output = path / "out.jsonl"
    call_command("events", "export", "--workspace", workspace, "--output", str(output), *arguments)
    return [json.loads(line) for line in output.read_text().splitlines()]


def test_an_export_names_the_person_and_holds_all_properties(workspace: Workspace, tmp_path: Path) -> None:
    look, ada, bob, nobody = exported(tmp_path)
    assert [row["person_id"] for row in (look, ada, bob, nobody)] == ["ada", "ada", "bob", None]
    assert (look["properties"], nobody["properties"]) == ({"country": "FR"}, {})
    assert ada["properties"] == {"plan": 'a "b",}', "total": 9.5}
    assert list(ada) == [
        *("message_id", "type", "event", "ts_us", "received_us"),
        *("user_id", "anonymous_id", "person_id", "properties"),
    ]


def test_a_window_has_the_workspace_s_days_and_a_person_all_ids(workspace: Workspace, tmp_path: Path) -> None:
    window = exported(tmp_path, "--from", "2024-01-02", "--to", "2024-01-03T11:00:00")
    assert [row["event"] for row in window] == ["buy"]
    assert [row["event"] for row in exported(tmp_path, "--person", "d1")] == ["look", "buy"]
    assert exported(tmp_path, "--person", "nobody") == []


def test_parquet_holds_the_same_and_imports_again_as_the_same(workspace: Workspace, tmp_path: Path) -> None:
    lines, output = exported(tmp_path), tmp_path / "out.parquet"
    call_command("events", "export", "--workspace", "north", "--output", str(output), "--format", "parquet")
    rows = pq.read_table(output).to_pylist()
    assert [{**row, "properties": json.loads(row["properties"])} for row in rows] == lines
    other = Workspace.objects.create(slug="south", name="South", created_at=clock.now())
    for path in (output, tmp_path / "out.jsonl"):
        import_file(other, Upload(path, EventMapping()))
    again = exported(tmp_path, workspace="south")
    assert [{**row, "received_us": 0} for row in again] == [{**row, "received_us": 0} for row in lines]


def test_the_api_turns_pages(workspace: Workspace) -> None:
    token = create_token(workspace, scopes=["events:read"])[1]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    found, cursor = [], ""
    while cursor is not None:
        answer = client.get("/api/v1/events", {"limit": 3, "cursor": cursor}).json()
        found += answer["items"]
        cursor = answer["next"]
    assert [row["event"] for row in found] == ["look", "buy", "buy", "tick"]
    assert found[1]["properties"]["total"] == 9.5
    assert client.get("/api/v1/events", {"from": "yesterday"}).status_code == 422
    assert client.get("/api/v1/events", {"cursor": "WyJhIl0"}).status_code == 422


def test_an_empty_workspace_exports_nothing(workspace: Workspace, tmp_path: Path) -> None:
    Workspace.objects.create(slug="empty", name="Empty", created_at=clock.now())
    assert exported(tmp_path, workspace="empty") == []
