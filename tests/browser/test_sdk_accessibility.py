"""What the script finds on pages that hinder people, in a real browser, and what stands in the lake of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.house import House
from tests.browser.shops import Shop, shop_of, visitor

from nousnous.facts.barriers import elements_of, untold_of


@pytest.fixture(scope="module")
def shop(house: House) -> Iterator[Shop]:
    with shop_of(house) as opened:
        parts = ("--parts", "capture,accessibility", "--scan-share", "100")
        house.nous("browsers", "set", "--workspace", opened.workspace, *parts)
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = visitor(browser)
    yield context.new_page()
    context.close()


def scans(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    told = [one["properties"] for one in found if one["event"] == "Accessibility Scanned"]
    assert len({one["kind"] for one in told}) == len(told)
    return {one["kind"]: one for one in told}


def scanned(page: Page, shop: Shop, path: str) -> None:
    """Open a page, and wait until it was looked at."""
    page.goto(shop.address + path)
    page.wait_for_function("() => !!localStorage.getItem('nous_scanned')")


def test_barriers_are_found_by_rule_level_impact_and_place(page: Page, shop: Shop) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    scanned(page, shop, "/barriers.html")
    page.click("#send")
    kinds = shop.wait_for(page, lambda names: names.count("Accessibility Scanned") == 2)
    looked = scans(kinds)
    found = {one["rule"]: one for one in looked["page"]["violations"]}
    assert {rule: (one["level"], one["impact"], one["elements"][0]["element"]) for rule, one in found.items()} == {
        "button-name": ("A", "critical", "#nameless"),
        "color-contrast": ("AA", "serious", "#pale"),
        "image-alt": ("A", "critical", "#silent"),
    }
    assert found["image-alt"]["elements"][0]["box"][2:] == [20, 20]
    (form,) = looked["form"]["violations"]
    assert (form["rule"], form["level"], form["elements"][0]["element"]) == ("form-error-by-colour", "A", "#many")
    assert looked["page"]["width"] == page.viewport_size["width"]  # type: ignore[index]
    assert "ada.lovelace" not in json.dumps(list(looked.values()))
    assert heard == []


def test_a_page_without_barriers_is_looked_at_once_a_build_and_nothing_is_found(page: Page, shop: Shop) -> None:
    scanned(page, shop, "/plain.html")
    page.click("#send")
    page.reload()
    page.wait_for_timeout(1500)
    page.evaluate("nous.track('Looked')")
    found = shop.wait_for(page, lambda names: "Looked" in names)
    looked = scans(found)
    assert {kind: one["violations"] for kind, one in looked.items()} == {"page": []}
    assert looked["page"]["build"] == "41"


def test_no_session_outside_of_the_share_looks(page: Page, house: House) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with shop_of(house) as shop:
        parts = ("--parts", "capture,accessibility", "--scan-share", "0")
        house.nous("browsers", "set", "--workspace", shop.workspace, *parts)
        with page.expect_response(lambda answer: "/sdk/capture-" in answer.url):
            page.goto(shop.address + "/barriers.html")
        page.wait_for_timeout(500)
    assert not [address for address in asked if "/sdk/accessibility-" in address]


def test_every_element_of_hundreds_carries_its_risk_and_what_had_no_room_is_counted(page: Page, shop: Shop) -> None:
    scanned(page, shop, "/many.html")
    page.locator("#rows button").nth(271).click()
    found = shop.wait_for(page, lambda names: "Accessibility Scanned" in names and "Element Clicked" in names)
    nameless = {one["rule"]: one for one in scans(found)["page"]["violations"]}["button-name"]
    elements = elements_of(nameless)
    (clicked,) = [one["properties"]["element"] for one in found if one["event"] == "Element Clicked"]
    assert clicked == "#rows > li:nth-of-type(272) > button"
    assert {f"#rows > li:nth-of-type({place}) > button" for place in range(1, 301)} <= set(elements)
    assert (nameless["count"], len(nameless["elements"])) == (560, 10)
    assert 100 < untold_of(nameless) == 560 - len(set(elements))
