"""Slack: messages with buttons by a bot or an incoming webhook, changed and answered in their thread."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException  # noqa: TID251  # what the SDK raises
from typing import Any, Final

from django.conf import settings
from slack_sdk import WebClient  # noqa: TID251  # it asks nobody but Slack
from slack_sdk.errors import SlackApiError
from slack_sdk.web.slack_response import SlackResponse
from slack_sdk.webhook import WebhookClient  # noqa: TID251  # as above; addresses begin as Slack's do

from nousnous.base.errors import Missing, NousError, Place, Refused, Unavailable
from nousnous.facts.plays import Firing, Outcome, Pressed
from nousnous.plays.channels.actions import channel_for, sent_once, told
from nousnous.plays.channels.filling import addressed, filled, known, leads_somewhere, sound
from nousnous.plays.channels.kinds import Field, Kind
from nousnous.plays.channels.models import Channel, Sent
from nousnous.plays.channels.outward import Disconnected
from nousnous.plays.registry import Action, Ask
from nousnous.workspaces.models import Workspace

LIMIT_S: Final = 10
TAKE: Final = "take"
"""The button of plays: whoever presses it takes the matter on."""
METADATA: Final = "nous_message"
LETTERS: Final = 3_000
OVERLAP_S: Final = 300
PARAMETERS: Final = {"text": True, "channel": False, "take": False, "link": False, "link_text": False}
_CHANNEL: Final = re.compile(r"[CGD][A-Z0-9]{2,}")
GONE: Final = {
    "token_revoked": "Slack says that the token was revoked; paste a new one.",
    "token_expired": "Slack says that the token has expired; paste a new one.",
    "account_inactive": "Slack says that the bot was taken away; install the app again and paste its new token.",
    "invalid_auth": "Slack does not know the token; paste a new one.",
    "not_authed": "Slack does not know the token; paste a new one.",
    "invalid_token": "Slack does not know the webhook; paste the address of a new one.",
    "no_service": "Slack says that the webhook was taken away; paste the address of a new one.",
    "no_team": "Slack does not know the webhook; paste the address of a new one.",
    "channel_not_found": "Slack knows no such channel; look its id up at the foot of the channel's details.",
    "not_in_channel": "The bot is not in the channel; write /invite and its name there.",
    "is_archived": "The channel is archived; choose another one.",
    "channel_is_archived": "The channel is archived; choose another one.",
    "missing_scope": "The bot may not write; give it the scope chat:write and install the app again.",
}
QUIET: Final = {"unfurl_links": False, "unfurl_media": False, "link_names": False}
"""Slack fetches and shows no address that stands in a message, and calls nobody whose name does."""
AWAY: Final = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}


@dataclass(frozen=True, slots=True)
class Button:
    """A button: one that `answer_button` answers by its name and value, or one that only leads to an address."""

    label: str
    name: str = ""
    value: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph in Slack's marks, with its buttons; what comes from customers goes through `plain` before.

    Slack takes it as it stands: an address is a link where it is written as one, <https://…>.
    """

    text: str
    buttons: tuple[Button, ...] = ()


Message = tuple[Part, ...]


def plain(text: object) -> str:
    """A text that calls nobody and links nowhere, whatever a customer wrote.

    >>> plain("<!channel> & co")
    '&lt;!channel&gt; &amp; co'
    """
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def post(channel: Channel, message: Message, key: str, under: str = "") -> Sent:
    """Post a message once, or answer it in the thread under another; the `reference` changes it later."""
    return sent_once(channel, key, partial(_found, channel, under), partial(_posted, channel, message, key, under))


def update(channel: Channel, reference: str, message: Message) -> None:
    """Change what was posted. A webhook changes nothing: there the news is a message of its own."""
    secrets = channel.secrets
    if "token" not in secrets:
        told(channel, partial(_posted, channel, message, "", ""))
        return
    place, _, moment = reference.partition(" ")
    body = {"channel": place, "ts": moment, "text": _notice(message), "blocks": blocks_of(message)}
    told(channel, lambda: _moment(_asked(secrets, "chat.update", json=body)))


