"""Libraries of others on a page of a shop, unmodified: their events, their sessions, and what was recorded arrive."""

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.house import House
from tests.browser.shops import PATIENCE_S, Shop, shop_of, visitor


@pytest.fixture(scope="module")
def shop(house: House) -> Iterator[Shop]:
    """A shop whose sessions are recorded."""
    with shop_of(house) as opened:
        house.nous("browsers", "set", "--workspace", opened.workspace, "--parts", "capture,replay")
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = visitor(browser)
    yield context.new_page()
    context.close()


def asked(shop: Shop, path: str) -> Any:
    request = urllib.request.Request(
        f"{shop.house.address}/api/v1/{path}", headers={"Authorization": f"Bearer {shop.token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def wait_for_replay(shop: Shop, page: Page) -> dict[str, Any]:
    until_s = time.monotonic() + PATIENCE_S
    while not (found := asked(shop, "replays")["items"]):
        assert time.monotonic() < until_s, "no replay came"
        page.wait_for_timeout(200)
    return dict(found[0])


def test_posthogs_and_segments_clients_tell_who_did_what_and_what_it_looked_like(page: Page, shop: Shop) -> None:
    page.goto(shop.address + "/clients.html")
    page.wait_for_function("window.posthog?.sessionRecordingStarted()")
    page.fill("#typed", "Ada Lovelace")
    page.click("#buy")
    replay = wait_for_replay(shop, page)
    told = asked(shop, f"replays/{replay['session']}")
    pieces = [asked(shop, f"replays/{replay['session']}/chunks/{one['number']}") for one in told["chunks"]]
    kinds = {event["type"] for piece in pieces for event in piece}
    assert {2, 3, 4} <= kinds
    assert (replay["screens"], replay["person"]) == (["/clients.html"], "hog-ada")
    shown = json.dumps(pieces)
    assert [word for word in ("Quiet", "ada@example", "Lovelace") if word in shown] == []
    assert any(one["sentence"] == "Order Completed" for one in told["moments"])
    by_segment = {one["event"] for one in shop.events("segment-ada")}
    assert {"Page Viewed", "Order Completed"} <= by_segment
