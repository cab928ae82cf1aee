"""The pages that say most look as they did when somebody last looked at them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser
from tests.browser.eyes import lay_out
from tests.browser.house import House, environment_of, free_port, running
from tests.browser.pictures import MOST_OTHER_SHARE, STORED, other_share, trouble
from tests.counterparts import CHROMIUM, require
from tests.records import ready

FROZEN = Path(__file__).with_name("frozen.py")
PAGES = {
    "home": "",
    "gap": "gap/",
    "step": "gap/travel/check-in/",
    "beliefs": "beliefs/",
    "readiness": "readiness/",
    "journey": "journeys/travel/",
}
SHAPES = (("light", 1280), ("dark", 390))


@pytest.fixture(scope="module")
def frozen_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    require(CHROMIUM)
    port = free_port()
    environment = environment_of(ready(tmp_path_factory.mktemp("frozen")), port)
    asked = [sys.executable, str(FROZEN), "furnish"]
    done = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    house = House(environment["NOUS_ADDRESS"], environment, json.loads(done.stdout))
    serve = [sys.executable, str(FROZEN), "serve", "--no-worker", "--no-load", "--port", str(port)]
    with running(serve, environment, f"{house.address}/sign-in/"):
        yield house


@dataclass(frozen=True)
class Owner:
    """Somebody who is in."""

    house: House
    browser: Browser
    state: Any


@pytest.fixture(scope="module")
def owner(frozen_house: House, browser: Browser) -> Owner:
    context = browser.new_context()
    context.new_page().goto(frozen_house.one_time_address())
    state = context.storage_state()
    context.close()
    return Owner(frozen_house, browser, state)


@pytest.mark.parametrize(("theme", "width"), SHAPES)
def test_pages_look_as_their_stored_pictures(theme: Any, width: int, owner: Owner, tmp_path: Path) -> None:
    shape: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"}
    context = owner.browser.new_context(storage_state=owner.state, locale="en-US", color_scheme=theme, **shape)
    page, found = context.new_page(), []
    for name, path in PAGES.items():
        page.goto(f"{owner.house.workspace}/{path}")
        lay_out(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        found.append(trouble(f"{name}-{width}-{theme}", page.screenshot(full_page=True), tmp_path))
    context.close()
    assert [one for one in found if one] == []


@pytest.mark.parametrize("change", [(800, 380, 980, 960), (0, 0, 1280, 60)], ids=["a column of a chart", "a title"])
def test_what_is_missing_is_seen(change: tuple[int, int, int, int]) -> None:
    page = Image.open(STORED / "gap-1280-light.png").convert("RGB")
    without = page.copy()
    without.paste((255, 255, 255), change)
    assert other_share(page, page) == 0
    assert other_share(page, without) > MOST_OTHER_SHARE
