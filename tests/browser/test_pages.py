"""Every page, looked at by machine: accessibility, layout, console, charts, tab key, and without a script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.eyes import (
    DESK,
    HEIGHT,
    PHONE,
    WIDTHS,
    flaws,
    listened,
    misread_charts,
    moved_in_the_dark,
    open_folds,
    press_a_key,
    tab_troubles,
    violations,
)
from tests.browser.house import House
from tests.browser.sights import Sight, sights
from tests.site.routes import WORKSPACE_ROUTES

CALM = {"reduced_motion": "reduce"}  # a colour on its way from one theme to the other has no contrast to speak of


@pytest.fixture(scope="module")
def two(browser: Browser, state: Any) -> Iterator[dict[bool, Page]]:
    """A page of somebody who is in, and one of somebody who is not."""
    contexts = {True: browser.new_context(storage_state=state, **CALM), False: browser.new_context(**CALM)}
    yield {inside: context.new_page() for inside, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def seen(house: House, two: dict[bool, Page]) -> list[Sight]:
    return sights(house, two[True].context, two[False].context)


@pytest.fixture(scope="module")
def looked(seen: list[Sight], two: dict[bool, Page]) -> dict[str, list[str]]:
    """What there is to say against each page, seen once, by kind of trouble."""
    found: dict[str, list[str]] = {"layout": [], "console": [], "charts": [], "tab": []}
    heard = {inside: listened(page) for inside, page in two.items()}
    for sight in seen:
        page = two[sight.inside]
        heard[sight.inside].clear()
        page.goto(sight.address)
        open_folds(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        for width in WIDTHS:
            found["layout"] += [f"{sight.name} at {flaw}" for flaw in flaws(page, width)]
            if width in {DESK, PHONE}:
                found["charts"] += [f"{sight.name} at {width}: {one}" for one in misread_charts(page)]
        found["tab"] += [f"{sight.name}: {one}" for one in tab_troubles(page)]
        absent = sight.name == "missing"
        found["console"] += [f"{sight.name}: {one}" for one in heard[sight.inside] if not (absent and "404" in one)]
    return found


def test_every_address_that_shows_a_page_is_looked_at(seen: list[Sight]) -> None:
    names = {sight.name for sight in seen}
    assert {"home", "gap", "step", "beliefs", "map", "search", "show", "quarantine", "audit_log", "readiness"} <= names
    assert {"account_login", "welcome", "mfa_index", "mfa_add_webauthn", "mfa_activate_totp", "openapi-view"} <= names
    assert len(seen) > len(WORKSPACE_ROUTES) / 2


@pytest.mark.parametrize("key", [False, True], ids=["before", "after"])
def test_axe_finds_nothing_before_and_after_a_key(key: bool, seen: list[Sight], two: dict[bool, Page]) -> None:
    """In both themes: what is no matter of colours is looked at in one, for the other moves and hides nothing."""
    found = []
    for sight in seen:
        page = two[sight.inside]
        page.goto(sight.address)
        if key:
            press_a_key(page)
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.emulate_media(color_scheme="light")
            troubles = [*violations(page), *moved_in_the_dark(page), *violations(page, colours=True)]
            found += [f"{sight.name} at {width}: {one}" for one in troubles]
    assert found == []


def test_pages_fit_at_any_width_say_nothing_in_the_console_and_are_read_and_walked_in_order(
    looked: dict[str, list[str]],
) -> None:
    """Layout, console, charts by ear, and the tab key; one test, for every page is opened once for all of them."""
    assert looked == {"layout": [], "console": [], "charts": [], "tab": []}


def test_every_page_is_whole_without_a_script(seen: list[Sight], browser: Browser, state: Any) -> None:
    contexts = {
        True: browser.new_context(storage_state=state, java_script_enabled=False),
        False: browser.new_context(java_script_enabled=False),
    }
    pages = {inside: context.new_page() for inside, context in contexts.items()}
    for sight in seen:
        page = pages[sight.inside]
        page.goto(sight.address, wait_until="domcontentloaded")
        assert page.locator("h1:visible").count() == 1, sight
        for form in page.locator("form.filters").all():
            assert form.locator("button:visible").count(), sight
    for context in contexts.values():
        context.close()
