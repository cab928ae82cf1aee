"""Every page of a spoiled workspace, found by machine: no script, frame or markup of others, and nobody keeps a copy.

And whoever is of the workspace beside it finds nothing of it, by whatever route and id.

Whatever members may write and whatever a stranger with the write key may send is markup; see `spoiled`.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.browser.house import chromium
from tests.hostile import ATTRIBUTE, ELEMENT, EVIL, MARKUP, RAN, grown
from tests.site.routes import ROUTES, WORKSPACE_ROUTES, Endpoint, Route, endpoints, objects_of, two_workspaces
from tests.site.spoiled import letters_of, spoil

from nousnous.capabilities.surveys.actions.versions import survey_of
from nousnous.capabilities.workshops.models import Workshop
from nousnous.site.asgi import as_reached
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.roles import ROLES, words_of

pytestmark = pytest.mark.django_db
HOST = "http://nous.test"
OTHERS = ("/sign-in/", "/nowhere/", "/api/v1/keys", "/api/docs", "/healthz", "/account/security/")
OPEN = {"answer", "help", "read", "vote"}
INLINE = re.compile(rb'<script(?![^>]*\s(?:src=|nonce=|type="application/json"))', re.IGNORECASE)
ASKED: list[Route | Endpoint] = [*WORKSPACE_ROUTES, *endpoints()]
NAMED = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")
NO_IDS = {"form", "number"}
NOBODYS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12).map("nobodys-{}".format)
NUMBERS = st.integers(10**6, 10**9).map(str)
ABSENT = {403, 404, 405, 422}
EVERY_PAGE = "EVERY_PAGE" in os.environ
"""`make soak-strangers` opens all pages in the browser; `make test` those that show what was planted."""
SPOILED = (b"7*7", b"@acme.example")
"""Each text of the spoiled workspace holds one of them."""
GREW = f"""() => {{
  const grown = [...document.querySelectorAll("{ELEMENT}, [{ATTRIBUTE}]")].map((one) => one.outerHTML);
  return [window.{RAN}, ...grown].filter(Boolean);
}}"""


@dataclass(frozen=True)
class Answer:
    address: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def page(self) -> str:
        """The text of a page that is there; of anything else nothing."""
        html = self.status == 200 and self.headers["Content-Type"].startswith("text/html")
        return self.body.decode() if html else ""

    @property
    def shows(self) -> bool:
        """Whether it shows something that was planted, beside the name of the workspace in two places."""
        return self.page.count("nous{{7*7}}") > 2


@dataclass(frozen=True)
class Told:
    """What was answered, and the mails: subject and page."""

    answers: list[Answer]
    mails: list[tuple[str, str]]


def addresses(workspace: Workspace, things: dict[str, object]) -> Iterator[str]:
    yield from OTHERS
    for route in WORKSPACE_ROUTES:
        yield route.address(**things)
    for page, name in (("people/one", "id"), ("people", "q"), ("replays", "screen"), ("heat", "screen")):
        yield f"/w/{workspace.slug}/{page}/?{urlencode({name: MARKUP})}"
    links = {"link": survey_of(workspace, str(things["survey"])).token}
    links["vote"] = Workshop.objects.get(pk=things["workshop"]).link
    for route in ROUTES:
        if route.name in OPEN and route not in WORKSPACE_ROUTES:
            yield route.address(**things | links)


@dataclass(frozen=True)
class Neighbours:
    """A workspace in which all that may be written is markup, and one beside it."""

    spoiled: Workspace
    theirs: dict[str, object]
    own: dict[str, object]
    askers: dict[str, tuple[Client, dict[str, str]]]
    """Of the workspace beside it, by role: who is signed in, and the headers of a program with the same words."""

    def answer(self, route: Route | Endpoint, role: str, method: str, values: dict[str, str]) -> tuple[int, bytes]:
        session, token = self.askers[role]
        if isinstance(route, Endpoint):
            answer: Any = Client().generic(route.method, route.address(**values), headers=token)
        else:
            answer = session.generic(method, route.address(**values))
        return answer.status_code, repr(answer.headers).encode() + (b"" if answer.streaming else answer.content)


@pytest.fixture(scope="module")
def neighbours(django_db_setup: None, django_db_blocker: Any) -> Iterator[Neighbours]:
    with django_db_blocker.unblock(), transaction.atomic():
        acme, other = two_workspaces()
        things, own = objects_of(acme), objects_of(other)
        spoil(acme, things)
        yield Neighbours(acme, things, own, {role: _asker(other, role) for role in ROLES})
        transaction.set_rollback(True)


def _asker(workspace: Workspace, role: str) -> tuple[Client, dict[str, str]]:
    client = Client()
    client.force_login(add_member(workspace, f"{role}@{workspace.slug}.example", role).user)
    return client, {"Authorization": f"Bearer {create_token(workspace, scopes=words_of(role))[1]}"}


@pytest.fixture(scope="module")
def told(neighbours: Neighbours) -> Told:
    client, acme, things = Client(), neighbours.spoiled, neighbours.theirs
    client.force_login(add_member(acme, "ada@acme.example", "owner").user)
    answers = []
    for address in addresses(acme, things):
        answer = client.get(address)
        body = b"" if answer.streaming else answer.content
        answers.append(Answer(address, answer.status_code, dict(answer.headers), body))
    mails = [(one.subject, str(one.alternatives[0].content)) for one in letters_of(acme, things)]
    return Told(answers, mails)


@given(st.sampled_from(ASKED), st.sampled_from(list(ROLES)), st.sampled_from(["GET", "POST"]), st.data())
@hypothesis.settings(max_examples=200)
def test_what_another_has_is_as_absent_as_what_nobody_has(
    neighbours: Neighbours, route: Route | Endpoint, role: str, method: str, data: st.DataObject
) -> None:
    """Random routes with random ids, as every role, by session and by token; no word of theirs is said."""
    own = {name: str(value) for name, value in neighbours.own.items()}
    asked, nobodys = dict(own), dict(own)
    for name in sorted(set(NAMED.findall(route.template)) - NO_IDS):
        whose = data.draw(st.sampled_from(["own", "theirs", "nobodys"]), label=name)
        if whose != "own":
            theirs = str(neighbours.theirs.get(name, "0"))
            nobodys[name] = data.draw(NUMBERS if theirs.isdigit() else NOBODYS)
            asked[name] = theirs if whose == "theirs" else nobodys[name]
    foreign = asked != own
    assume(foreign or getattr(route, "method", "GET") == "GET")
    status, said = neighbours.answer(route, role, method if foreign else "GET", asked)
    assert [word for word in SPOILED if word in said] == []
    if foreign:
        assert status in ABSENT
        assert status == neighbours.answer(route, role, method, nobodys)[0]


def test_every_page_names_whose_scripts_run_and_who_may_frame_or_keep_it(told: Told) -> None:
    for one in told.answers:
        policy = dict(
            part.split(maxsplit=1) for part in one.headers["Content-Security-Policy"].split(";") if part.strip()
        )
        assert "unsafe" not in policy.get("script-src", policy["default-src"]), one.address
        assert policy["frame-ancestors"] in {"'none'", "'self'"}, one.address
        assert one.headers["X-Content-Type-Options"] == "nosniff", one.address
        assert one.headers["Referrer-Policy"] == "same-origin", one.address
        assert "no-store" in one.headers.get("Cache-Control", ""), one.address
        assert INLINE.search(one.body) is None, one.address
    assert sum(bool(one.page) for one in told.answers) > 80


def test_no_markup_grows_from_what_members_write_and_strangers_send(told: Told) -> None:
    assert {one.address: found for one in told.answers if one.page and (found := grown(one.page))} == {}
    assert sum(one.shows for one in told.answers) > 40
    assert len(grown(f'<p title="{MARKUP}">')) == 3, "where nobody escapes it, it grows"
    for subject, page in told.mails:
        assert grown(page) == []
        assert subject == " ".join(subject.split())


def test_nothing_of_it_runs_grows_or_calls_out_in_a_browser(told: Told) -> None:
    """One visit to each page that shows them: what scripts of ours make of the texts is looked at, too."""
    control = Answer("/control/", 200, {"Content-Type": "text/html"}, f'<p title="{MARKUP}">'.encode())
    known = {one.address: one for one in (control, *told.answers)}
    asked: set[str] = set()

    def answer(route: Any) -> None:
        parts = urlsplit(route.request.url)
        asked.add(f"{parts.scheme}://{parts.netloc}")
        place = f"{parts.path}?{parts.query}" if parts.query else parts.path
        static = finders.find(parts.path.removeprefix(settings.STATIC_URL)) if "/static/" in parts.path else None
        if found := known.get(place):
            route.fulfill(status=found.status, headers=found.headers, body=found.body)
        elif static and static.endswith(".js"):  # nothing of theirs is in our styles and fonts
            route.fulfill(path=static)
        else:
            route.fulfill(status=404)

    grew = {}
    with chromium() as browser:
        page = browser.new_page()
        page.route("**/*", answer)
        page.on("dialog", lambda dialog: dialog.dismiss())
        for one in known.values():
            if one.shows or one is control or (EVERY_PAGE and one.page):
                page.goto(HOST + one.address)
                if found := [more for frame in page.frames for more in frame.evaluate(GREW)]:
                    grew[one.address] = found
    assert list(grew) == [control.address], "what nobody escapes grows, and nothing else does"
    assert asked == {HOST, f"http://{EVIL}"}


def test_where_people_come_by_tls_every_answer_and_cookie_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS ends at whoever stands in front of us, so the address of the site says it, not the connection."""
    assert as_reached({"scheme": "http"}) == {"scheme": "http"}
    monkeypatch.setattr(settings, "SESSION_COOKIE_SECURE", True)
    assert as_reached({"scheme": "http"}) == {"scheme": "https"}


def test_cookies_are_ours_alone() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
