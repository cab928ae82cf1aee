"""One furnished, served installation a session, one Chromium a module, one owner who came by a one-time address."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser import house as houses
from tests.browser.house import House
from tests.counterparts import CHROMIUM, require


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    require(CHROMIUM)
    with houses.served(houses.furnished(tmp_path_factory.mktemp("house"))) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A module's and not a session's: while Playwright runs, Django believes itself in a loop and reads no records."""
    with houses.chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def state(house: House, browser: Browser) -> dict[str, object]:
    """The cookies of an owner; who comes by a one-time address is in."""
    if not house.state:
        context = browser.new_context()
        page = context.new_page()
        page.goto(house.one_time_address())
        assert page.url == f"{house.address}/account/welcome/"
        house.state.update(context.storage_state())
        context.close()
    return house.state


@pytest.fixture
def context(browser: Browser, state: dict[str, object]) -> Iterator[BrowserContext]:
    opened = browser.new_context(storage_state=state)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
