"""Messages that come one by one, by the API and live: signed, once each, cleaned like all others."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client

from nousnous.base.errors import Refused
from nousnous.capabilities.language.actions.bringing import bring_messages, keep_hook
from nousnous.capabilities.language.measures.deliveries import messages_in
from nousnous.capabilities.language.models import Hook
from nousnous.facts.messages import MESSAGES
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import create_token
from nousnous.workspaces.models import Workspace

COMMENT = {
    "type": "zen:event-type:ticket.comment_added",
    "time": "2026-01-05T09:00:00.5Z",
    "detail": {"id": "7", "requester_id": "20", "group_id": "3", "type": "problem", "via": {"channel": "email"}},
    "event": {"comment": {"id": "1", "body": "Late. ada@example.org", "is_public": True, "author": {"id": "20"}}},
}
REPLY = {
    "type": "notification_event",
    "topic": "conversation.admin.replied",
    "data": {
        "item": {
            "type": "conversation",
            "id": "55",
            "created_at": 1767603600,
            "source": {"id": "s1", "type": "conversation", "body": "<p>Hi</p>", "author": {"type": "user", "id": "u5"}},
            "contacts": {"contacts": [{"id": "u5", "external_id": "bob"}]},
            "conversation_parts": {
                "conversation_parts": [
                    {"id": "p1", "part_type": "comment", "created_at": 1767603660, "body": "<p>Hello!</p>",
                     "author": {"type": "admin", "id": "a"}},
                    {"id": "p2", "part_type": "note", "created_at": 1767603661, "body": "hm",
                     "author": {"type": "admin", "id": "a"}},
                ]
            },
        }
    },
}  # fmt: skip


def stored(workspace: Workspace) -> list[tuple[Any, ...]]:
    rows = lake_of(workspace).snapshot(MESSAGES).table(MESSAGES).order_by("message_id").to_pyarrow().to_pylist()
    return [(row["message_id"], row["user_id"], row["side"], row["text"]) for row in rows]


def signed(tool: str, secret: str, body: bytes) -> dict[str, str]:
    if tool == "intercom":
        return {"X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}
    stamp = "2026-01-05T09:00:01Z"
    made = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
    name = "X-Zendesk-Webhook-Signature"
    return {name: base64.b64encode(made).decode(), f"{name}-Timestamp": stamp}


@pytest.mark.parametrize(("tool", "told"), [("zendesk", COMMENT), ("intercom", REPLY)])
def test_what_a_tool_signed_is_kept_once_and_what_it_did_not_is_refused(
    workspace: Workspace, tool: str, told: dict[str, Any]
) -> None:
    path, body = keep_hook(workspace, tool, "hush\n", "ann").path, json.dumps(told).encode()
    post = {"data": body, "content_type": "application/json"}
    for headers, status in ((signed(tool, "other", body), 401), ({}, 401), *[(signed(tool, "hush", body), 200)] * 2):
        assert Client().post(path, **post, headers=headers).status_code == status
    wanted = {
        "zendesk": [("zendesk:1", "zendesk:20", "customer", "Late. [email]")],
        "intercom": [("intercom:p1", "bob", "agent", "Hello!"), ("intercom:s1", "bob", "customer", "Hi")],
    }
    assert stored(workspace) == wanted[tool]
    hook = Hook.objects.get(workspace=workspace)
    assert (hook.heard_at is not None, b"hush" in bytes(hook.seal)) == (True, False)
    broken = b"{"
    assert Client().post(path, broken, "text/plain", headers=signed(tool, "hush", broken)).status_code == 400


def test_deliveries_of_any_shape_are_taken_and_give_no_message() -> None:
    shapes: list[Any] = [None, [], {"data": {"item": []}}, {"detail": 3}, {"data": {"item": {"type": "conversation"}}}]
    assert [messages_in(tool, one) for tool in ("zendesk", "intercom") for one in shapes] == [[]] * 10
    private = {**COMMENT, "event": {"comment": {"id": "1", "body": "psst", "is_public": False}}}
    assert messages_in("zendesk", private) == []


def test_the_api_keeps_messages_of_a_conversation(workspace: Workspace) -> None:
    address = f"/api/v1/conversations/c1/messages?workspace={workspace.slug}"
    token = create_token(workspace, scopes=["language:write"])[1]
    message = {"id": "m1", "at": "2026-01-05T09:00:00Z", "side": "customer", "text": "Where is it?", "person": "ada"}
    quoted = {**message, "id": "m2", "side": "bot", "text": "> Where is it?"}
    for added, repeated in ((1, 0), (0, 1)):
        body = {"messages": [message, quoted]}
        answer = Client().post(address, body, "application/json", headers={"Authorization": f"Bearer {token}"})
        told = {"added": added, "repeated": repeated, "refused": 0, "empty": 1}
        assert (answer.status_code, answer.json()) == (200, told)
    assert stored(workspace) == [("m1", "ada", "customer", "Where is it?")]


def test_messages_that_cannot_be_read_are_refused_with_their_place(workspace: Workspace) -> None:
    good = {"id": "m", "conversation": "c", "at": "2026-01-05", "side": "agent", "text": "x"}
    for wrong, said in (
        ({"at": "never"}, "Its time"),
        ({"at": "2999-01-01"}, "a day ahead"),
        ({"side": "x"}, "Its side"),
    ):
        with pytest.raises(Refused, match=said) as refused:
            bring_messages(workspace, [good, {**good, **wrong}], "test")
        assert refused.value.place is not None
        assert refused.value.place.field == "messages[1]"
    with pytest.raises(Refused, match="delivers nothing here"):
        keep_hook(workspace, "lotus", "x", "ann")
