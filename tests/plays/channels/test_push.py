"""Push messages against a server in the place of a push service: what it gets, a browser alone can read."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from py_vapid import Vapid02

from nousnous.base.errors import Refused, Unavailable
from nousnous.base.mentions import Mentions
from nousnous.collector.capture import configuration_of
from nousnous.facts.plays import Firing
from nousnous.people.actions.consents import decide_consent
from nousnous.people.identity import anonymous_key
from nousnous.plays.channels.actions import Connection, connect, remove_channel
from nousnous.plays.channels.models import Channel, PushSubscription
from nousnous.plays.channels.outward import Disconnected
from nousnous.plays.channels.push import ACTION, erase_subscriptions, public_key_of, tell_subscriptions
from nousnous.workspaces.models import Workspace, WriteKey

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {"title": "Your room is ready, {name}", "text": "Come up.", "address": "https://shop.example/room"}


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Service:
    """What a push service took in, by topic; `answers` what it says next, 201 after that."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@dataclass
class Phone:
    """A browser with its keys."""

    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    def subscription(self, endpoint: str) -> dict[str, Any]:
        public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": endpoint, "keys": {"p256dh": text(public), "auth": text(self.secret)}}

    def read(self, body: bytes) -> dict[str, str]:
        told = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, str] = json.loads(told)
        return found


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = found.answers.pop(0) if found.answers else 201
            if status == 201:
                found.taken.append((dict(self.headers), body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.NOUS = replace(settings.NOUS, private_addresses=True)
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def channel(workspace: Workspace) -> Channel:
    WriteKey.objects.create(workspace=workspace, key="wk")
    return connect(workspace, Connection("push", "browsers", {"contact": "mailto:it@shop.example"}), "test")


def subscribe(subscription: object, browser: str = "phone", key: str = "wk") -> int:
    body = json.dumps({"key": key, "anonymousId": browser, "subscription": subscription})
    answer = Client().post("/m/push/", body, content_type="text/plain;charset=UTF-8")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.status_code


def send(workspace: Workspace, *browsers: str, key: str = "fire_1-0") -> str:
    keys = tuple(anonymous_key(workspace, one) for one in browsers)
    return ACTION.perform(Firing(workspace.id, "room", key, keys, "ada", 1, {"name": "Ada"}, SAID)).said


def test_a_browser_that_was_let_in_reads_what_the_service_cannot(
    workspace: Workspace, channel: Channel, service: Service
) -> None:
    phone = Phone()
    assert subscribe(phone.subscription(f"{service.url}/one")) == 204
    assert send(workspace, "phone") == "Sent to 1 browser."
    assert send(workspace, "phone") == "Sent to 1 browser."  # the same firing once more: nothing new goes out
    ((headers, body),) = service.taken
    assert phone.read(body) == {
        "title": "Your room is ready, Ada",
        "text": "Come up.",
        "address": "https://shop.example/room",
        "tag": "fire_1-0",
    }
    assert b"room" not in body
    assert (headers["TTL"], headers["Content-Encoding"], len(headers["Topic"])) == ("86400", "aes128gcm", 32)
    assert Vapid02.verify(headers["Authorization"])
    assert f"k={public_key_of(channel)}" in headers["Authorization"]


def test_a_browser_that_left_is_forgotten_and_a_busy_service_is_asked_again(
    workspace: Workspace, channel: Channel, service: Service
) -> None:
    for name in ("one", "two"):
        subscribe(Phone().subscription(f"{service.url}/{name}"), name)
    service.answers = [410]
    assert send(workspace, "one", "two") == "Sent to 1 browser."
    assert PushSubscription.objects.count() == 1
    service.answers = [503]
    with pytest.raises(Unavailable):
        send(workspace, "two", key="fire_2-0")
    assert send(workspace, "two", key="fire_2-0") == "Sent to 1 browser."
    service.answers = [403]
    with pytest.raises(Disconnected, match="does not know the key"):
        send(workspace, "two", key="fire_3-0")
    with pytest.raises(Refused, match="No browser of theirs takes push messages"):
        send(workspace, "three")


def test_browsers_hear_of_the_key_while_a_channel_stands(workspace: Workspace, channel: Channel) -> None:
    told = configuration_of(workspace.browsers.parts)
    assert told["push"] == {"address": "http://localhost:8000", "key": public_key_of(channel)}
    assert "push" in told["parts"]
    again = connect(workspace, Connection("push", "browsers", {"contact": "mailto:cx@shop.example"}), "test")
    assert public_key_of(again) == public_key_of(channel)  # browsers know us by it
    remove_channel(workspace, "browsers", "test")
    workspace.browsers.refresh_from_db()
    assert "push" not in configuration_of(workspace.browsers.parts)
    assert subscribe(Phone().subscription("https://push.example/x")) == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "ftp://push.example", "keys": {}},
        {"endpoint": "https://push.example/x", "keys": {"p256dh": "short", "auth": "short"}},
        {"endpoint": "https://push.example/x", "keys": "none"},
        {"endpoint": "https://push.example/" + "x" * 2_000},
    ],
)
def test_what_is_no_subscription_is_refused(channel: Channel, wrong: dict[str, Any]) -> None:
    assert subscribe(wrong) == 422
    assert not PushSubscription.objects.exists()


def test_who_denied_to_be_written_to_is_not_let_in_and_who_leaves_takes_it_along(
    workspace: Workspace, channel: Channel, service: Service
) -> None:
    subscribe(Phone().subscription(f"{service.url}/one"), "one")
    keys = [anonymous_key(workspace, "one")]
    assert len(tell_subscriptions(workspace, 0, keys)["push_subscriptions"]) == 1
    assert erase_subscriptions(workspace, keys, Mentions(["one"])) == 1
    decide_consent(workspace, "two", "contact", "denied")
    assert subscribe(Phone().subscription(f"{service.url}/two"), "two") == 403
