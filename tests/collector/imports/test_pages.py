"""Imports on pages: a file is uploaded, previewed, mapped, imported, read and undone, without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.collector.imports.conftest import events_of

from nousnous.base import clock
from nousnous.collector.imports.uploads import upload_path
from nousnous.collector.models import Import
from nousnous.people.actions.erasure import erase_person
from nousnous.runs.worker import work_all
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import AuditEntry, Workspace

IMPORTS = "/w/north/imports"
CSV = "who,what,at\nu1,buy,2024-01-01 10:00\nu2,look,2024-01-01 11:00\nu3,,2024-01-01 12:00\n"
SURVEY = '[survey]\nperson = "who"\ntime = "at"\n[[score]]\ncolumn = "what"\nmetric = "nps"\n'


@pytest.fixture
def owner(workspace: Workspace) -> Client:
    client = Client()
    client.force_login(add_member(workspace, "ann@north.example").user)
    return client


def send(client: Client, content: str = CSV, kind: str = "events") -> str:
    file = SimpleUploadedFile("shop.csv", content.encode())
    answer = client.post(f"{IMPORTS}/new/", {"file": file, "kind": kind})
    return str(answer.headers["Location"])


def page(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_a_file_is_previewed_mapped_imported_and_undone(workspace: Workspace, owner: Client) -> None:
    address = send(owner)
    assert "cannot be imported as it is" in page(owner, address)
    assert 'class="lead">No column is obviously what happened' in page(owner, address)
    chosen = {"event": "what", "timestamp": "at", "user_id": "who", "timezone": "Europe/Paris"}
    assert owner.post(f"{address}mapping/", chosen).status_code == 302
    preview = page(owner, address)
    assert "This is how shop.csv would be stored" in preview
    assert "2024-01-01 09:00:00" in preview
    assert "event has no name" in preview
    assert events_of(workspace) == []
    owner.post(f"{address}start/")
    work_all()
    assert "shop.csv brought 2 rows" in page(owner, address)
    assert [row["user_id"] for row in events_of(workspace)] == ["u1", "u2"]
    assert not upload_path(Import.objects.get()).exists()
    owner.post(f"{address}undo/")
    assert "is undone" in page(owner, address)
    assert events_of(workspace) == []


def test_rejects_are_shown_and_downloaded_and_both_are_noted(workspace: Workspace, owner: Client) -> None:
    address = send(owner, CSV.replace("who,what,at", "user_id,event,time"))
    owner.post(f"{address}start/")
    work_all()
    assert "One row could not be read" in page(owner, address)
    downloaded = b"".join(owner.get(f"{address}rejects/").streaming_content).decode()
    assert '"line": 4, "field": "event", "reason": "has no name"' in downloaded
    assert {"read rejects", "download rejects"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_a_survey_is_mapped_by_its_questions(workspace: Workspace, owner: Client) -> None:
    address = send(owner, "who,what,at\nu1,9,2024-01-01\n", "survey")
    owner.post(f"{address}mapping/", {"toml": SURVEY, "timezone": "UTC"})
    assert '<th scope="col">metric</th>' in page(owner, address)
    owner.post(f"{address}start/")
    work_all()
    assert Import.objects.get().added == 1


def test_an_upload_is_forgotten_when_asked_and_after_a_day(workspace: Workspace, owner: Client) -> None:
    address = send(owner)
    owner.post(f"{address}discard/")
    assert owner.get(address).status_code == 404
    send(owner)
    Import.objects.update(started_at=clock.from_us(clock.now_us() - 2 * clock.DAY_US))
    old = Import.objects.get()
    send(owner)
    assert (Import.objects.filter(pk=old.pk).exists(), upload_path(old).exists()) == (False, False)


def test_a_started_import_cannot_be_started_again(workspace: Workspace, owner: Client) -> None:
    address = send(owner, CSV.replace("who,what,at", "user_id,event,time"))
    assert owner.post(f"{address}start/").status_code == 302
    assert owner.post(f"{address}start/").status_code == 409
    assert owner.post(f"{IMPORTS}/new/", {"kind": "events"}).status_code == 422


def test_how_a_file_is_written_is_told_and_can_be_said_otherwise(owner: Client) -> None:
    content = "who;what;at;revenue\nMüller;Kauf;1/2/2024;1.234\n".encode("cp1252")
    file = SimpleUploadedFile("shop.csv", content)
    address = str(owner.post(f"{IMPORTS}/new/", {"file": file, "kind": "events"}).headers["Location"])
    chosen = {"event": "what", "timestamp": "at", "timezone": "UTC", "decimal": ",", "time_format": "day-first"}
    owner.post(f"{address}mapping/", chosen)
    preview = page(owner, address)
    assert "Read as Windows (cp1252) text, with semicolons between the columns" in preview
    assert "2024-02-01 00:00:00" in preview
    assert "1234.0" in preview
    assert "No column was found that says who it was" in preview
    owner.post(f"{address}mapping/", {**chosen, "user_id": "who", "encoding": "utf-8"})
    assert "None of the first rows" not in page(owner, address)
    assert "the file&#x27;s encoding" in page(owner, address)


def test_a_viewer_sees_no_imports_and_an_analyst_starts_none(workspace: Workspace, owner: Client) -> None:
    address = send(owner)
    for role, statuses in (("viewer", (404, 404)), ("analyst", (200, 404))):
        client = Client()
        client.force_login(add_member(workspace, f"{role}@north.example", role).user)
        assert (client.get(f"{IMPORTS}/").status_code, client.get(address).status_code) == statuses
        assert client.post(f"{address}start/").status_code == 404


def test_a_workspace_without_imports_says_what_to_do(owner: Client) -> None:
    assert "Import a file" in page(owner, f"{IMPORTS}/")


def test_the_api_imports_a_file_and_undoes_it(workspace: Workspace) -> None:
    token = create_token(workspace, scopes=["imports:read", "imports:write"])[1]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    file = SimpleUploadedFile("shop.csv", CSV.encode())
    assert client.post("/api/v1/imports", {"file": file}).status_code == 422
    file.seek(0)
    mapping = 'event = "what"\ntimestamp = "at"\nuser_id = "who"'
    made = client.post("/api/v1/imports", {"file": file, "mapping": mapping})
    assert (made.status_code, made.json()["state"]) == (202, "running")
    work_all()
    (listed,) = client.get("/api/v1/imports").json()["items"]
    assert (listed["state"], listed["added"], listed["rejected"]) == ("done", 2, 1)
    assert client.get(f"/api/v1/imports/{listed['id']}/rejects").json()["items"][0]["line"] == 4
    assert client.post(f"/api/v1/imports/{listed['id']}/undo").json()["state"] == "undone"
    assert client.get(f"/api/v1/imports/{listed['id']}").json()["state"] == "undone"


def test_erasing_somebody_deletes_the_files_that_wait(workspace: Workspace, owner: Client) -> None:
    ready = CSV.replace("who,what,at", "user_id,event,time")
    owner.post(f"{send(owner, ready)}start/")
    work_all()
    address = send(owner, ready)
    erase_person(workspace, "u1")
    assert "upload it again" in page(owner, address)
    owner.post(f"{address}discard/")
    assert owner.get(address).status_code == 404
