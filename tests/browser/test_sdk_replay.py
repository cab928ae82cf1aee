"""Recordings by our script: a customer of a real shop in a real browser, and what leaves that browser of it."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route
from tests.browser.house import House
from tests.browser.shops import Shop, shop_of, stored, visitor

PARTS = "capture,vitals,replay"
INPUT, CUSTOM, FULL = 5, 5, 2


@pytest.fixture(scope="module")
def shop(house: House) -> Iterator[Shop]:
    """A shop that records, once somebody allows it."""
    with shop_of(house) as opened:
        house.nous("browsers", "set", "--parts", PARTS, "--workspace", opened.workspace)
        house.nous("person", "need-consent", "replays", "--workspace", opened.workspace)
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = visitor(browser)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


class Chunks(list[dict[str, Any]]):
    """What browsers of a context sent of recordings, in their order; what is sent again at the last moment once."""

    def __init__(self, context: BrowserContext) -> None:
        super().__init__()
        self.sent: list[str] = []
        context.on("request", self._sent)

    def _sent(self, request: Request) -> None:
        if "/v1/replay" in request.url and (body := request.post_data_buffer):
            chunk = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
            if chunk["chunkId"] not in self.sent:
                self.append(chunk)
            self.sent.append(chunk["chunkId"])

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for chunk in self for event in chunk["events"]]

    def wait(self, page: Page, count: int = 1) -> None:
        for _ in range(60):
            if len(self) >= count:
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"only {len(self)} pieces came")


def allowed(page: Page, shop: Shop, path: str = "/recorded.html") -> None:
    """Open a page as somebody who allows recordings, and wait until it is recorded."""
    with page.expect_response(lambda answer: "/sdk/replay-" in answer.url):
        page.goto(shop.address + path)
        page.wait_for_function("!!window.nous?.track")
        page.evaluate("nous.consent({ analytics: true, replays: true })")
    page.wait_for_timeout(100)


def leave(page: Page) -> None:
    """Turn to another tab: what waits is sent. (Playwright does not see what is sent while a page is closed.)"""
    page.evaluate(
        """() => {
          Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_timeout(300)


def nodes(event: dict[str, Any]) -> list[dict[str, Any]]:
    waiting, found = [event["data"]["node"]], []
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += one.get("childNodes", [])
    return found


def by_id(event: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in nodes(event) if one.get("attributes", {}).get("id") == name)


def text_of(node: dict[str, Any]) -> str:
    return str(node["childNodes"][0]["textContent"])


def test_who_was_not_asked_or_says_no_is_not_recorded(context: BrowserContext, page: Page, shop: Shop) -> None:
    chunks, scripts = Chunks(context), []
    page.on("request", lambda request: scripts.append(request.url))
    page.goto(shop.address + "/recorded.html")
    page.wait_for_function("!!window.nous?.track")
    page.wait_for_timeout(500)
    assert not [one for one in scripts if "replay-" in one]
    page.evaluate("nous.consent({ replays: true })")
    page.wait_for_timeout(500)
    page.evaluate("nous.consent({ replays: false })")
    page.click("#plain")
    leave(page)
    assert chunks == []
    assert not [one for one in stored(page) if "replay" in one]


def test_privacy_asked_by_the_browser_means_no_recording_whatever_a_page_says(browser: Browser, shop: Shop) -> None:
    context = visitor(browser)
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    chunks, page = Chunks(context), context.new_page()
    page.goto(shop.address + "/recorded.html")
    page.wait_for_function("!!window.nous?.track")
    page.evaluate("nous.consent({ analytics: true, replays: true })")
    page.wait_for_timeout(500)
    leave(page)
    assert chunks == []
    context.close()


def test_texts_and_inputs_are_stars_unless_the_page_shows_them(context: BrowserContext, page: Page, shop: Shop) -> None:
    chunks = Chunks(context)
    allowed(page, shop)
    page.fill("#typed", "Ada")
    page.fill("#open", "size 38")
    page.fill("#secret", "hunter2")
    page.evaluate("document.getElementById('root').shadowRoot.append('Late words')")
    page.evaluate("document.getElementById('plain').firstChild.data = 'Changed words'")
    page.wait_for_timeout(200)
    leave(page)
    full = next(event for event in chunks.events if event["type"] == FULL)
    assert text_of(by_id(full, "plain")) == "***** *****"
    assert text_of(by_id(full, "shown")) == "Deal of the week, ask [email]"
    hidden = next(one for one in nodes(full) if one.get("attributes", {}).get("class") == "own")
    assert hidden["childNodes"] == []
    assert set(hidden["attributes"]) == {"class", "rr_width", "rr_height"}
    picture = by_id(full, "picture")["attributes"]
    assert (picture["alt"], picture["src"][:14], picture["rr_width"]) == ("* ******", "data:image/gif", "40px")
    typed = [event["data"]["text"] for event in chunks.events if event["data"].get("source") == INPUT]
    assert typed == ["***", "size 38", "********"]
    everything = json.dumps(chunks)
    for words in ("Late", "Changed", "hunter", "Quiet", "Kept away", "Say it"):
        assert words not in everything, words


def test_styles_come_along_and_nothing_has_to_be_fetched(context: BrowserContext, page: Page, shop: Shop) -> None:
    chunks = Chunks(context)
    allowed(page, shop)
    leave(page)
    full = next(event for event in chunks.events if event["type"] == FULL)
    styles = [str(one["attributes"]["_cssText"]) for one in nodes(full) if "_cssText" in one.get("attributes", {})]
    assert any("inline-block" in style for style in styles)
    assert any('content: "*** **"' in style for style in styles)
    assert "http" not in json.dumps([one.get("attributes") for one in nodes(full) if one.get("tagName") != "a"])


def test_a_tab_goes_on_over_pages_and_drawn_pages_are_screens(context: BrowserContext, page: Page, shop: Shop) -> None:
    chunks, other = Chunks(context), context.new_page()
    allowed(page, shop)
    page.evaluate("history.pushState({}, '', '/drawn/ada@example.org')")
    page.click("#plain")
    page.goto(shop.address + "/two.html")
    page.wait_for_timeout(500)
    other.goto(shop.address + "/two.html")
    other.wait_for_timeout(500)
    leave(page)
    leave(other)
    tabs = list(dict.fromkeys(one["windowId"] for one in chunks))
    first, second = ([one for one in chunks if one["windowId"] == tab] for tab in tabs)
    assert [one["sequence"] for one in first] == list(range(len(first)))
    assert [one["screen"] for one in first] == ["/recorded.html", "/drawn/[email]", "/two.html"]
    assert [one["screen"] for one in second] == ["/two.html"]
    assert len({one["sessionId"] for one in chunks}) == 1
    custom = [event["data"] for event in first[1]["events"] if event["type"] == CUSTOM]
    assert custom == [{"tag": "screen", "payload": {"screen": "/drawn/[email]"}}]
    starts = [event for chunk in (first[0], first[2], second[0]) for event in chunk["events"] if event["type"] == FULL]
    assert len(starts) == 3


def test_half_an_hour_of_silence_ends_a_recording_and_the_next_begins_whole(
    context: BrowserContext, page: Page, shop: Shop
) -> None:
    chunks = Chunks(context)
    allowed(page, shop)
    page.clock.install()
    page.goto(shop.address + "/recorded.html")
    page.wait_for_function("!!window.nous?.track")
    page.wait_for_timeout(500)
    page.clock.fast_forward("31:00")
    page.evaluate("document.getElementById('plain').textContent = 'Nobody is there'")
    page.clock.run_for(6000)
    page.mouse.click(5, 5)
    page.clock.run_for(6000)
    leave(page)
    sessions = list(dict.fromkeys(one["sessionId"] for one in chunks))
    assert len(sessions) == 2
    begun = [event for chunk in chunks if chunk["sessionId"] == sessions[1] for event in chunk["events"]]
    assert [event["type"] for event in begun[:2]] == [4, FULL]


def test_what_a_busy_server_refuses_or_a_lost_line_holds_back_arrives_later(
    context: BrowserContext, page: Page, shop: Shop
) -> None:
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(json.loads(gzip.decompress(route.request.post_data_buffer or b""))["chunkId"])
        route.fulfill(status=503, headers={"Retry-After": "1", "Access-Control-Allow-Origin": "*"})

    page.route("**/v1/replay**", refuse)
    chunks = Chunks(context)
    allowed(page, shop)
    page.evaluate("history.pushState({}, '', '/drawn')")
    page.click("#plain")
    chunks.wait(page, 2)
    assert chunks.sent[:2] == refused * 2
    context.set_offline(True)
    page.evaluate("history.pushState({}, '', '/offline')")
    page.click("#plain")
    page.wait_for_timeout(300)
    page.evaluate("history.pushState({}, '', '/later')")
    page.click("#plain")
    page.wait_for_timeout(300)
    context.set_offline(False)
    page.wait_for_timeout(300)
    leave(page)
    sequences = list(dict.fromkeys(one["sequence"] for one in chunks))
    assert sequences == list(range(len(sequences)))
    assert {"/offline", "/later"} <= {one["screen"] for one in chunks}


def test_a_frame_is_part_of_its_page_and_one_from_elsewhere_stays_apart(
    context: BrowserContext, page: Page, shop: Shop
) -> None:
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    chunks = Chunks(context)
    allowed(page, shop)
    page.evaluate(
        """([own, other]) => {
          for (const src of [own, other]) {
            const frame = document.createElement("iframe");
            frame.src = src;
            document.body.append(frame);
          }
        }""",
        ["/two.html", shop.address.replace("127.0.0.1", "localhost") + "/two.html"],
    )
    page.wait_for_timeout(1000)
    page.frames[1].evaluate("document.body.append('Inner words')")
    page.wait_for_timeout(200)
    leave(page)
    attached = [event for event in chunks.events if event["data"].get("isAttachIframe")]
    assert len(attached) == 1
    changes = [one for event in chunks.events for one in event["data"].get("attributes", [])]
    assert [one["attributes"] for one in changes if "rr_src" in one["attributes"]] == [{"rr_src": ""}]
    assert "localhost" not in json.dumps(chunks)
    assert "Inner" not in json.dumps(chunks)
    assert len({one["windowId"] for one in chunks}) == 1
    assert heard == []


def test_text_is_shown_where_the_workspace_says_so_and_what_is_typed_is_not(
    context: BrowserContext, page: Page, house: House
) -> None:
    with shop_of(house) as other:
        house.nous("browsers", "set", "--parts", "replay", "--show-text", "--workspace", other.workspace)
        chunks = Chunks(context)
        with page.expect_response(lambda answer: "/sdk/replay-" in answer.url):
            page.goto(other.address + "/recorded.html")
        page.wait_for_timeout(100)
        page.fill("#typed", "Ada")
        leave(page)
        full = next(event for event in chunks.events if event["type"] == FULL)
        assert text_of(by_id(full, "plain")) == "Quiet words"
        assert by_id(full, "picture")["attributes"]["alt"] == "A likely"
        typed = [event["data"]["text"] for event in chunks.events if event["data"].get("source") == INPUT]
        assert typed == ["***"]


def test_a_session_outside_of_the_share_is_not_recorded(context: BrowserContext, page: Page, shop: Shop) -> None:
    def without(route: Route) -> None:
        told = route.fetch().json()
        assert told["replay"] == {"share": 1.0, "consent": True, "text": False}
        route.fulfill(json={**told, "replay": {**told["replay"], "share": 0.0}})

    page.route("**/v1/config/*", without)
    chunks = Chunks(context)
    page.goto(shop.address + "/recorded.html")
    page.wait_for_function("!!window.nous?.track")
    page.evaluate("nous.consent({ analytics: true, replays: true })")
    page.wait_for_timeout(300)
    leave(page)
    assert chunks == []
