"""The builder without a script: start, change, look, save, publish, close; and what may not be."""

import html
import json
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.capabilities.surveys.conftest import Published
from tests.capabilities.surveys.documents import document

from nousnous.capabilities.surveys.actions.versions import save_survey, survey_of
from nousnous.capabilities.surveys.measures.definition import parse_survey
from nousnous.capabilities.surveys.measures.templates import TEMPLATES
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def fields_of(page: HttpResponse) -> dict[str, Any]:
    """What the form of a page sends, as a browser would."""
    text = page.content.decode()
    form = text[text.index('data-preview="preview"') : text.index('id="preview"')]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if named.get("type") != "checkbox":
            found[named["name"]] = named.get("value", "")
        elif " checked" in tag:
            found[named["name"]] = "on"
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL))
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")?[^>]*selected[^>]*>([^<]*)', inside)
        found[name] = (chosen[1] if chosen[1] is not None else chosen[2]) if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_can_be_asked_as_it_is(template: str, client: Client, workspace: Workspace) -> None:
    for number in (1, 2):
        made = client.post("/w/north/new-survey/", {"template": template})
        assert made.headers["Location"] == f"/w/north/surveys/{template}{'' if number == 1 else '-2'}/edit/"
    assert client.post(f"/w/north/surveys/{template}/publish/").status_code == 302
    assert survey_of(workspace, template).state == "open"


def test_a_form_that_changes_nothing_keeps_the_document(client: Client, workspace: Workspace) -> None:
    save_survey(workspace, document(), "test")
    sent = fields_of(client.get("/w/north/surveys/after-purchase/edit/"))
    assert client.post("/w/north/surveys/after-purchase/edit/", {**sent, "do": "save"}).status_code == 302
    assert survey_of(workspace, "after-purchase").definition == parse_survey(document())


def test_questions_are_added_moved_translated_and_branched(client: Client, workspace: Workspace) -> None:
    address = "/w/north/surveys/csat-at-a-step/edit/"
    client.post("/w/north/new-survey/", {"template": "csat-at-a-step"})
    sent = fields_of(client.get(address))
    added = client.post(address, {**sent, "do": "add", "kind": "single"})
    sent = fields_of(added) | {"q2-choices": "By phone\nBy mail", "q2-text": "How may we reach you?"}
    moved = fields_of(client.post(address, {**sent, "do": "up:2"}))
    assert moved["q1-choices"] == "By phone\nBy mail"
    german = fields_of(client.post(address, {**moved, "do": "preview", "language": "de"}))
    assert (german["shown"], german["q1-text"]) == ("de", "")
    sent = german | {"q1-text": "Wie dürfen wir uns melden?", "q1-choices": "Telefon\nPost", "do": "save"}
    assert client.post(address, sent | {"q1-go0-any": "first", "q1-go0-to": "end"}).status_code == 302
    asked = survey_of(workspace, "csat-at-a-step").definition.questions[1]
    assert asked.text == {"en": "How may we reach you?", "de": "Wie dürfen wir uns melden?"}
    assert [one.text["de"] for one in asked.choices] == ["Telefon", "Post"]
    assert [(one.any, one.to) for one in asked.go] == [(("first",), "end")]


def test_what_is_wrong_is_shown_beside_the_form_and_nothing_is_saved(client: Client, workspace: Workspace) -> None:
    save_survey(workspace, document(), "test")
    address = "/w/north/surveys/after-purchase/edit/"
    sent = fields_of(client.get(address)) | {"ink": "#eeeeee", "do": "save"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "contrast" in answer.content.decode()
    assert fields_of(answer)["ink"] == "#eeeeee"
    assert survey_of(workspace, "after-purchase").text == document()


def test_a_survey_says_in_its_title_how_it_stands(client: Client, workspace: Workspace, published: Published) -> None:
    assert "Nobody has been asked anything yet" in client.get("/w/north/surveys/").content.decode()
    save_survey(workspace, document(), "test")
    assert "nobody is asked yet" in client.get("/w/north/surveys/after-purchase/").content.decode()
    published()
    assert "nobody has answered yet" in client.get("/w/north/surveys/").content.decode()
    made = client.post("/w/north/surveys/after-purchase/link/", {"person": "ada"}).content.decode()
    assert "/s/ask_" in made
    again = client.post("/w/north/surveys/after-purchase/link/", {"person": "ada"})
    assert (again.status_code, "left alone until" in again.content.decode()) == (422, True)
    client.post("/w/north/surveys/after-purchase/close/")
    assert "Open again" in client.get("/w/north/surveys/after-purchase/").content.decode()


def test_what_is_exported_is_taken_in_and_a_code_leads_to_the_open_link(client: Client, published: Published) -> None:
    published()
    exported = client.get("/w/north/surveys/after-purchase/document.json").content.decode()
    other = json.dumps(json.loads(exported) | {"id": "copy"})
    assert client.post("/w/north/new-survey/", {"text": other}).status_code == 302
    drawn = client.get("/w/north/surveys/after-purchase/code.svg")
    assert (drawn.headers["Content-Type"], b"<svg" in drawn.content) == ("image/svg+xml", True)
    assert client.get("/w/north/surveys/after-purchase/code.png").content.startswith(b"\x89PNG")


def test_what_is_said_in_its_own_language_stands_beside_what_is_written_in_another(
    client: Client, workspace: Workspace
) -> None:
    save_survey(workspace, document(), "test")
    shown = client.get("/w/north/surveys/after-purchase/edit/?language=ar").content.decode()
    beside = re.findall(r'<span class="help" id="(q[^"]+)-said" lang="en">([^<]+)</span>', shown)
    assert ("q0-text", "Would you recommend us?") in beside
    assert ("q1-choices", "The price / The speed") in beside
    own = client.get("/w/north/surveys/after-purchase/edit/").content.decode()
    assert "-said" not in own
