"""A message that a play left, on a customer's page in a real browser: seen once, closed by a key, without barriers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.eyes import violations
from tests.browser.house import House
from tests.browser.shops import Shop, anonymous_id, shop_of, visitor


@pytest.fixture(scope="module")
def shop(house: House) -> Iterator[Shop]:
    with shop_of(house) as opened:
        leave(opened, "somebody else")
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = visitor(browser)
    yield context.new_page()
    context.close()


def leave(shop: Shop, browser: str) -> None:
    script = f"""
from nousnous.facts.plays import Firing
from nousnous.people.identity import anonymous_key
from nousnous.plays.channels.in_page import ACTION
from nousnous.workspaces.models import Workspace
workspace = Workspace.objects.get(slug="{shop.workspace}")
said = {{"title": "One step is left", "text": "It takes a minute."}}
said |= {{"button": "Go on", "address": "{shop.address}/next"}}
keys = (anonymous_key(workspace, "{browser}"),)
ACTION.perform(Firing(workspace.id, "step", "fire-{browser}", keys, "ada", 1, {{}}, said))"""
    shop.house.nous("shell", "--no-imports", "--command", script)


def test_a_message_is_shown_once_to_the_browser_that_it_was_left_for(page: Page, shop: Shop) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/m/ask/")) as asked:
        page.goto(f"{shop.address}/index.html")
    assert asked.value.status == 204
    leave(shop, anonymous_id(page))
    page.reload()
    page.wait_for_timeout(300)
    box = page.get_by_role("dialog", name="One step is left")
    expect(box).to_have_count(0)  # asked less than a minute ago
    before = set(violations(page))
    page.evaluate("localStorage.removeItem('nous_message_asked')")
    page.reload()
    expect(box).to_be_visible()
    assert box.get_by_role("link", name="Go on").get_attribute("href") == f"{shop.address}/next"
    assert set(violations(page)) <= before
    page.set_viewport_size({"width": 320, "height": 480})
    placed = box.bounding_box()
    assert placed
    assert (placed["x"] >= 0, placed["x"] + placed["width"] <= 320) == (True, True)
    box.get_by_role("link", name="Go on").focus()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    page.evaluate("localStorage.removeItem('nous_message_asked')")
    with page.expect_response(lambda answer: answer.url.endswith("/m/ask/")) as again:
        page.reload()
    assert again.value.status == 204
