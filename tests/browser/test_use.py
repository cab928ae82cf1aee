"""Pages as people use them: keys, themes, filters, forms, with and without a script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.eyes import HEIGHT, PHONE, violations
from tests.browser.house import House


def test_keys_search_help_and_go(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/people/")
    page.keyboard.press("/")
    expect(page.locator("input[type=search]")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    for link in page.locator(".menu a[data-key]").all():
        assert link.get_attribute("data-key")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/settings/members/")


def test_keys_are_off_when_somebody_switches_them_off(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/people/")
    page.keyboard.press("?")
    page.locator("dialog#keys input[type=checkbox]").uncheck()
    page.keyboard.press("Escape")
    page.goto(f"{house.workspace}/gap/")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("m")
    assert page.url.endswith("/gap/")


def test_keys_wait_while_somebody_types(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/people/")
    page.locator("input[type=search]").fill("")
    page.keyboard.type("?/gm")
    assert page.locator("input[type=search]").input_value() == "?/gm"
    expect(page.locator("dialog#keys")).to_be_hidden()


def test_a_theme_stays_on_the_next_page(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/gap/")
    page.locator("#theme").select_option("dark")
    page.goto(f"{house.workspace}/beliefs/")
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_arrows_go_through_a_chart_and_its_tooltip_says_the_sentence(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/gap/")
    marks = page.locator('.chart svg[role="group"]:visible').first.locator('[role="img"]')
    marks.first.focus()
    page.keyboard.press("ArrowDown")
    expect(marks.nth(1)).to_be_focused()
    sentence = marks.nth(1).get_attribute("aria-label") or ""
    assert (page.locator(".tip").text_content() or "").replace(" ", "") == sentence.replace(": ", "", 1).replace(
        " ", ""
    )
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()


def test_words_are_set_in_our_own_type(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/gap/")
    page.evaluate("document.fonts.ready.then(() => true)")
    wire = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        wire.send(f"{domain}.enable")
    root = wire.send("DOM.getDocument")["root"]["nodeId"]
    for words in ("h1", ".lead", ".figures dd", ".chart text"):
        node = wire.send("DOM.querySelector", {"nodeId": root, "selector": words})["nodeId"]
        fonts = wire.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert fonts, words
        assert all(font["isCustomFont"] and font["familyName"].startswith("Inter") for font in fonts), words


def test_a_filter_sends_itself(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/gap/")
    choice = page.locator("form.filters select").last
    other = choice.locator("option:not([selected])").first.get_attribute("value")
    with page.expect_navigation():
        choice.select_option(other)
    assert f"={other}" in page.url


@pytest.fixture
def plain(browser: Browser, state: Any, house: House) -> Any:
    """A phone without scripts."""
    context = browser.new_context(
        storage_state=state, java_script_enabled=False, viewport={"width": PHONE, "height": HEIGHT}
    )
    yield context.new_page()
    context.close()


def test_without_a_script_filters_menu_and_forms_work(plain: Page, house: House) -> None:
    plain.goto(f"{house.workspace}/gap/")
    plain.locator("form.filters select").last.select_option(index=1)
    plain.locator("form.filters button:visible").first.click()
    assert "?" in plain.url
    plain.get_by_role("link", name="Menu", exact=True).click()
    plain.locator(".menu a", has_text="Write keys").click()
    plain.locator("input[name=label]").fill("a phone")
    plain.locator("button", has_text="Make a key").click()
    expect(plain.locator("tbody th", has_text="a phone")).to_be_visible()


def test_without_a_script_a_belief_is_written(plain: Page, house: House) -> None:
    plain.goto(f"{house.workspace}/beliefs/write/")
    plain.locator("select[name=step]").select_option(index=1)
    plain.locator("input[name=author]").fill("a team on a train")
    for name in ("value", "believed"):
        if plain.locator(f"input[name={name}]").count():
            plain.locator(f"input[name={name}]").fill("80")
    plain.locator("button", has_text="Write it down").click()
    expect(plain.locator("main")).to_contain_text("a team on a train")


def test_a_person_is_found_and_shown(page: Page, house: House) -> None:
    page.goto(f"{house.workspace}/people/")
    page.locator("input[type=search]").fill(house.things["person"])
    page.keyboard.press("Enter")
    page.locator("tbody th a").first.click()
    expect(page.locator("h1")).to_have_text(house.things["person"])
