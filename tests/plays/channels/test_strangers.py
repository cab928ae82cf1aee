"""What an event says may be anything: it makes no header, calls nobody, and leads to no other host."""

from urllib.parse import urlsplit

import pytest
from tests.hostile import EVIL, HEADERS, MARKUP, grown
from tests.mails import Inbox
from tests.plays.channels.conftest import Connected, Other
from tests.plays.channels.test_trackers import TEXTS, TITLES, handed_over, perform
from tests.plays.conftest import WELCOME, Did, Standing

from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
SAID = HEADERS + MARKUP
CALLS = "<!channel> <@U1> <https://evil.example|our site> @here https://evil.example"
RAGE = """
[play]
id = "rage"
name = "Tell us who rages"
[trigger]
event = "Signed Up"
[holdout]
share = 0.0
[[do]]
action = "slack"
text = "{said}"
link = "https://shop.example/{said}"
"""


def test_a_mail_has_the_headers_and_the_elements_that_we_gave_it(standing: Standing, did: Did, inbox: Inbox) -> None:
    play = WELCOME
    for line in WELCOME.splitlines():
        name = line.partition(" = ")[0]
        if name in {"subject", "text", "button"}:
            play = play.replace(line, f'{name} = "Hello {{said}}"')
    standing(play.replace("https://shop.example/go-on", "https://shop.example/{said}?q={said}"))
    did("Signed Up", said=SAID)
    (mail,) = inbox.mails
    assert (mail["Bcc"], mail["To"], mail["Subject"][:13]) == (None, "ada@example.org", "Hello x Bcc: ")
    assert mail["Subject"].count("\n") == 0
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]  # there is one, or this fails
    assert grown(page) == []
    assert "&lt;svg/onload" in page


def test_a_slack_message_calls_nobody_and_links_to_nobody_elsewhere(
    standing: Standing, did: Did, other: Other, connected: Connected
) -> None:
    connected("slack")
    standing(RAGE)
    did("Signed Up", said=CALLS)
    (message,) = other.kept
    section = message["blocks"][0]
    assert "<" not in section["text"]["text"] + message["text"]
    assert section["text"]["verbatim"], "Slack makes no link or call of plain text"
    assert not (message["unfurl_links"])
    assert not (message["unfurl_media"])
    assert not (message["link_names"])
    assert urlsplit(section["accessory"]["url"]).hostname == "shop.example"


@handed_over
def test_an_issue_mentions_nobody_and_shows_no_picture_of_others(
    kind: str, workspace: Workspace, other: Other, connected: Connected
) -> None:
    connected(kind)
    perform(
        kind, workspace, text="Seen by {plan}", links=["https://shop.example/r/{plan}"], plan=f"@all ![x](//{EVIL})"
    )
    (made,) = other.kept
    assert "@all" not in made[TEXTS[kind]]
    assert "![" not in made[TEXTS[kind]]
    assert f"https://shop.example/r/%40all%20%21%5Bx%5D%28//{EVIL}%29" in made[TEXTS[kind]]
    assert "\n" not in made[TITLES[kind]]
