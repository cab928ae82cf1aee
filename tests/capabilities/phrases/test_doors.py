"""The phrase book on its pages, in the API and by the command says the same."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from tests.capabilities.phrases.planted import plant_phrase

from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")


def member(workspace: Workspace, role: str) -> Client:
    client = Client()
    client.force_login(add_member(workspace, f"{role}@north.example", role).user)
    return client


def test_an_editor_proposes_and_an_admin_decides_on_the_pages(workspace: Workspace) -> None:
    editor, admin = member(workspace, "editor"), member(workspace, "admin")
    assert "Nothing is in the phrase book yet" in editor.get("/w/north/phrases/").content.decode()
    wrong = editor.post("/w/north/propose-wording/", {"key": "Hold!", "plain": "x", "tone": "plain", "locale": "en"})
    assert (wrong.status_code, "A key is small letters" in wrong.content.decode()) == (422, True)
    form = {"key": "hold", "plain": "Please <b>wait</b>.", "tone": "plain", "locale": "en"}
    assert editor.post("/w/north/propose-wording/", form).status_code == 302
    assert "One wording waits for approval" in editor.get("/w/north/phrases/").content.decode()
    assert "An owner or admin can approve it" in editor.get("/w/north/phrases/hold/").content.decode()
    assert editor.post("/w/north/phrases/hold/1/approve/").status_code == 404
    silent = admin.post("/w/north/phrases/hold/1/decline/", {"reason": " "})
    assert (silent.status_code, "Say why." in silent.content.decode()) == (422, True)
    admin.post("/w/north/phrases/hold/1/approve/")
    page = admin.get("/w/north/phrases/hold/").content.decode()
    assert "Customers read “Please &lt;b&gt;wait&lt;/b&gt;.”" in page
    again = admin.post("/w/north/phrases/hold/1/approve/")
    assert (again.status_code, "published already" in again.content.decode()) == (422, True)
    assert "One phrase with “wait”" in admin.get("/w/north/phrases/", {"q": "wait"}).content.decode()


def test_the_api_serves_with_a_tag_and_the_command_says_the_same(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plant_phrase(workspace, "hold")
    bearer = {"Authorization": f"Bearer {create_token(workspace)[1]}"}
    api = Client(headers=bearer)
    served = api.get("/api/v1/phrases/hold?locale=en-gb&tone=legal")
    assert served.json() == {
        "key": "hold",
        "plain": "Your north order is late.",
        "locale": "en",
        "tone": "plain",
        "version": 1,
    }
    fresh = api.get("/api/v1/phrases/hold", headers={"If-None-Match": f"W/{served['ETag']}"})
    assert (fresh.status_code, fresh.content) == (304, b"")
    assert api.get("/api/v1/phrases/nothing").status_code == 404
    call_command("phrase", "approve", "hold", "2", "--workspace", "north")
    changed = api.get("/api/v1/phrases/hold?tone=empathetic", headers={"If-None-Match": served["ETag"]})
    assert changed.json()["plain"] == "Sorry, your north order is late."
    capsys.readouterr()
    call_command("phrase", "show", "hold", "--workspace", "north", "--tone", "empathetic", "--json")
    assert json.loads(capsys.readouterr().out) == changed.json()
    call_command("phrase", "bundle", "--workspace", "north", "--output", str(tmp_path / "bundle.json"))
    bundle = api.get("/api/v1/phrase-bundle").json()
    assert json.loads((tmp_path / "bundle.json").read_text()) == bundle
    assert set(bundle["phrases"]["hold"]["wordings"]["en"]) == {"plain", "empathetic"}


def test_a_token_proposes_and_only_one_that_may_approves(workspace: Workspace) -> None:
    writer = Client(headers={"Authorization": f"Bearer {create_token(workspace, scopes=['phrases:write'])[1]}"})
    body = {"plain": "Please wait.", "locale": "pt_BR"}
    made = writer.post("/api/v1/phrases/hold", body, content_type="application/json")
    assert (made.status_code, made.json()["status"], made.json()["locale"]) == (200, "proposed", "pt-br")
    assert writer.post("/api/v1/phrases/hold/versions/1/approve").status_code == 403
    owner = Client(headers={"Authorization": f"Bearer {create_token(workspace)[1]}"})
    assert owner.post("/api/v1/phrases/hold/versions/1/approve").json()["status"] == "published"
    assert owner.post("/api/v1/phrases/hold/versions/1/approve").status_code == 409
    assert owner.post(f"/api/v1/phrases/hold/versions/{10**30}/approve").status_code == 404
