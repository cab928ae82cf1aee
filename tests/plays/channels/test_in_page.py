"""Messages left for a person's browsers: who may have one, that it is shown once, and that it goes with the person."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests.plays.conftest import Did, Standing

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.base.mentions import Mentions
from nousnous.collector.capture import configuration_of
from nousnous.facts.plays import Firing
from nousnous.people.identity import anonymous_key, known_key
from nousnous.plays.channels.in_page import ACTION, erase_messages, tell_messages
from nousnous.plays.channels.models import PageMessage
from nousnous.plays.models import Firing as Record
from nousnous.workspaces.models import Workspace, WriteKey

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {
    "title": "One step, {name}",
    "text": "It takes a minute.",
    "button": "Go on",
    "address": "https://shop.example/",
}
PLAY = """
[play]
id = "step"
name = "Show the next step"
[trigger]
event = "Signed Up"
[holdout]
share = 0.0
[[do]]
action = "in_page"
title = "Welcome to {plan}"
text = "One step is left."
"""


@pytest.fixture
def key(workspace: Workspace) -> str:
    return WriteKey.objects.create(workspace=workspace, key="wk").key


def leave(workspace: Workspace, key: str = "fire_1-0", browsers: tuple[str, ...] = ("phone", "desk")) -> None:
    keys = (known_key(workspace, "ada"), *(anonymous_key(workspace, one) for one in browsers))
    ACTION.perform(Firing(workspace.id, "step", key, keys, "ada", 1, {"name": "Ada"}, SAID))


def ask(browser: str, key: str = "wk") -> tuple[int, dict[str, str]]:
    body = json.dumps({"key": key, "anonymousId": browser})
    answer = Client().post("/m/ask/", body, content_type="text/plain;charset=UTF-8")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.status_code, answer.json() if answer.status_code == 200 else {}


def test_one_of_the_browsers_of_a_person_shows_a_message_once(workspace: Workspace, key: str) -> None:
    leave(workspace)
    leave(workspace)
    assert (ask("ada"), ask("another")) == ((204, {}), (204, {}))
    assert ask("desk") == (200, SAID | {"title": "One step, Ada"})
    assert (ask("desk"), ask("phone")) == ((204, {}), (204, {}))


def test_a_message_is_over_after_a_week_and_belongs_to_one_workspace(workspace: Workspace, key: str) -> None:
    other = Workspace.objects.create(slug="south", name="South")
    WriteKey.objects.create(workspace=other, key="south")
    leave(workspace)
    assert (ask("desk", "south"), ask("desk", "none")[0]) == ((204, {}), 404)
    with clock.frozen(clock.now_us() + int(timedelta(days=8).total_seconds()) * clock.SECOND_US):
        assert ask("desk") == (204, {})
    assert Client().post("/m/ask/", "[]", content_type="text/plain").status_code == 422


def test_what_was_left_is_told_and_erased(workspace: Workspace, key: str) -> None:
    leave(workspace)
    leave(workspace, "fire_2-0", ("bobs",))
    PageMessage.objects.filter(key="fire_2-0").update(text="as ada-7 said")
    mine = [known_key(workspace, "ada"), anonymous_key(workspace, "desk"), anonymous_key(workspace, "phone")]
    told = json.loads(json.dumps(tell_messages(workspace, 0, mine)["page_messages"]))
    assert [(one["key"], one["title"]) for one in told] == [
        ("fire_1-0", "One step, Ada"),
        ("fire_2-0", "One step, Ada"),
    ]
    erase_messages(workspace, mine, Mentions(("ada-7",)))
    assert not PageMessage.objects.exists()


def test_a_play_leaves_a_message_and_lets_browsers_ask(standing: Standing, did: Did, workspace: Workspace) -> None:
    standing(PLAY)
    did("Signed Up", plan="pro")
    assert Record.objects.get().said == "A message waits on their next page, for 7 days."
    assert {one.title for one in PageMessage.objects.all()} == {"Welcome to pro"}
    told = configuration_of(workspace.browsers.parts)
    assert told["messages"] == {"address": "http://localhost:8000"}
    assert told["parts"]["messages"].startswith("/sdk/messages-")


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"colour": "red"}, {"button": "Go", "address": "javascript:x"}, {"button": "Go"}]
)
def test_what_no_page_can_show_is_refused_in_the_file(wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        ACTION.check({"title": "x", "text": "y"} | wrong)
