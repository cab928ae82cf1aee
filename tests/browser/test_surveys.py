"""Surveys in a real browser: on a page of a shop, by keyboard alone, and by a link without a script."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from tests.browser.eyes import violations
from tests.browser.house import House
from tests.browser.shops import Shop, shop_of, visitor
from tests.capabilities.surveys.documents import AFTER_PURCHASE

IN_PAGE = AFTER_PURCHASE | {"page": {"steps": ["pay"], "paths": ["/index*"]}, "step": "pay"}
JOURNEY = """[journey]
id = "shop"
currency = "USD"
hourly_wage = 1
[[step]]
id = "pay"
starts = { event = "Payment Started" }
completes = { event = "Order Completed", where = { plan = ["pro", 2], screen = "/index.html", country = "FR" } }
"""

INTERACTION, CLICK, INPUT, NOT_SHOWN = 2, 2, 5, -1
MOVES = "document.getAnimations().map((one) => one.animationName)"
TWICE = {"width": 195, "height": 400}
"""What is left of a phone of 390 pixels at 200 per cent."""


def apply(shop: Shop, folder: Path, survey: dict[str, Any]) -> None:
    file = folder / "survey.json"
    file.write_text(json.dumps(survey))
    shop.house.nous("survey", "apply", str(file), "--publish", "--workspace", shop.workspace)


@pytest.fixture(scope="module")
def shop(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop_of(house) as opened:
        folder = tmp_path_factory.mktemp("survey")
        (folder / "shop.toml").write_text(JOURNEY)
        house.nous("journey", "apply", str(folder / "shop.toml"), "--workspace", opened.workspace)
        apply(opened, folder, IN_PAGE)
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = visitor(browser)
    yield context.new_page()
    context.close()


def bought(page: Page, shop: Shop) -> None:
    with page.expect_response(lambda answer: "/sdk/surveys-" in answer.url):
        page.goto(f"{shop.address}/index.html")
    page.wait_for_timeout(100)
    for others in ("'Order Completed'", "'Order Completed', {plan: 'free'}", "'Looked', {plan: 'pro'}"):
        page.evaluate(f"nous.track({others})")
    page.wait_for_timeout(100)
    assert page.get_by_role("dialog").count() == 0
    page.evaluate("nous.track('Order Completed', {plan: 2})")


def shops_own(page: Page) -> set[str]:
    """What is wrong with the shop's page by itself."""
    page.evaluate("hidden = document.querySelector('body > div:last-child'); hidden.remove()")
    found = violations(page)
    page.evaluate("document.body.append(hidden)")
    return set(found)


def scores(shop: Shop) -> list[dict[str, Any]]:
    script = f"""
from nousnous.facts.scores import SCORES
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace
import json
rows = lake_of(Workspace.objects.get(slug="{shop.workspace}")).snapshot(SCORES).table(SCORES)
print(json.dumps(rows.order_by("ts_us").to_pyarrow().to_pylist()))"""
    found: list[dict[str, Any]] = json.loads(shop.house.nous("shell", "--no-imports", "--command", script))
    return found


