"""Push messages: sent to the browsers that a person let tell them something, by the push service of each browser.

A message is encrypted for its browser (RFC 8291) and signed by the key of the workspace (VAPID, RFC 8292): the service
in between reads nothing. Services are named by browsers, so they are called as any other server of others is.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02, VapidException

from nousnous.base import clock
from nousnous.base.errors import Forbidden, Missing, Place, Refused, Unavailable
from nousnous.base.mentions import Mentions
from nousnous.facts.plays import Firing, Outcome
from nousnous.people.actions.consents import refused_for
from nousnous.people.identity import anonymous_key
from nousnous.plays.channels import outward
from nousnous.plays.channels.actions import channel_for, sent_once
from nousnous.plays.channels.filling import addressed, filled, leads_somewhere, sound
from nousnous.plays.channels.kinds import Field, Kind
from nousnous.plays.channels.models import Channel, PushSubscription
from nousnous.plays.registry import Action, Ask
from nousnous.workspaces.browsers import tell_browsers
from nousnous.workspaces.models import Workspace, WriteKey

PURPOSE: Final = "contact"
PART: Final = "push"
PARAMETERS: Final = {"title": True, "text": True, "address": False}
TTL_S: Final = 24 * 60 * 60
"""How long a service keeps a message for a browser that is away."""
SIGNED_S: Final = 12 * 60 * 60
MOST_BROWSERS: Final = 20
MOST_ADDRESS: Final = 2_000
RECORD: Final = 4096
GONE: Final = {404, 410}


def check(parameters: Mapping[str, Any]) -> None:
    """A push message has a title and a text, and may lead somewhere."""
    sound("A push message", PARAMETERS, parameters)
    if parameters.get("address"):
        leads_somewhere("A push message", parameters["address"], "address")


def send(firing: Firing) -> Outcome:
    """Send it to every browser of the person; one that takes none any more is forgotten."""
    workspace = Workspace.objects.get(pk=firing.workspace_id)
    channel = channel_for(workspace.id, "push", "")
    browsers = list(PushSubscription.objects.of_people(workspace, firing.identity_keys)[:MOST_BROWSERS])
    asked = firing.parameters
    said = {name: filled(str(asked.get(name, "")), firing.details) for name in PARAMETERS}
    if asked.get("address"):
        said["address"] = addressed(str(asked["address"]), firing.details)
    told = json.dumps({**said, "tag": firing.key}, ensure_ascii=False).encode()[: RECORD - 200]
    reached = sum(_reaches(channel, one, told, f"{firing.key}-{one.pk}") for one in browsers)
    if not reached:
        raise Refused("No browser of theirs takes push messages.")
    return Outcome(f"Sent to {reached} {'browser' if reached == 1 else 'browsers'}.", firing.key)


def subscribe(key: str, anonymous_id: str, subscription: Mapping[str, Any]) -> None:
    """Keep that a browser takes push messages; asked again, it belongs to who uses it now."""
    found = WriteKey.objects.valid().select_related("workspace").filter(key=key).first()
    if found is None or not Channel.objects.of_kind(found.workspace_id, "push").exists():
        raise Missing("Nothing is pushed here.")
    endpoint, keys = str(subscription.get("endpoint", "")), subscription.get("keys") or {}
    if len(endpoint) > MOST_ADDRESS or not isinstance(keys, Mapping):
        raise Refused("This is no subscription to push messages.")
    outward.checked(endpoint)
    public, secret = str(keys.get("p256dh", "")), str(keys.get("auth", ""))
    if len(_bytes(public)) != 65 or len(_bytes(secret)) != 16:
        raise Refused("The keys of the subscription are none.")
    identity = anonymous_key(found.workspace, anonymous_id)
    if refused_for(found.workspace_id, PURPOSE, [identity]):
        raise Forbidden("They did not allow being written to.")
    kept = {"identity_key": identity, "public_key": public, "secret": secret, "made_at": clock.now()}
    PushSubscription.objects.update_or_create(workspace=found.workspace, endpoint=endpoint, defaults=kept)


def tell_subscriptions(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[dict[str, Any]]]:
    """Which browsers of a person take push messages, for their export."""
    rows = PushSubscription.objects.of_people(workspace, identity_keys)
    return {"push_subscriptions": [one.as_dict() for one in rows]}


def erase_subscriptions(workspace: Workspace, identity_keys: Iterable[int], _: Mentions) -> int:
    """Forget the browsers of a person."""
    return PushSubscription.objects.of_people(workspace, identity_keys).delete()[0]


def public_key_of(channel: Channel) -> str:
    """What browsers must know to subscribe: the key by which push services know the workspace."""
    found = _vapid(channel.secrets["private_key"]).public_key
    return _text(found.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _reaches(channel: Channel, browser: PushSubscription, told: bytes, key: str) -> bool:
    try:
        sent_once(channel, key, lambda _before: "", lambda: _pushed(channel, browser, told, key))
    except Missing:
        PushSubscription.objects.filter(pk=browser.pk).delete()
        return False
    return True


def _pushed(channel: Channel, browser: PushSubscription, told: bytes, key: str) -> str:
    parts, now_s = urlsplit(browser.endpoint), int(clock.real().timestamp())
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": channel.told["contact"], "exp": now_s + SIGNED_S}
    headers = {
        **_vapid(channel.secrets["private_key"]).sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_S),
        # a service that has the message of this topic already puts the same one in its place
        "Topic": _text(hashlib.sha256(key.encode()).digest()[:24]),
    }
    answer = outward.call("POST", browser.endpoint, _encrypted(browser, told), headers)
    if answer.status in GONE:
        raise Missing("This browser takes nothing any more.")
    if answer.status == 429 or answer.status >= 500:
        raise Unavailable(f"{parts.hostname} cannot take it now ({answer.status}).")
    if answer.status in {401, 403}:
        raise outward.Disconnected(f"{parts.hostname} does not know the key of this workspace ({answer.status}).")
    if answer.status >= 400:
        raise Refused(f"{parts.hostname} refuses the message ({answer.status}).")
    return key


def _encrypted(browser: PushSubscription, told: bytes) -> bytes:
    own, salt = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    keys = {"private_key": own, "dh": _bytes(browser.public_key), "auth_secret": _bytes(browser.secret)}
    found: bytes = http_ece.encrypt(told, salt=salt, rs=RECORD, version="aes128gcm", **keys)
    return found


def _vapid(private_key: str) -> Any:
    return Vapid02.from_raw(private_key.encode())


def _made() -> dict[str, str]:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return {"private_key": _text(number.to_bytes(32, "big"))}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _checked(values: Mapping[str, str]) -> None:
    if not values["contact"].startswith(("mailto:", "https://")):
        raise Refused("It is mailto:somebody@example.com, or an address https://…", Place(field="contact"))
    try:
        _vapid(values["private_key"])
    except (VapidException, ValueError):
        raise Refused("A key is 32 bytes in base64; left empty, one is made.", Place(field="private_key")) from None


def _tested(channel: Channel) -> str:
    count = PushSubscription.objects.filter(workspace=channel.workspace_id).count()
    if not count:
        raise Missing("No browser takes push messages yet; put a button with data-nous-push on a page and press it.")
    return f"{count} {'browser takes' if count == 1 else 'browsers take'} push messages."


def _announce(workspace_id: str, channel: Channel | None) -> None:
    told = None
    if channel is not None:
        told = {"address": settings.NOUS.address.rstrip("/"), "key": public_key_of(channel)}
    tell_browsers(Workspace.objects.get(pk=workspace_id), PART, told)


ASKS: Final = (Ask("title"), Ask("text", kind="text"), Ask("address", needed=False, help="Where it leads."))
ACTION: Final = Action(send, check, PURPOSE, label="Send a push message", asks=ASKS)
KIND: Final = Kind(
    "push",
    "Push messages",
    (
        Field("contact", "Contact", "mailto:… or https://…: where push services turn to when something goes wrong."),
        Field("private_key", "Private key", "Left empty, one is made.", secret=True, needed=False),
    ),
    _checked,
    _tested,
    lambda values: values.get("contact", ""),
    _made,
    _announce,
)
