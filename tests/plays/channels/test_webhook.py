"""Webhooks, checked on the other side by the library of Standard Webhooks."""

import socket
from datetime import timedelta

import pytest
from django.test import Client
from tests.plays.channels.conftest import WEBHOOK, Connected, Other
from tests.plays.conftest import NOW, WELCOME, Did, Standing, states

from nousnous.base import clock
from nousnous.base.errors import Refused, Unavailable
from nousnous.facts.plays import Firing
from nousnous.plays.actions.firing import retry_firing
from nousnous.plays.channels import outward
from nousnous.plays.channels.actions import Connection, connect, test_channel
from nousnous.plays.channels.outward import Disconnected
from nousnous.plays.channels.webhook import ACTION, deliver
from nousnous.runs.worker import work_all
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
try_channel = test_channel
del test_channel  # its name would make it a test


def firing(workspace: Workspace, **said: str) -> Firing:
    return Firing(workspace.id, "pay", "fire_1-0", (1,), "zoë", clock.MINUTE_US, {"page": "till"}, said)


def test_what_is_told_is_signed_and_taken_once(workspace: Workspace, other: Other, connected: Connected) -> None:
    connected("webhook")
    other.deaf = True
    with pytest.raises(Unavailable):
        ACTION.perform(firing(workspace))
    assert {ACTION.perform(firing(workspace)).reference for _ in range(2)} == {"fire_1-0"}
    (taken,) = other.kept
    assert (taken["id"], taken["type"]) == ("fire_1-0", "play.fired")
    assert taken["data"] == {
        "play": "pay",
        "person": "zoë",
        "moment": "1970-01-01T00:01:00+00:00",
        "properties": {"page": "till"},
    }
    assert len(other.asked) == 2


@pytest.mark.parametrize(
    ("status", "trouble", "stays"),
    [(410, Disconnected, True), (302, Disconnected, True), (400, Refused, False), (503, Unavailable, False)],
)
def test_what_the_other_side_says_decides_whether_it_is_tried_again(
    status: int, trouble: type[Exception], stays: bool, other: Other, connected: Connected
) -> None:
    channel = connected("webhook")
    other.busy = status
    with pytest.raises(trouble):
        deliver(channel, "credit.granted", {}, "k")
    channel.refresh_from_db()
    assert bool(channel.trouble) == stays
    other.busy = 0
    deliver(channel, "credit.granted", {}, "k")
    channel.refresh_from_db()
    assert (channel.trouble, other.kept[0]["type"]) == ("", "credit.granted")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "LIMIT_S", 0.3)


@pytest.mark.usefixtures("impatient")
def test_a_webhook_that_hangs_is_given_up_with_a_line_on_the_page_and_can_be_tried_again(
    standing: Standing, did: Did, connected: Connected, other: Other, client: Client
) -> None:
    play = standing(WELCOME[: WELCOME.index("[[do]]")] + '[[do]]\naction = "webhook"\n')
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connected("webhook", address=f"http://127.0.0.1:{silent.getsockname()[1]}/", secret=WEBHOOK)
        did("Signed Up")
        assert states(play) == [("ada", "acting")]
        for minutes in range(8):
            with clock.frozen(clock.to_us(NOW + timedelta(minutes=5 * minutes + 5))):
                work_all()
    (failed,) = play.firings.all()
    assert failed.state == "failed"
    assert failed.said.startswith("It was tried 8 times. 127.0.0.1 did not answer within 0 s or broke off")
    client.force_login(add_member(play.workspace, "owner@north.example", "owner").user)
    assert "It was tried 8 times" in client.get("/w/north/plays/welcome/").content.decode()
    connected("webhook", address=f"{other.url}/services/x", secret=WEBHOOK)
    retry_firing(play.workspace, failed.id, "test")
    work_all()
    assert states(play) == [("ada", "acted")]


def test_a_webhook_is_tried(workspace: Workspace, other: Other, connected: Connected) -> None:
    connected("webhook")
    assert try_channel(workspace, "our-webhook", "test") == "127.0.0.1 took a message of the type test."


@pytest.mark.parametrize(
    "secret", ["", "secret", "whsec_", "whsec_c2hvcnQ=", f"{WEBHOOK}!", WEBHOOK.removeprefix("whsec_")]
)
def test_a_secret_that_nobody_can_check_by_is_refused(workspace: Workspace, secret: str) -> None:
    with pytest.raises(Refused):
        connect(workspace, Connection("webhook", "w", {"address": "https://a.example/", "secret": secret}), "test")