def test_a_customer_is_asked_beside_an_event_and_answers_by_keyboard_alone(page: Page, shop: Shop) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    bought(page, shop)
    dialog = page.get_by_role("dialog", name="Would you recommend us?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="What went wrong?")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("The queue, write to ada@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Thank you for your answers.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    events = shop.wait_for(page, lambda names: names.count("Survey Answered") == 2 and "Order Completed" in names)
    first, second = scores(shop)
    assert (first["metric"], first["value"], first["step"], first["screen"]) == ("nps", 3, "pay", "/index.html")
    assert second["comment"] == "The queue, write to [email]"
    assert 0 < first["ts_us"] - first["moment_us"] < 60_000_000
    by_id = {one["message_id"]: one for one in events}
    order = next(one for one in events if one["event"] == "Order Completed" and one["properties"].get("plan") == 2)
    assert by_id[first["score_id"]]["properties"]["session_id"] == order["properties"]["context"]["sessionId"]
    assert not [one for one in heard if "/missing" not in one]


def test_escape_dismisses_gives_focus_back_and_nobody_is_asked_again(page: Page, shop: Shop) -> None:
    bought(page, shop)
    expect(page.get_by_role("dialog")).to_be_visible()
    with page.expect_response("**/dismiss/") as said:
        page.keyboard.press("Escape")
    assert said.value.status == 204
    page.reload()
    page.wait_for_function("!!window.nous?.track")
    page.wait_for_timeout(500)
    page.evaluate("localStorage.removeItem('nous_asked')")
    with page.expect_response("**/s/ask/") as asked:
        page.evaluate("nous.track('Order Completed', {plan: 2})")
    assert asked.value.status == 204
    rows = json.loads(shop.house.nous("survey", "list", "--workspace", shop.workspace, "--json"))
    assert rows[0]["asked"] == rows[0]["answered"]


def test_arabic_runs_from_the_right_on_a_phone_and_who_types_keeps_typing(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="ar", reduced_motion="reduce")
    page = context.new_page()
    bought_page = f"{shop.address}/index.html"
    with page.expect_response(lambda answer: "/sdk/surveys-" in answer.url):
        page.goto(bought_page)
    page.evaluate("document.documentElement.lang = 'ar'")
    page.focus("#note")
    page.evaluate("nous.track('Order Completed', {plan: 2})")
    dialog = page.get_by_role("dialog", name="هل توصي بنا؟")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "note"
    assert dialog.get_attribute("dir") == "rtl"
    box = dialog.bounding_box()
    assert box
    assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert set(violations(page)) <= shops_own(page)
    dialog.get_by_role("radio", name="2").check()
    dialog.get_by_role("button", name="التالي").click()
    expect(page.get_by_role("textbox", name="What went wrong?")).to_be_visible()
    assert set(violations(page)) <= shops_own(page)
    assert page.evaluate(MOVES) == []
    page.set_viewport_size(TWICE)
    dialog = page.get_by_role("dialog")
    for one in (dialog.locator(".close"), dialog.get_by_role("textbox"), dialog.locator(".send")):
        one.scroll_into_view_if_needed()
        expect(one).to_be_in_viewport(ratio=1)
    assert dialog.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    context.close()


def test_of_an_anonymous_survey_neither_clicks_nor_recordings_tell_what_somebody_answered(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    sent: list[str] = []
    with shop_of(house) as shop:
        house.nous("browsers", "set", "--parts", "capture,vitals,replay", "--workspace", shop.workspace)
        apply(shop, tmp_path, AFTER_PURCHASE | {"anonymous": True, "page": {"after": ["Order Completed"], "paths": []}})
        context = visitor(browser)
        page = context.new_page()
        page.on("request", lambda request: sent.append(piece(request)))
        with page.expect_response(lambda answer: "/sdk/surveys-" in answer.url):
            page.goto(f"{shop.address}/index.html")
        page.wait_for_timeout(300)
        page.evaluate("nous.track('Order Completed')")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name="3").check()
        dialog.get_by_role("button", name="Next").click()
        dialog.get_by_role("textbox").fill("Slow")
        dialog.locator(".send").click()
        expect(page.get_by_role("dialog", name="Thank you")).to_be_visible()
        page.keyboard.press("Escape")
        page.click("#alive")
        found = shop.wait_for(page, lambda names: "Element Clicked" in names)
        page.goto(f"{shop.address}/two.html")
        score, comment = sorted(scores(shop), key=lambda row: row["value"] is None)  # both at the same full hour
        context.close()
    assert (score["value"], score["anonymous_id"], comment["comment"]) == (3, None, "Slow")
    assert [one["properties"]["element"] for one in found if one["event"] == "Element Clicked"] == ["#alive"]
    events = [event for text in sent for event in json.loads(text or "[]")]
    shown = [event["data"] for event in events if event["type"] == 3]
    assert [one["id"] for one in shown if one["source"] == INTERACTION and one["type"] == CLICK] != []
    assert [one for one in shown if one["source"] == INPUT or one.get("id") == NOT_SHOWN] == []
    assert not [where for one in shown for where in one.get("positions", []) if where["id"] == NOT_SHOWN]
    assert "radio" not in json.dumps(events)


def piece(request: Request) -> str:
    """The events of a piece of a recording, as JSON."""
    body = request.post_data_buffer if "/v1/replay" in request.url else None
    return json.dumps(json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)["events"]) if body else ""


def test_a_link_is_answered_without_a_script_and_reflows_at_two_hundred_per_cent(browser: Browser, shop: Shop) -> None:
    link = shop.house.nous("survey", "link", "after-purchase", "--workspace", shop.workspace).strip()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(link)
    assert page.get_by_role("group", name="Would you recommend us?").get_by_role("radio").count() == 11
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="What went wrong?")).to_be_visible()
    page.get_by_role("textbox").fill("Slow")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    context.close()
