"""Presses of buttons in Slack: believed by their signature, noted at once, answered by a durable run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import parse_qs

from slack_sdk.signature import Clock, SignatureVerifier

from nousnous.base import clock
from nousnous.base.errors import Forbidden, Missing, NousError, Refused, Unavailable
from nousnous.facts.plays import Pressed
from nousnous.plays.buttons import answer_button
from nousnous.plays.channels import slack
from nousnous.plays.channels.models import Channel
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work

ANSWER_RUN: Final = "channels.answer"
MOST_BYTES: Final = 500_000


class _OurClock(Clock):
    def now(self) -> float:
        return clock.real().timestamp()


def receive(channel_id: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Note a press; Forbidden where Slack did not sign it within the last five minutes."""
    channel = Channel.objects.filter(pk=channel_id, kind="slack").first()
    secret = channel.secrets.get("signing_secret") if channel else None
    if channel is None or not secret:
        raise Missing("No Slack app presses buttons here.")
    if len(body) > MOST_BYTES or not _signed(secret, body, headers):
        raise Forbidden("This was not signed by Slack within the last five minutes.")
    payload = _payload(body)
    pressed: dict[str, Any] = next(iter(payload.get("actions") or []), {})
    button, _, _ = str(pressed.get("action_id", "")).partition(":")
    if payload.get("type") != "block_actions" or button == "open":
        return  # a link opened itself
    told = Pressed(
        channel.workspace_id,
        button,
        str(pressed.get("value", "")),
        _member(payload),
        str((payload.get("channel") or {}).get("id", "")),
        str((payload.get("message") or {}).get("ts", "")),
    )
    place = {"block": pressed.get("block_id"), "blocks": (payload.get("message") or {}).get("blocks") or []}
    state = {"pressed": asdict(told), "respond": str(payload.get("response_url", "")), **place}
    once = hashlib.sha256(body).hexdigest()
    start_run(ANSWER_RUN, state, workspace_id=channel.workspace_id, key=f"{channel.id}-{once}")


def perform_answer(work: Work) -> Advance:
    """Let whoever registered the button answer, and put that in its place; a refusal is told to who pressed alone."""
    state = work.state
    try:
        answer = plain_answer(answer_button(Pressed(**state["pressed"])))
        body = {"replace_original": True, "text": answer, "blocks": answered(state["blocks"], state["block"], answer)}
    except Unavailable:
        raise
    except NousError as error:
        body = {"replace_original": False, "response_type": "ephemeral", "text": plain_answer(error.sentence)}
    if state["respond"]:
        slack.respond(state["respond"], body)
    return Advance()


def answered(blocks: list[dict[str, Any]], pressed: str, answer: str) -> list[dict[str, Any]]:
    """The message again with the answer where the button was; other buttons stay.

    >>> [one["type"] for one in answered([{"type": "section", "block_id": "a", "accessory": {}}], "a", "Ada does.")]
    ['section', 'context']
    """
    said = {"type": "context", "elements": [{"type": "mrkdwn", "text": answer, "verbatim": True}]}
    found: list[dict[str, Any]] = []
    for block in blocks:
        if block.get("block_id") != pressed:
            found.append(block)
            continue
        if block.get("type") == "section":
            found.append({name: value for name, value in block.items() if name != "accessory"})
        found.append(said)
    return found


def plain_answer(sentence: str) -> str:
    return slack.plain(sentence)[: slack.LETTERS]


def _signed(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        return SignatureVerifier(secret, _OurClock()).is_valid_request(body, dict(headers))
    except ValueError:  # a time or a body that is none
        return False


def _payload(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(parse_qs(body.decode())["payload"][0])
    except (KeyError, ValueError):
        raise Refused("There is no payload in it.") from None
    return found if isinstance(found, dict) else {}


def _member(payload: Mapping[str, Any]) -> str:
    user = payload.get("user") or {}
    return str(user.get("name") or user.get("username") or user.get("id") or "somebody")
