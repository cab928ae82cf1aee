"""A whole rescue in a browser: from an event to Slack, to a call, to a customer who says that it helped.

The installation's clock runs sixty times as fast (`NOUS_CLOCK`): half an hour is over in thirty seconds.
"""

import base64
import hashlib
import hmac
import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.house import House, chromium, environment_of, free_port, served
from tests.capabilities.cases.planted import ROTA
from tests.mails import Inbox, mail_server
from tests.plays.channels.conftest import Other, other  # noqa: F401  # fixtures
from tests.plays.channels.test_slack import pressed
from tests.records import ready

from nousnous.base import clock

PATIENCE_S = 60
KEY = "rescue-write-key"
GRACE, LINUS = "grace@shop.example", "linus@shop.example"
PLAY = """
[play]
id = "rescue"
name = "Call whose payment failed"
[trigger]
event = "Payment Failed"
[holdout]
share = 0.0
[[do]]
action = "open_case"
said = "could not pay for {item}"
offer = "A credit for the inconvenience we may have caused."
"""
SURVEY = {
    "id": "recovery",
    "name": "After the call",
    "questions": [{"id": "q", "kind": "csat", "text": "Did we make it good?"}],
}


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    with mail_server(settings) as inbox:
        yield inbox


@pytest.fixture
def shop(tmp_path: Path, other: Other, inbox: Inbox, settings: Any) -> Iterator[House]:  # noqa: F811  # a fixture
    """A shop whose Slack and mail are the test's, with two people who call and a play that opens cases."""
    told = {
        "NOUS_CLOCK": f"60@{clock.real().isoformat()}",
        "NOUS_SLACK": other.url,
        "NOUS_PRIVATE_ADDRESSES": "1",
        "NOUS_MAIL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
    }
    environment = environment_of(ready(tmp_path / "home"), free_port(), **told)
    house = House(environment["NOUS_ADDRESS"], environment, {"workspace": "shop"})
    house.nous("workspace", "create", "shop")
    for email in (GRACE, LINUS):
        house.nous("member", "add", email, "--role", "admin", "--workspace", "shop")
    slack = ("token=xoxb-quokka", "channel=C123", "signing_secret=signed-quokka")
    sets = [word for one in slack for word in ("--set", one)]
    house.nous("channel", "add", "slack", "war-room", *sets, "--workspace", "shop")
    for name, text in (("play.toml", PLAY), ("recovery.json", json.dumps(SURVEY))):
        (tmp_path / name).write_text(text)
    house.nous("survey", "apply", str(tmp_path / "recovery.json"), "--publish", "--workspace", "shop")
    house.things["play"] = str(tmp_path / "play.toml")
    house.nous("key", "create", "--key", KEY, "--workspace", "shop")
    with served(house):
        yield house


def test_a_rescue_from_the_event_to_the_customer_who_says_that_it_helped(
    shop: House,
    other: Other,  # noqa: F811  # a fixture
    inbox: Inbox,
) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(shop.sign_in_address(GRACE))
        writes_the_rota(shop, page)
        shop.nous("import", "events", earlier(shop), "--workspace", "shop")
        shop.nous("play", "apply", shop.things["play"], "--workspace", "shop")
        shop.nous("play", "on", "rescue", "--workspace", "shop")
        fails_to_pay(shop, "cas@example.org")  # warms what is loaded once
        until(lambda: len(other.kept) == 1)
        began = time.monotonic()
        fails_to_pay(shop, "ada@example.org")
        until(lambda: any("ada@example.org" in one["text"] for one in other.kept))
        print(f"from the event to the message in Slack: {time.monotonic() - began:.2f} s")  # noqa: T201
        message = next(one for one in other.kept if "ada@example.org" in one["text"])
        until(lambda: any("minutes are left" in one["text"] for one in under(other, message)))
        press(shop, other, message, "linus")
        until(lambda: bool(other.answers))
        assert other.answers[0]["text"] == "linus calls."
        linus = browser.new_context().new_page()
        linus.goto(shop.sign_in_address(LINUS))
        closes_the_case(shop, linus)
        until(lambda: bool(inbox.mails))
        answers_the_survey(inbox, browser.new_context().new_page())
        linus.goto(f"{shop.workspace}/cases/closed/")
        assert "One case is closed" in linus.inner_text("h1")
        assert "Card was refused" in linus.inner_text("#causes >> xpath=ancestor::section")
    assert not any("ada@example.org" in one["text"] and "Nobody called" in one["text"] for one in other.kept)


def writes_the_rota(shop: House, page: Any) -> None:
    page.goto(f"{shop.workspace}/cases/")
    page.click("text=Write a rota")
    text = ROTA.format(name="Paramedics", email=GRACE, more='slack = "war-room"\nsurvey = "recovery"')
    page.fill("#text", f'{text}\n[[member]]\nemail = "{LINUS}"\n')
    page.click("text=Keep it")
    assert page.inner_text("h1") == "Nobody waits for a call"
    page.goto(f"{shop.workspace}/channels/war-room/")
    found = re.search(rf"{shop.address}/slack/\w+/", page.content())
    assert found
    shop.things["press"] = found[0]


def earlier(shop: House) -> str:
    """A play waits for events that came before."""
    file = Path(shop.environment["NOUS_HOME"]) / "earlier.csv"
    file.write_text("user_id,event,timestamp,item\nzoe,Payment Failed,2026-01-05T10:00:00Z,a bag\n")
    return str(file)


def fails_to_pay(shop: House, person: str) -> None:
    body = {"userId": person, "event": "Payment Failed", "properties": {"item": "a bag"}, "messageId": f"m-{person}"}
    login = base64.b64encode(f"{KEY}:".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{shop.address}/v1/track", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def press(shop: House, other: Other, message: dict[str, Any], member: str) -> None:  # noqa: F811  # a fixture
    """What Slack sends, signed by the time that it is there."""
    body, stamp = pressed(other, message, member), str(int(time.time()))
    digest = hmac.new(b"signed-quokka", b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    request = urllib.request.Request(shop.things["press"], body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def closes_the_case(shop: House, page: Any) -> None:
    page.goto(f"{shop.workspace}/cases/")
    page.click("text=ada@example.org")
    assert "could not pay for a bag" in page.inner_text("h1")
    assert "A credit for the inconvenience we may have caused." in page.inner_text("main")
    page.fill("[name=cause]", "Card was refused")
    page.check("[name=resolved][value=yes]")
    page.click("text=Close the case")


def answers_the_survey(inbox: Inbox, page: Any) -> None:
    words = inbox.mails[0].get_body(("plain",)).get_content().split()  # type: ignore[union-attr]  # it has a text
    page.goto(next(word for word in words if "/s/" in word))
    page.check("[value='5']", force=True)
    page.click("button[type=submit]")


def under(other: Other, message: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: F811  # a fixture
    return [one for one in other.kept if one.get("thread_ts") == message["ts"]]


def until(happened: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until_s, "it did not happen in time"
        time.sleep(0.05)
