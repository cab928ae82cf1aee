"""The quarantine page shows what could not be kept, the newest first, with its reason."""

import pyarrow as pa
import pytest
from django.test import Client

from nousnous.collector.landing import land
from nousnous.facts.messages import QUARANTINE
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import AuditEntry, Workspace


@pytest.fixture
def owner(workspace: Workspace) -> Client:
    client = Client()
    client.force_login(add_member(workspace, "ann@north.example").user)
    return client


def quarantine(workspace: Workspace, count: int) -> None:
    numbers = range(count)
    rows = {
        "quarantine_id": [f"q{number:03}" for number in numbers],
        "received_us": pa.array(numbers),
        "reason": [f"Reason {number}." for number in numbers],
        "body": [b"<script>"] * count,
    }
    land(workspace, QUARANTINE, pa.table(rows))


def test_entries_are_shown_with_their_reasons_page_by_page(workspace: Workspace, owner: Client) -> None:
    quarantine(workspace, 60)
    text = owner.get("/w/north/quarantine/").content.decode()
    assert "50 or more entries" in text
    assert ("Reason 59." in text, "Reason 9." in text, "<code>&lt;script&gt;" in text) == (True, False, True)
    older = text.split("?after=")[1].split('"')[0]
    assert "Reason 9." in owner.get(f"/w/north/quarantine/?after={older}").content.decode()
    assert AuditEntry.objects.filter(verb="read quarantine").count() == 2


def test_an_empty_quarantine_says_so(owner: Client) -> None:
    assert "Nothing waits in quarantine" in owner.get("/w/north/quarantine/").content.decode()
    assert owner.get("/w/north/quarantine/?after=nonsense").status_code == 422
