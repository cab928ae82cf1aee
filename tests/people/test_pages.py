"""People on pages and in the API: found, read, merged, exported, erased; every look is in the audit log."""

import pytest
from django.test import Client
from tests.people.conftest import Came

from nousnous.people.actions.merges import Meeting, observe_meetings
from nousnous.people.models import MergeSuggestion
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import AuditEntry, Workspace

PEOPLE = "/w/north/people"


@pytest.fixture
def owner(workspace: Workspace, came: Came) -> Client:
    came(user_id="ada@example.org", ts_us=1)
    came(anonymous_id="device-7", ts_us=2)
    observe_meetings(workspace, [Meeting("device-7", "ada@example.org", 3)])
    client = Client()
    client.force_login(add_member(workspace, "ann@north.example").user)
    return client


def test_a_person_is_found_and_read_and_both_are_noted(workspace: Workspace, owner: Client) -> None:
    found = owner.get(f"{PEOPLE}/?q=device").content.decode()
    assert "1 person matches" in found
    assert "device-7" in owner.get(f"{PEOPLE}/one/?id=ada%40example.org").content.decode()
    verbs = AuditEntry.objects.filter(workspace=workspace).values_list("verb", flat=True)
    assert {"search people", "read person"} <= set(verbs)


def test_a_workspace_without_people_says_what_to_do(workspace: Workspace) -> None:
    client = Client()
    client.force_login(add_member(workspace, "ann@north.example").user)
    assert "Nobody was here yet" in client.get(f"{PEOPLE}/").content.decode()


def test_a_merge_is_undone_on_the_page(owner: Client) -> None:
    owner.post(f"{PEOPLE}/one/unmerge/", {"id": "device-7"})
    assert "anonymous: <code>device-7" not in owner.get(f"{PEOPLE}/one/?id=ada%40example.org").content.decode()


def test_erasing_asks_for_the_id_and_answers_a_receipt(workspace: Workspace, owner: Client) -> None:
    wrong = owner.post(f"{PEOPLE}/one/erase/", {"id": "ada@example.org", "confirmation": "ada"})
    assert "exactly as it stands" in wrong.content.decode()
    given = {"id": "ada@example.org", "confirmation": "ada@example.org"}
    done = owner.post(f"{PEOPLE}/one/erase/", given, follow=True)
    assert "The person is erased" in done.content.decode()
    assert owner.get(f"{PEOPLE}/one/?id=ada%40example.org").status_code == 404
    assert not AuditEntry.objects.filter(workspace=workspace, object__contains="ada@").exists()


def test_a_suggested_merge_waits_on_its_page(workspace: Workspace, owner: Client, came: Came) -> None:
    came(user_id="ada-old", ts_us=5)
    observe_meetings(workspace, [Meeting("ada-old", "ada@example.org", 6, alias=True)])
    assert "1 suggested merge waits" in owner.get(f"{PEOPLE}/merges/").content.decode()
    suggestion = MergeSuggestion.objects.get()
    owner.post(f"{PEOPLE}/merges/{suggestion.pk}/", {"answer": "merge"})
    assert "ada-old" in owner.get(f"{PEOPLE}/one/?id=ada%40example.org").content.decode()
    assert owner.post(f"{PEOPLE}/merges/{suggestion.pk}/", {"answer": "merge"}).status_code == 404


def test_consent_is_changed_on_the_page(workspace: Workspace, owner: Client) -> None:
    given = {"id": "ada@example.org", "purpose": "contact", "state": "denied"}
    assert "contact: denied" in owner.post(f"{PEOPLE}/one/consent/", given, follow=True).content.decode()


def test_the_api_does_the_same(workspace: Workspace, owner: Client) -> None:
    words = ["people:read", "people:write", "people:export", "people:erase"]
    secret = create_token(workspace, scopes=words)[1]
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/people?q=ada").json()["items"][0]["n"] == 2
    assert len(client.get("/api/v1/people/export?person_id=device-7").json()["events"]) == 2
    body = {"person_id": "device-7"}
    receipt = client.post("/api/v1/people/erase", body, content_type="application/json").json()
    assert (receipt["rows"]["events"], receipt["complete"]) == (2, True)
    assert client.get(f"/api/v1/people/erasures/{receipt['receipt']}").json() == receipt
    assert client.get("/api/v1/people/export?person_id=device-7").status_code == 404
