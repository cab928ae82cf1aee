"""Webhooks as Standard Webhooks has them: signed, under an id that is the same however often one is tried."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from nousnous.base import clock
from nousnous.base.errors import Place, Refused, Unavailable
from nousnous.facts.plays import Firing, Outcome
from nousnous.plays.channels import outward
from nousnous.plays.channels.actions import channel_for, sent_once
from nousnous.plays.channels.filling import sound
from nousnous.plays.channels.kinds import Field, Kind
from nousnous.plays.channels.models import Channel
from nousnous.plays.registry import Action, Ask

SECRET: Final = "whsec_"  # noqa: S105  # how secrets begin, and none
SECRET_BYTES: Final = range(24, 65)
FIRED: Final = "play.fired"
PARAMETERS: Final = {"channel": False, "type": False}
SOON: Final = {408, 425, 429}
"""Answers that say: later."""


def deliver(channel: Channel, kind: str, data: Mapping[str, Any], key: str) -> str:
    """Hand something to the address of a channel until it is taken, once that is known; the key is its id there."""
    return sent_once(channel, key, lambda _before: "", lambda: _delivered(channel, kind, data, key)).reference


def check(parameters: Mapping[str, Any]) -> None:
    """A webhook may name its channel and the type that its body bears."""
    sound("A webhook", PARAMETERS, parameters)


def send(firing: Firing) -> Outcome:
    """Tell what pulled the trigger: the play, the person, the moment and the properties of the event."""
    channel = channel_for(firing.workspace_id, "webhook", str(firing.parameters.get("channel", "")))
    moment = clock.from_us(firing.moment_us).isoformat()
    data = {"play": firing.play, "person": firing.person or None, "moment": moment, "properties": dict(firing.details)}
    reference = deliver(channel, str(firing.parameters.get("type", FIRED)), data, firing.key)
    return Outcome(f"Told {channel.name}.", reference)


def _delivered(channel: Channel, kind: str, data: Mapping[str, Any], key: str) -> str:
    now, secrets = clock.now(), channel.secrets
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secrets["secret"]).sign(key, now, body),
    }
    answer = outward.call("POST", secrets["address"], body.encode(), headers)
    host = urlsplit(secrets["address"]).hostname
    if answer.status in SOON or answer.status >= 500:
        raise Unavailable(f"{host} cannot take it now ({answer.status}).")
    if 300 <= answer.status < 400:
        raise outward.Disconnected(f"{host} leads elsewhere, which is not followed; give the new address.")
    if answer.status in {401, 403, 404, 410}:
        raise outward.Disconnected(f"{host} takes nothing at this address ({answer.status}); give another one.")
    if answer.status >= 400:
        raise Refused(f"{host} refuses the message ({answer.status}).")
    return key


def _checked(values: Mapping[str, str]) -> None:
    outward.checked(values["address"])
    try:
        letters = base64.b64decode(values["secret"].removeprefix(SECRET), validate=True)
    except (binascii.Error, ValueError):
        letters = b""
    if not values["secret"].startswith(SECRET) or len(letters) not in SECRET_BYTES:
        raise Refused("A secret is whsec_ and 24 to 64 bytes in base64.", Place(field="secret"))


def _tested(channel: Channel) -> str:
    _delivered(channel, "test", {}, f"test-{channel.id}-{clock.now_us()}")
    return f"{urlsplit(channel.secrets['address']).hostname} took a message of the type test."


ASKS: Final = (Ask("channel", needed=False, help="Which channel, if several are connected."), Ask("type", needed=False))
ACTION: Final = Action(send, check, personal=False, label="Tell a webhook", asks=ASKS)
KIND: Final = Kind(
    "webhook",
    "Webhook",
    (
        Field("address", "Address", "Where it is posted to; kept like a secret, for many hold one.", secret=True),
        Field(
            "secret",
            "Secret",
            "whsec_ and what openssl rand -base64 32 says. The other side checks by it.",
            secret=True,
        ),
    ),
    _checked,
    _tested,
    lambda _values: "signed",
)
