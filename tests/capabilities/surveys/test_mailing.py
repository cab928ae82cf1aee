"""Surveys by e-mail, through a real SMTP server."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.browser.house import free_port
from tests.capabilities.surveys.conftest import Kept, Published
from tests.capabilities.surveys.test_answering import answer
from tests.mails import Inbox, mail_server

from nousnous.base.errors import Unavailable
from nousnous.capabilities.surveys.actions.mailing import Recipient, send_survey
from nousnous.capabilities.surveys.models import Asking
from nousnous.people.actions.consents import decide_consent
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
ADA = Recipient("ada", "ada@example.org")


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    with mail_server(settings) as inbox:
        yield inbox


def test_who_gets_a_mail_votes_by_its_button_and_a_scanner_does_not(
    workspace: Workspace, published: Published, kept: Kept, inbox: Inbox
) -> None:
    published()
    assert send_survey(workspace, "after-purchase", [ADA], "test")["sent"] == 1
    (mail,) = inbox.mails
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Would you recommend us?")
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert html
    addresses = [set(re.findall(r"/s/[^\s\"]+", part.get_content())) for part in (plain, html)]
    assert addresses[0] == addresses[1]
    assert len(addresses[0]) == 11
    for address in addresses[0]:
        assert Client().get(address).status_code == 200
    assert kept() == []
    path = next(one for one in addresses[0] if one.endswith("=10"))
    answer(Client(), path, "10")
    (score,) = kept()
    assert (score["value"], score["user_id"], score["channel"]) == (10, "ada", "email")


def test_who_is_to_be_left_alone_is_left_out_and_told_why(
    workspace: Workspace, published: Published, inbox: Inbox
) -> None:
    published()
    decide_consent(workspace, "bob", "contact", "denied")
    to = [ADA, ADA, Recipient("bob", "bob@example.org"), Recipient("cid", "nowhere")]
    found = send_survey(workspace, "after-purchase", to, "test")
    whys = [one["why"] for one in found["left_out"]]
    assert found["sent"] == len(inbox.mails) == 1
    assert [re.search("left alone|written to|no e-mail", why) is not None for why in whys] == [True] * 3


def test_who_could_not_be_written_to_was_not_asked(workspace: Workspace, published: Published, settings: Any) -> None:
    published()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", free_port(), False
    with pytest.raises(Unavailable):
        send_survey(workspace, "after-purchase", [ADA], "test")
    assert not Asking.objects.exists()
