"""E-mail in the name of a workspace; whether it was opened and followed is seen only of who allowed it."""

import re

import pytest
from django.test import Client
from tests.mails import Inbox
from tests.plays.channels.conftest import Connected
from tests.plays.conftest import WELCOME, Did, Standing

from nousnous.people.actions.consents import decide_consent
from nousnous.people.actions.erasure import erase_person
from nousnous.plays.models import Firing
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
TARGET = "https://shop.example/go-on?plan=pro"
MAIL = WELCOME.replace("https://shop.example/go-on", "https://shop.example/go-on?plan={plan}")


def parts(inbox: Inbox) -> tuple[str, str]:
    text, page = (part.get_content() for part in inbox.mails[-1].walk() if part.get_content_maintype() == "text")
    return text, page


def path_of(text: str, kind: str) -> str:
    (found,) = set(re.findall(rf"/{kind}/[^/\s\"]+/", text))
    return str(found)


def test_a_mail_comes_from_the_sender_of_the_workspace(
    standing: Standing, did: Did, inbox: Inbox, connected: Connected
) -> None:
    connected("email", sender="North Shop", address="hello@north.example", reply_to="care@north.example")
    standing(WELCOME)
    did("Signed Up")
    sent = inbox.mails[0]
    assert (sent["From"], sent["Reply-To"]) == ("North Shop <hello@north.example>", "care@north.example")


def test_of_who_did_not_say_yes_nothing_is_seen(standing: Standing, did: Did, inbox: Inbox) -> None:
    standing(MAIL)
    did("Signed Up", plan="pro")
    text, page = parts(inbox)
    assert f"Go on: {TARGET}" in text
    assert not re.search(r"/[oc]/", page.replace("https://shop.example", ""))


def test_who_said_yes_is_led_on_by_our_address_and_the_firing_says_so(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace, client: Client
) -> None:
    decide_consent(workspace, "ada@example.org", "mail-tracking", "granted")
    play = standing(MAIL)
    did("Signed Up", plan="pro")
    text, page = parts(inbox)
    followed, opened = path_of(text, "c"), path_of(page, "o")
    assert (client.head(followed).status_code, client.head(opened).status_code) == (302, 200)
    assert play.firings.filter(opened_at=None, clicked_at=None).exists()
    assert client.get(opened).content[:6] == b"GIF89a"
    assert play.firings.filter(opened_at__isnull=False, clicked_at=None).exists()
    assert client.get(followed).headers["Location"] == TARGET
    assert client.get(followed[:-3] + "xx/").status_code == 422
    assert client.get(opened.replace("/o/", "/c/")).status_code == 422
    client.force_login(add_member(workspace, "ana@north.example", "analyst").user)
    assert "They followed the button on" in client.get("/w/north/plays/welcome/").content.decode()


def test_who_took_it_back_or_was_erased_is_led_on_unseen(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace, client: Client
) -> None:
    decide_consent(workspace, "ada@example.org", "mail-tracking", "granted")
    standing(MAIL)
    did("Signed Up", plan="pro")
    followed = path_of(parts(inbox)[0], "c")
    decide_consent(workspace, "ada@example.org", "mail-tracking", "revoked")
    assert client.get(followed).headers["Location"] == TARGET
    assert Firing.objects.filter(clicked_at=None).count() == Firing.objects.count() == 1
    erase_person(workspace, "ada@example.org")
    assert client.get(followed).headers["Location"] == TARGET
    assert not Firing.objects.exists()
