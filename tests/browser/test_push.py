"""Push messages in a real browser: what the shop's service worker takes in from us shows what was pushed.

The service that stands behind Chromium's own subscriptions is out of reach here: what is pushed comes by the browser's
own tool for that, and that a subscription fails is told to the page.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.house import House
from tests.browser.shops import Shop, shop_of, visitor

TOLD = {"title": "Your room is ready", "text": "Come up.", "address": "/next", "tag": "fire-1"}


@pytest.fixture(scope="module")
def shop(house: House) -> Iterator[Shop]:
    with shop_of(house) as opened:
        told = ("push", "browsers", "--set", "contact=mailto:it@shop.example", "--workspace", opened.workspace)
        house.nous("channel", "add", *told)
        yield opened


@pytest.fixture
def page(browser: Browser, shop: Shop) -> Iterator[Page]:
    context = visitor(browser)
    context.grant_permissions(["notifications"], origin=shop.address)
    yield context.new_page()
    context.close()


def test_a_button_lets_messages_in_and_the_worker_shows_them(page: Page, shop: Shop) -> None:
    with page.expect_response(lambda answer: "/sdk/push-" in answer.url):
        page.goto(f"{shop.address}/push.html")
    client = page.context.new_cdp_session(page)
    registrations: list[str] = []
    client.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    client.send("ServiceWorker.enable")
    page.click("#push")
    page.wait_for_selector("#heard:not(:empty)", state="attached")
    assert page.inner_text("#heard") in {"nous:subscribed", "nous:refused"}
    assert registrations
    delivered = {"origin": shop.address, "registrationId": registrations[0], "data": json.dumps(TOLD)}
    client.send("ServiceWorker.deliverPushMessage", delivered)
    shown = """async () => {
        const worker = await navigator.serviceWorker.ready;
        for (let tries = 0; tries < 50; tries += 1) {
            const [one] = await worker.getNotifications();
            if (one) return [one.title, one.body, one.tag, one.data];
            await new Promise((done) => setTimeout(done, 100));
        }
    }"""
    assert page.evaluate(shown) == ["Your room is ready", "Come up.", "fire-1", "/next"]
