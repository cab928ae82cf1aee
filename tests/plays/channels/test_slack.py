"""Slack by its official library, against a server in its place."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.plays.channels.conftest import Connected, Other
from tests.plays.conftest import Did, Standing

from nousnous.base import clock
from nousnous.base.errors import Refused, Unavailable
from nousnous.facts.plays import Firing
from nousnous.plays.actions.firing import retry_firing
from nousnous.plays.channels.actions import Connection, connect
from nousnous.plays.channels.models import Channel, Sent
from nousnous.plays.channels.outward import Disconnected
from nousnous.plays.channels.slack import Button, Part, post, send, update
from nousnous.plays.models import Firing as Record
from nousnous.runs.models import Run
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
PLAY = """
[play]
id = "rage"
name = "Tell us who rages"
[trigger]
event = "Signed Up"
[holdout]
share = 0.0
[[do]]
action = "slack"
text = "*{person}* was put off at {where}"
take = "I take it"
link = "https://shop.example/{where}"
link_text = "See"
"""


def firing(workspace: Workspace, key: str = "fire-0", **said: str) -> Firing:
    return Firing(workspace.id, "rage", key, (1,), "ada", 1, {}, {"text": "hello"} | said)


def pressed(other: Other, message: dict[str, Any], member: str, place: int = 0) -> bytes:
    """What Slack sends when somebody presses a button of a message."""
    (block,) = [one for one in message["blocks"] if one["type"] == "actions" or "accessory" in one]
    button = block["accessory"] if "accessory" in block else block["elements"][place]
    action = {"action_id": button["action_id"], "block_id": block["block_id"], "value": button.get("value")}
    payload = {
        "type": "block_actions",
        "user": {"id": "U1", "name": member},
        "channel": {"id": "C123"},
        "message": {"ts": message["ts"], "blocks": message["blocks"]},
        "actions": [action],
        "response_url": f"{other.url}/actions/T1/2/x",
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def tell(channel: Channel, body: bytes, secret: str = "signed-quokka", late_s: int = 0) -> int:
    stamp = str(clock.now_us() // clock.SECOND_US - late_s)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    kind = "application/x-www-form-urlencoded"
    return Client().post(f"/slack/{channel.id}/", body, content_type=kind, headers=headers).status_code


def test_from_an_event_to_a_message_to_a_button_to_its_answer(
    standing: Standing, did: Did, other: Other, connected: Connected
) -> None:
    channel = connected("slack")
    standing(PLAY)
    did("Signed Up", where="<!channel>")
    (message,) = other.kept
    assert message["blocks"][0]["text"]["text"] == "*ada@example.org* was put off at &lt;!channel&gt;"
    assert tell(channel, pressed(other, message, "grace")) == 200
    work_all()
    assert tell(channel, pressed(other, message, "linus")) == 200
    work_all()
    first, second = other.answers
    assert first["replace_original"]
    assert first["text"] == second["text"] == "grace takes this on."
    assert [one["type"] for one in first["blocks"]] == ["section", "context"]
    assert Record.objects.get().references == [f"C123 {message['ts']}"]


def test_a_press_that_slack_did_not_sign_or_signed_long_ago_is_refused(other: Other, connected: Connected) -> None:
    channel = connected("slack")
    post(channel, (Part("x", (Button("Go", "take", "k"),)),), "k")
    body = pressed(other, other.kept[0], "grace")
    assert tell(channel, body, secret="another") == 401
    assert tell(channel, body, late_s=301) == 401
    assert Client().post(f"/slack/{channel.id}/", {"payload": "{}"}).status_code == 401
    assert tell(Channel(id="chan_none"), body) == 404
    assert tell(channel, b"payload=%7B") == 400
    assert not Run.objects.exists()


def test_a_button_that_stands_for_nothing_tells_so_to_who_pressed_it(other: Other, connected: Connected) -> None:
    channel = connected("slack")
    post(channel, (Part("x", (Button("Go", "gone", "k"),)),), "k")
    assert tell(channel, pressed(other, other.kept[0], "grace")) == 200
    work_all()
    (answer,) = other.answers
    assert (answer["replace_original"], answer["response_type"]) == (False, "ephemeral")
    assert "stands for nothing any more" in answer["text"]


def test_a_message_whose_delivery_was_not_heard_of_is_found_again(
    workspace: Workspace, other: Other, connected: Connected
) -> None:
    connected("slack")
    other.deaf = True
    with pytest.raises(Unavailable):
        send(firing(workspace))
    outcomes = {send(firing(workspace)).reference for _ in range(3)}
    assert outcomes == {f"C123 {other.kept[0]['ts']}"}
    assert len(other.kept) == 1


def test_a_thread_is_answered_and_a_message_changed(other: Other, connected: Connected) -> None:
    channel = connected("slack")
    first = post(channel, (Part("open"),), "case-1")
    other.deaf = True
    with pytest.raises(Unavailable):
        post(channel, (Part("15 minutes"),), "case-1-reminder", under=first.reference)
    post(channel, (Part("15 minutes"),), "case-1-reminder", under=first.reference)
    update(channel, first.reference, (Part("closed"),))
    assert [(one["text"], one.get("thread_ts")) for one in other.kept] == [
        ("closed", None),
        ("15 minutes", other.kept[0]["ts"]),
    ]


def test_a_webhook_posts_and_tells_news_as_messages_of_their_own(other: Other, connected: Connected) -> None:
    channel = connected("slack", address=f"{other.url}/services/T000/B000/hook")
    sent = post(channel, (Part("hi"),), "k")
    update(channel, sent.reference, (Part("done"),))
    assert [(one["text"], one["blocks"][0]["text"]["text"]) for one in other.kept] == [("hi", "hi"), ("done", "done")]
    other.revoked = True
    with pytest.raises(Disconnected, match="paste the address of a new one"):
        post(channel, (Part("hi"),), "l")


def test_a_revoked_token_stands_on_the_page_until_a_new_one_works(
    workspace: Workspace, standing: Standing, did: Did, other: Other, connected: Connected
) -> None:
    channel = connected("slack")
    standing(PLAY)
    other.revoked = True
    did("Signed Up")
    record = Record.objects.get()
    assert (record.state, record.said) == (
        "failed",
        "slack: Slack says that the token was revoked; paste a new one.",
    )
    channel.refresh_from_db()
    assert channel.trouble == "Slack says that the token was revoked; paste a new one."
    other.revoked = False
    connect(workspace, Connection("slack", channel.name, {"token": "xoxb-quokka"}), "test")
    retry_firing(workspace, record.id, "test")
    work_all()
    channel.refresh_from_db()
    assert (channel.trouble, len(other.kept), Sent.objects.count()) == ("", 1, 1)


def test_a_play_says_which_of_several_channels_it_means(
    workspace: Workspace, other: Other, connected: Connected
) -> None:
    with pytest.raises(Refused, match="No channel to Slack"):
        send(firing(workspace))
    connected("slack", "sales")
    connected("slack", "war-room")
    with pytest.raises(Refused, match="more than one"):
        send(firing(workspace))
    assert send(firing(workspace, channel="war-room")).said == "Posted in Slack, war-room."


@pytest.mark.parametrize(
    ("values", "trouble"),
    [
        ({}, "needs a bot's token"),
        ({"token": "x", "channel": "#war-room"}, "given by its id"),
        ({"address": "https://evil.example/services/x"}, "A webhook of Slack begins with"),
        ({"address": "https://hooks.slack.com/services/x", "token": "x"}, "remove it first"),
        ({"token": "x", "chanel": "C123"}, "“chanel” is not known"),
    ],
)
def test_what_cannot_work_is_refused_when_it_is_connected(
    workspace: Workspace, values: dict[str, str], trouble: str
) -> None:
    with pytest.raises(Refused, match=trouble):
        connect(workspace, Connection("slack", "war-room", values), "test")
