"""Messages in what Zendesk and Intercom deliver live, under the same ids as in their exports; and their signatures."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final

TOOLS: Final = ("intercom", "zendesk")
CUSTOMERS: Final = {"user", "lead", "contact"}
AGENTS: Final = {"admin", "team"}

Row = dict[str, Any]


def is_signed(tool: str, secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether a delivery bears the tool's own signature of its body.

    Zendesk: base64 of HMAC-SHA256 over timestamp and body. Intercom: hexadecimal HMAC-SHA1 over the body.

    >>> is_signed("intercom", "s", b"x", {"X-Hub-Signature": "sha1=efb4d1cc1bd7c7b83b73c49dacb2f4583257fca7"})
    True
    """
    if tool == "zendesk":
        signed = headers.get("X-Zendesk-Webhook-Signature-Timestamp", "").encode() + body
        made = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
        given = headers.get("X-Zendesk-Webhook-Signature", "")
    else:
        made = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
        given = headers.get("X-Hub-Signature", "")
    return hmac.compare_digest(made.encode(), given.encode())


def messages_in(tool: str, told: Any) -> list[Row]:
    """The messages of a delivery: `conversation`, `id`, `at`, `person`, `side`, `text`, `channel`, `topic`, `group`.

    What is no message, and notes that customers do not see, gives none.

    >>> messages_in("zendesk", {"type": "zen:event-type:ticket.status_changed"})
    []
    """
    if not isinstance(told, dict):
        return []
    return _of_zendesk(told) if tool == "zendesk" else _of_intercom(told)


def _of_zendesk(told: Row) -> list[Row]:
    """The event `ticket.comment_added`."""
    ticket, comment = _object(told, "detail"), _object(told, "event", "comment")
    author = _object(comment, "author")
    if not comment.get("id") or not ticket.get("id") or comment.get("is_public") is False:
        return []
    of_customer = str(author.get("id")) == str(ticket.get("requester_id")) or author.get("is_staff") is False
    return [
        {
            "conversation": f"zendesk:{ticket['id']}",
            "id": f"zendesk:{comment['id']}",
            "at": told.get("time"),
            "person": f"zendesk:{ticket['requester_id']}" if ticket.get("requester_id") else None,
            "side": "customer" if of_customer else "agent",
            "text": comment.get("body"),
            "channel": _object(ticket, "via").get("channel"),
            "topic": ticket.get("type"),
            "group": ticket.get("group_id"),
        }
    ]


def _of_intercom(told: Row) -> list[Row]:
    """The topics `conversation.…`: a conversation with the parts that are new."""
    talk = _object(told, "data", "item")
    if talk.get("type") != "conversation" or not talk.get("id"):
        return []
    source, contact = _object(talk, "source"), _first(_object(talk, "contacts").get("contacts"))
    author = _object(source, "author")
    person = contact.get("external_id") or (f"intercom:{contact['id']}" if contact.get("id") else None)
    if person is None and author.get("type") in CUSTOMERS:
        person = f"intercom:{author.get('id')}"
    parts = _object(talk, "conversation_parts").get("conversation_parts")
    some = [{**source, "created_at": talk.get("created_at")}, *(parts if isinstance(parts, list) else [])]
    shared = {
        "conversation": f"intercom:{talk['id']}",
        "person": person,
        "channel": source.get("delivered_as") or source.get("type"),
        "topic": _first(_object(talk, "tags").get("tags")).get("name"),
        "group": talk.get("team_assignee_id"),
    }
    return [
        {**shared, "id": f"intercom:{one['id']}", "at": one.get("created_at"), "side": side, "text": one["body"]}
        for one in some
        if isinstance(one, dict) and one.get("id") and one.get("body") and (side := _side(one))
    ]


def _side(part: Row) -> str:
    kind = _object(part, "author").get("type")
    if str(part.get("part_type", "")).startswith("note"):
        return ""
    return "customer" if kind in CUSTOMERS else "agent" if kind in AGENTS else "bot" if kind == "bot" else ""


def _object(told: Any, *path: str) -> Row:
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}


def _first(values: Any) -> Row:
    return values[0] if isinstance(values, Sequence) and values and isinstance(values[0], dict) else {}
