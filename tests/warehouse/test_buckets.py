"""A lake in a bucket answers as one in a folder does, and commits of two writers never take each other's place."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import obstore
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.test import Client
from obstore.store import from_url
from tests.bucket import Bucket, Gate, gate
from tests.capabilities.gaps.house import SHOP, apply, bring, people

from nousnous.base.configuration import load
from nousnous.base.errors import Refused, Unavailable
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.collector.doctor import FAILED, OK, examine
from nousnous.facts.events import EVENTS
from nousnous.journeys.windows import Asked
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.site import health
from nousnous.warehouse import engine, stores
from nousnous.warehouse.lake import lake_of, rows_of
from nousnous.warehouse.maintenance import compact
from nousnous.warehouse.schemas import arrow_schema
from nousnous.workspaces.actions import create_token
from nousnous.workspaces.models import Member, User, Workspace

ROWS = people(60)
BELIEF = re.compile(r"bel_\w+")


def told(workspace: Workspace) -> dict[str, Any]:
    """What is measured anew, and what is known of a person."""
    gap = gap_report(workspace, Asked()).as_dict()
    about = export_person(workspace, "u7")
    return {
        "gap": {**json.loads(BELIEF.sub("", json.dumps(gap))), "workspace": "", "as_of": ""},
        "person": [(one["message_id"], one["ts_us"]) for one in about["events"]],
        "count": lake_of(workspace).snapshot(EVENTS).count(EVENTS),
    }


def lie_in(settings: Any, lake: str) -> None:
    """Let the settings name another lake, as a process does that starts anew."""
    settings.NOUS = replace(settings.NOUS, lake=lake)
    engine._local.__dict__.clear()


def contents(address: str) -> bytes:
    """What all objects below an address hold."""
    bucket, path = address.removeprefix("s3://").split("/", 1)
    store, read = from_url(f"s3://{bucket}", client_options={"allow_http": True}), b""
    for one in (one["path"] for found in obstore.list(store, prefix=path) for one in found):
        body = bytes(obstore.get(store, one).bytes())
        read += body + (repr(pq.read_table(BytesIO(body)).to_pylist()).encode() if one.endswith(".parquet") else b"")
    return read


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.NOUS = replace(settings.NOUS, home=tmp_path / "home")
    (tmp_path / "home").mkdir()


def test_a_lake_that_moved_into_a_bucket_says_the_same_goes_on_and_forgets(
    workspace: Workspace, settings: Any, tmp_path: Path, in_bucket: str
) -> None:
    lie_in(settings, "")
    bring(workspace, ROWS[:100], tmp_path)
    apply(workspace, SHOP)
    before = told(workspace)
    stores.bring(Path(settings.NOUS.lake_folder), in_bucket)
    lie_in(settings, in_bucket)
    assert told(workspace) == before
    bring(workspace, ROWS, tmp_path)  # of which the first hundred stand already
    after = told(workspace)
    compact(lake_of(workspace), EVENTS)
    assert {**told(workspace)["gap"], "snapshot": ""} == {**after["gap"], "snapshot": ""}
    lie_in(settings, "")
    other = Workspace.objects.create(slug="south", name="South")
    bring(other, ROWS[:100], tmp_path)
    apply(other, SHOP)
    told(other)
    bring(other, ROWS, tmp_path)
    assert told(other) == after
    lie_in(settings, in_bucket)
    assert b"u7" in contents(in_bucket)
    erase_person(workspace, "u7")
    assert b"u7" not in contents(in_bucket)
    assert {one.state for one in examine()} == {OK}
    lake_of(workspace).drop(EVENTS)
    assert EVENTS.name not in lake_of(workspace).names()


def test_of_two_writers_that_read_the_same_version_one_commits(workspace: Workspace, in_bucket: str) -> None:
    assert in_bucket
    lake = lake_of(workspace)
    lake.append(EVENTS, arrow_schema(EVENTS).empty_table())
    lake.ensure(EVENTS)
    first, second = lake.open(EVENTS), lake.open(EVENTS)
    row = rows_of(EVENTS, {"message_id": ["m"], "landed_us": [1]})
    lake.append(EVENTS, row, first)
    with pytest.raises(Unavailable, match="Somebody else wrote"):
        lake.append(EVENTS, row, second)
    assert lake.snapshot(EVENTS).count(EVENTS) == 1


@pytest.fixture
def before(bucket: Bucket, in_bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate before the bucket of the lake, and less patience with it."""
    assert in_bucket
    with gate(bucket) as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL", made.bucket.address)
        for name, seconds in {"SILENCE": 1.5, "PATIENCE": 2, "GLANCE": 1}.items():
            monkeypatch.setattr(stores, name, timedelta(seconds=seconds))
        stores.store_at.cache_clear()
        yield made
        stores.store_at.cache_clear()


@pytest.mark.parametrize("mode", ["busy", "silent", "refusing"])
def test_while_a_bucket_fails_pages_programs_and_the_doctor_say_so(
    mode: str, workspace: Workspace, before: Gate, client: Client
) -> None:
    lake_of(workspace).append(EVENTS, rows_of(EVENTS, {"message_id": ["m"], "landed_us": [1]}))
    reader = User.objects.of_email("ada@north.example")
    Member.objects.create(user=reader, workspace=workspace, role="owner")
    client.force_login(reader)
    path = f"/w/{workspace.slug}/people/?q=ada"
    bearer = {"Authorization": f"Bearer {create_token(workspace)[1]}"}
    assert client.get(path).status_code == client.get("/api/v1/events", headers=bearer).status_code == 200
    scanned = lake_of(workspace).snapshot(EVENTS).table(EVENTS)
    before.turn(mode)
    page, program = client.get(path), client.get("/api/v1/events", headers=bearer)
    with pytest.raises(duckdb.Error) as error:
        scanned.to_pyarrow()
    (found,) = [one for one in examine() if one.state == FAILED]
    (told,) = [one for one in health.look() if one.state == "warning"]
    before.turn("passing")
    assert client.get(path).status_code == 200
    assert stores.trouble_of(error.value) is not None
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "cannot be reached; what arrives waits in the log" in page.content.decode()
    assert (program.status_code, program["Retry-After"]) == (503, "5")
    assert program.json()["error"].startswith(
        f"The lake at {settings.NOUS.lake_folder} cannot be reached; what arrives"
    )
    assert (found.name, found.detail) == ("tables", f"{settings.NOUS.lake_folder} does not answer.")
    assert told.name == "lake"


@pytest.mark.parametrize("address", ["gs://bucket/path", "s3://key:secret@host/bucket", "s3://"])
def test_an_address_that_names_no_bucket_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(Refused, match="NOUS_LAKE is a folder or s3://bucket/path") as refused:
        load({"NOUS_LAKE": address})
    assert "secret" not in str(refused.value)