def respond(address: str, body: Mapping[str, Any]) -> None:
    """Answer a press at the address that came with it; one that has expired is let be."""
    if not address.startswith(_webhooks()):
        raise Refused("The address to answer at is none of Slack's.")
    _delivered(address, body, ("expired_url", "used_url"))


def blocks_of(message: Message) -> list[dict[str, Any]]:
    """Slack's blocks: one button stands beside its paragraph, several stand below it."""
    found: list[dict[str, Any]] = []
    for number, part in enumerate(message):
        text = {"type": "mrkdwn", "text": part.text[:LETTERS], "verbatim": True}
        section: dict[str, Any] = {"type": "section", "block_id": f"part-{number}", "text": text}
        buttons = [_button(one, f"{number}-{place}") for place, one in enumerate(part.buttons)]
        found.append(section | ({"accessory": buttons[0]} if len(buttons) == 1 else {}))
        if len(buttons) > 1:
            found.append({"type": "actions", "block_id": f"buttons-{number}", "elements": buttons})
    return found


def check(parameters: Mapping[str, Any]) -> None:
    """A message has a text; it may name its channel, be taken on by a button, and lead somewhere."""
    sound("A Slack message", PARAMETERS, parameters)
    if parameters.get("link"):
        leads_somewhere("A link", parameters["link"], "link")


def send(firing: Firing) -> Outcome:
    """Post what the play says."""
    asked = firing.parameters
    channel = channel_for(firing.workspace_id, "slack", str(asked.get("channel", "")))
    told_of = known(firing)
    details = {name: plain(value) for name, value in told_of.items()}
    buttons = [Button(str(asked["take"]), TAKE, firing.key)] if asked.get("take") else []
    if asked.get("link"):
        address = addressed(str(asked["link"]), told_of)
        buttons.append(Button(str(asked.get("link_text", "Open")), address=address))
    posted = post(channel, (Part(filled(str(asked["text"]), details), tuple(buttons)),), firing.key)
    return Outcome(f"Posted in Slack, {channel.name}.", posted.reference)


def taken(pressed: Pressed) -> str:
    """Answer the button of plays: the first who presses it takes the matter on."""
    rows = Sent.objects.filter(channel__workspace_id=pressed.workspace_id, key=pressed.value)
    rows.filter(taken_by="").update(taken_by=pressed.member[:200])
    found = rows.first()
    if found is None:
        raise Missing("This message is not known here any more.")
    return f"{found.taken_by} takes this on."


def _button(button: Button, place: str) -> dict[str, Any]:
    made = {"type": "button", "text": {"type": "plain_text", "text": button.label[:75], "emoji": False}}
    if button.address:
        return made | {"action_id": f"open:{place}", "url": button.address}
    return made | {"action_id": f"{button.name}:{place}", "value": button.value}


def _notice(message: Message) -> str:
    """What notifications and screen readers get."""
    return "\n".join(part.text for part in message)[:LETTERS]


def _posted(channel: Channel, message: Message, key: str, under: str) -> str:
    secrets, body = channel.secrets, {"text": _notice(message), "blocks": blocks_of(message), **QUIET}
    if "token" not in secrets:
        _delivered(secrets["address"], body)
        return "by webhook"
    thread = {"thread_ts": under.partition(" ")[2]} if under else {}
    metadata = {"event_type": METADATA, "event_payload": {"key": key}}
    whole = body | thread | {"channel": channel.told["channel"], "metadata": metadata}
    return _moment(_asked(secrets, "chat.postMessage", json=whole))


def _found(channel: Channel, under: str, before: Sent) -> str:
    """The message of an attempt that never heard how it ended; where the bot may not read, nobody knows."""
    secrets = channel.secrets
    if "token" not in secrets:
        return ""
    place = channel.told["channel"]
    asked = {"channel": place, "oldest": str(before.begun_at.timestamp() - OVERLAP_S), "limit": 200}
    if under:
        asked["ts"] = under.partition(" ")[2]
    method = "conversations.replies" if under else "conversations.history"
    try:
        answer = _asked(secrets, method, params=asked | {"include_all_metadata": True})
    except Disconnected:  # it may write and not read
        return ""
    for one in answer.get("messages") or []:
        if (one.get("metadata") or {}).get("event_payload", {}).get("key") == before.key:
            return f"{place} {one['ts']}"
    return ""


