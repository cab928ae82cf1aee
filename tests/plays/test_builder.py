"""The form that writes a play's text: what is kept is what the text says, comments stay, nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.plays.conftest import SECOND_LOGIN, Did
from tests.plays.test_variants import FRAMED

from nousnous.journeys.actions.segments import apply_segment
from nousnous.plays.actions.versions import apply_play, play_of
from nousnous.plays.building import fits, text_of, values_of
from nousnous.plays.definition import parse_play
from nousnous.plays.registry import actions
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

BUYERS = '[segment]\nname = "buyers"\n[[condition]]\nevent = "Signed Up"\n'
HEAD = """
[play]
id = "a"
name = "A"
[trigger]
[[do]]
action = "github"
title = "x"
text = "two\\nlines"
links = ["https://a.example/", "https://b.example/"]
"""
EVERY_WAY = (
    SECOND_LOGIN.replace('within = "48h"', 'within = "48h"\nwhere = { plan = ["pro", "team"] }'),
    SECOND_LOGIN.replace('event = "Signed Up"\nwithout = "Signed In"\nwithin = "48h"', 'fact = "low_score_given"'),
    SECOND_LOGIN.replace("[holdout]", '[limits]\nevery = "7d"\nonce = false\nbudget = 12.5\ncost = 1\n[holdout]'),
    HEAD.replace("[trigger]", 'audience = "b"\n[trigger]\nschedule = "0 9 * * 1"\ntimezone = "Europe/Berlin"'),
    HEAD.replace(
        "[trigger]", '[trigger]\nmetric = "completion"\njourney = "j"\nstep = "s"\nabove = 0.155\nover = "7d"'
    ),
)


def asks() -> dict[str, Any]:
    return {name: action.asks for name, action in actions().items()}


@pytest.mark.parametrize("text", EVERY_WAY)
def test_every_kind_of_play_goes_through_the_fields_unchanged(text: str) -> None:
    assert fits(text, asks())
    anew = parse_play(text_of(values_of(text, asks()), asks()))
    assert replace(anew, id="") == replace(parse_play(text), id="")


def test_what_fields_cannot_hold_is_told() -> None:
    assert not fits(FRAMED, asks())
    assert not fits(SECOND_LOGIN.replace('within = "48h"', 'within = "48h"\nwhere = { a = "1", b = "2" }'), asks())


@pytest.fixture
def editor(workspace: Workspace, did: Did, client: Client) -> Client:
    for event in ("Signed Up", "Signed In"):
        did(event)
    apply_segment(workspace, BUYERS, None, "test")
    client.force_login(add_member(workspace, "ed@north.example", "editor").user)
    return client


@pytest.mark.django_db(transaction=True)
def test_a_play_is_tried_and_kept_without_a_word_of_toml(editor: Client, workspace: Workspace) -> None:
    fields = {
        "play.name": "Bring back!",
        "play.audience": "buyers",
        "trigger.kind": "event",
        "trigger.event": "Signed Up",
        "trigger.without": "Signed In",
        "trigger.within": "48h",
        "holdout.share": "20",
        "limits.most_a_day": "50",
        "do.email": "on",
        "do.email.subject": "Hello",
        "do.email.text": "One step.",
        "do.email.button": "Go",
    }
    page = editor.post("/w/north/build-play/", {**fields, "preview": "1"})
    assert (page.status_code, "needs “address” as a text" in page.content.decode()) == (422, True)
    fields["do.email.address"] = "https://shop.example/"
    tried = editor.post("/w/north/build-play/", {**fields, "preview": "1"}).content.decode()
    assert "It would have fired for nobody in the last 30 days" in tried
    assert editor.post("/w/north/build-play/", {**fields, "apply": "1"}).headers["Location"].endswith("/bring-back/")
    kept = play_of(workspace, "bring-back").current.definition
    assert (kept.audience, kept.holdout, kept.limits.most_a_day) == ("buyers", 0.2, 50)
    again = editor.post("/w/north/build-play/", {**fields, "apply": "1"}).content.decode()
    assert "There is a play “bring-back” already" in again


@pytest.mark.django_db(transaction=True)
def test_changing_a_field_leaves_the_rest_of_the_text_as_it_stands(editor: Client, workspace: Workspace) -> None:
    text = SECOND_LOGIN.replace("share = 0.0", "share = 0.0  # not yet").strip() + "\n"
    apply_play(workspace, text, None, "test")
    address = "/w/north/plays/second-login/fields/"
    page = editor.get(address).content.decode()
    assert 'value="48h"' in page
    fields = {key: value for key, value in values_of(text, asks()).items() if value not in {"", False}}
    editor.post(address, {**fields, "trigger.within": "72h", "apply": "1"})
    assert play_of(workspace, "second-login").current.text == text.replace("48h", "72h")


@pytest.mark.django_db(transaction=True)
def test_a_play_that_says_more_is_changed_as_a_text(editor: Client, workspace: Workspace) -> None:
    apply_play(workspace, FRAMED, None, "test")
    answer = editor.get("/w/north/plays/framed/fields/", follow=True)
    assert answer.redirect_chain[0][0].endswith("/plays/framed/text/")
    assert "says more than fields can hold" in answer.content.decode()