def _moment(answer: Any) -> str:
    return f"{answer['channel']} {answer['ts']}"


def _asked(secrets: Mapping[str, str], method: str, **given: Any) -> SlackResponse:
    """Slack's answer to a method; without the library's own retries, for what breaks off may have been delivered."""
    client = WebClient(secrets["token"], base_url=f"{_base()}/api/", timeout=LIMIT_S, retry_handlers=[])
    try:
        return client.api_call(method, **given)
    except SlackApiError as error:
        raise _trouble(str(error.response.get("error")), error.response.status_code) from None
    except (OSError, ValueError, HTTPException) as error:
        raise Unavailable(f"Slack did not answer within {LIMIT_S} s or broke off: {type(error).__name__}.") from None


def _delivered(address: str, body: Mapping[str, Any], over: tuple[str, ...] = ()) -> None:
    """Hand something to one of Slack's addresses; its words for “over” are no trouble."""
    client = WebhookClient(address, timeout=LIMIT_S, retry_handlers=[])
    try:
        answer = client.send_dict(dict(body))
    except (OSError, ValueError, HTTPException) as error:
        raise Unavailable(f"Slack did not answer within {LIMIT_S} s or broke off: {type(error).__name__}.") from None
    if answer.status_code != 200 and not any(word in answer.body for word in over):
        raise _trouble(answer.body.strip()[:100], answer.status_code)


def _trouble(word: str, status: int) -> NousError:
    """What an error of Slack's means: the connection is gone, try later, or this message will never be taken."""
    if word in GONE:
        return Disconnected(GONE[word])
    if word in AWAY or status == 429 or status >= 500:
        return Unavailable(f"Slack cannot take it now ({word or status}).")
    return Refused(f"Slack refuses the message ({word or status}).")


def _base() -> str:
    return str(settings.NOUS.slack or "https://slack.com").rstrip("/")


def _webhooks() -> str:
    return f"{settings.NOUS.slack.rstrip('/')}/" if settings.NOUS.slack else "https://hooks.slack.com/"


def _checked(values: Mapping[str, str]) -> None:
    if "address" in values:
        if {"token", "channel"} & set(values):
            raise Refused(
                "Slack takes the address of a webhook, or a bot's token and channel; to change, remove it first."
            )
        if not values["address"].startswith(_webhooks()):
            raise Refused(f"A webhook of Slack begins with {_webhooks()}.", Place(field="address"))
    elif not {"token", "channel"} <= set(values):
        raise Refused("Slack needs a bot's token and channel, or the address of an incoming webhook.")
    elif not _CHANNEL.fullmatch(values["channel"]):
        raise Refused("The channel is given by its id, such as C0123ABCD.", Place(field="channel"))


def _tested(channel: Channel) -> str:
    name = Workspace.objects.get(pk=channel.workspace_id).name
    _posted(channel, (Part(f"Nous-Nous is connected: what {plain(name)} sends arrives here."),), "", "")
    return "Slack took a message; look for it in the channel."


KIND: Final = Kind(
    "slack",
    "Slack",
    (
        Field(
            "token",
            "Bot token",
            "From OAuth & Permissions of your Slack app; begins with xoxb-.",
            secret=True,
            needed=False,
        ),
        Field("channel", "Channel id", "At the foot of the channel's details, such as C0123ABCD.", needed=False),
        Field(
            "signing_secret", "Signing secret", "From Basic Information; buttons need it.", secret=True, needed=False
        ),
        Field(
            "address", "Or: address of an incoming webhook", "Instead of token and channel.", secret=True, needed=False
        ),
    ),
    _checked,
    _tested,
    lambda values: values.get("channel", "webhook"),
)


ASKS: Final = (
    Ask("text", kind="text", help="{person} is who it is about, {plan} a property of the event."),
    Ask("channel", needed=False, help="Which channel, if several are connected."),
    Ask("take", needed=False, help="A button by which somebody takes it on, such as “I take it”."),
    Ask("link", needed=False),
    Ask("link_text", needed=False),
)
ACTION: Final = Action(send, check, personal=False, label="Post in Slack", asks=ASKS)
