"""The script on customers' pages: a customer of a real shop in a real browser, and what stands in the lake of it."""

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from tests.browser.house import House
from tests.browser.shops import STRICT, Shop, anonymous_id, shop_of, stored, visitor
from tests.places import ROOT

BUILT = ROOT / "src/nousnous/collector/sdk"
MOST_BYTES = {
    "nous": 4096,
    "capture": 6144,
    "vitals": 6144,
    "replay": 25600,
    "surveys": 6144,
    "messages": 2048,
    "push": 1024,
    "worker": 512,
    "accessibility": 204_800,
}
MAIL, CARD, IBAN = "ada.lovelace@example.org", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00"
DAY_S = 86_400
SEATS = f"""[journey]
id = "flight"
currency = "USD"
hourly_wage = 1
[[step]]
id = "seat"
starts = {{ event = "Seated", where = {{ seat = ["window", 2, "{MAIL}"] }} }}
"""
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmVk"


@pytest.fixture(scope="module")
def shop(house: House) -> Iterator[Shop]:
    with shop_of(house) as opened:
        names = ("--properties", "greeting,note,card,iban,deep,turn", "--traits", "about")
        house.nous("browsers", "set", *names, "--workspace", opened.workspace)
        yield opened


@pytest.fixture(scope="module")
def asking(house: House) -> Iterator[Shop]:
    """A shop whose workspace keeps nothing without consent."""
    with shop_of(house) as opened:
        house.nous("person", "need-consent", "analytics", "--workspace", opened.workspace)
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A customer who never came before, not a member of ours."""
    context = visitor(browser)
    yield context.new_page()
    context.close()


def named(events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [one for one in events if one["event"] == name]


def unpacked(body: bytes) -> bytes:
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def opened(page: Page, shop: Shop, path: str = "/index.html") -> None:
    """Open a page and wait until it is watched."""
    with page.expect_response(lambda answer: "/sdk/capture-" in answer.url):
        page.goto(shop.address + path)
    page.wait_for_timeout(100)


def look_untold(page: Page, shop: Shop) -> None:
    """Look at a page for longer than our script waits: nothing is stored, and nothing of it is sent."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(shop.address + "/index.html")
    page.wait_for_function("!!window.nous?.track")
    page.wait_for_timeout(2500)
    assert stored(page) == []
    assert not [one for one in sent if "/v1/batch" in one or "capture-" in one]


@pytest.mark.parametrize("part", MOST_BYTES)
def test_a_part_of_the_script_is_small(part: str) -> None:
    built = next(path for path in BUILT.glob("*.js") if path.stem.partition("-")[0] == part)
    assert len(gzip.compress(built.read_bytes(), 9)) <= MOST_BYTES[part]


def test_who_rages_at_a_dead_button_is_seen_where_and_when_it_was(page: Page, shop: Shop) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    opened(page, shop, "/index.html?utm_campaign=spring&gclid=click-7&mail=ada")
    for _ in range(4):
        page.click("#dead")
    found = shop.wait_for(page, lambda names: "Rage Click" in names)
    (rage,), dead, clicks = named(found, "Rage Click"), named(found, "Dead Click"), named(found, "Element Clicked")
    assert len(dead) == len(clicks) == 4
    properties = rage["properties"]
    assert (properties["element"], properties["name"], properties["clicks"]) == ("#dead", "Check in", 4)
    assert rage["ts_us"] == pytest.approx(clicks[0]["ts_us"], abs=1_000_000)
    (seen,), (own,) = named(found, "Page Viewed"), named(found, "Shop Opened")
    context = seen["properties"]["context"]
    assert context["campaign"] == {"name": "spring", "gclid": "click-7"}
    assert context["page"]["url"].endswith("/index.html?utm_campaign=spring")
    assert own["properties"]["greeting"] == "hello"
    assert len({one["properties"]["context"]["sessionId"] for one in found}) == 1
    assert heard == []


@pytest.mark.parametrize(
    ("element", "signals"),
    [
        ("#alive", set()),
        ("#heading", {"Rage Click"}),
        ("#more", set()),
        ("#ignored", set()),
        ("#slow", set()),
        ("#broken", {"Error Click", "Dead Click", "Rage Click"}),
        ("#refused", {"Error Click", "Dead Click", "Rage Click"}),
    ],
)
def test_clicks_are_signals_only_where_nothing_answers(element: str, signals: set[str], page: Page, shop: Shop) -> None:
    opened(page, shop)
    for _ in range(3):
        page.click(element)
    page.wait_for_timeout(6500 if element == "#slow" else 2900)
    page.evaluate("nous.track('Looked')")
    found = shop.wait_for(page, lambda names: "Looked" in names)
    frustrations = {"Rage Click", "Dead Click", "Error Click"}
    assert {one["event"] for one in found} & frustrations == signals
    assert len(named(found, "Element Clicked")) == 3


def test_fields_answer_clicks_in_their_own_way_and_a_label_is_clicked_once(page: Page, shop: Shop) -> None:
    opened(page, shop)
    for _ in range(3):
        page.click("#agree", position={"x": 8, "y": 8})
    for element in ("#note", "#note", "#delivery"):
        page.click(element)
        page.wait_for_timeout(1100)
    page.keyboard.press("Escape")
    page.focus("#agreed")
    for _ in range(3):
        page.keyboard.press("Space")
    page.wait_for_timeout(2900)
    page.evaluate("nous.track('Looked')")
    found = shop.wait_for(page, lambda names: "Looked" in names)
    assert {one["event"] for one in found} & {"Rage Click", "Dead Click", "Error Click"} == set()
    clicks = [one["properties"] for one in named(found, "Element Clicked")]
    assert [one["element"] for one in clicks] == ["#agree"] * 3 + ["#note"] * 2 + ["#delivery"] + ["#agreed"] * 3
    assert {(one["across"], one["down"]) for one in clicks[-3:]} == {(0.5, 0.5)}


def test_thrashing_and_turning_back_at_once_are_seen(page: Page, shop: Shop) -> None:
    opened(page, shop)
    for turn in range(24):
        page.mouse.move(400 + 80 * (turn % 2), 500)
    page.click("#two")
    page.wait_for_url("**/two.html")
    page.wait_for_function("!!window.nous?.track")
    page.wait_for_timeout(300)
    page.click("#one")
    found = shop.wait_for(page, lambda names: {"Thrash", "Quick Back"} <= set(names))
    assert [one["properties"]["screen"] for one in named(found, "Quick Back")] == ["/two.html"]


def test_pages_that_a_script_draws_and_forms_that_are_sent_are_told(page: Page, shop: Shop) -> None:
    opened(page, shop)
    page.click("#next")
    page.fill("#mail", "first@example.org")
    page.fill("#note", "no")
    page.fill("#mail", MAIL)
    page.click("#send")
    found = shop.wait_for(page, lambda names: "Form Submitted" in names)
    paths = [one["properties"]["path"] for one in named(found, "Page Viewed")]
    assert paths == ["/index.html", "/next"]
    (again,) = named(found, "Field Re-entered")
    assert again["properties"]["name"] == "Your e-mail address"


def test_nothing_personal_reaches_the_disk_in_clear(page: Page, shop: Shop) -> None:
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(unpacked(request.post_data_buffer or b"")))
    opened(page, shop, f"/for/{MAIL}?mail={MAIL}&session={TOKEN}#{MAIL}")
    page.evaluate(
        """([mail, card, iban, token]) => {
          document.title = `Orders of ${mail}`;
          const button = document.createElement("button");
          button.id = mail;
          button.type = "button";
          button.textContent = `Charge ${card} of ${mail}`;
          button.setAttribute("aria-label", `Charge ${card}`);
          document.body.prepend(button);
          const order_id = "0123456789abcdef0123456789abcdef";
          nous.track("Order Completed", { note: `to ${mail}`, card, iban, deep: [{ token }], order_id, unlisted: 1 });
          nous.identify("customer-7", { email: mail, plan: "pro", name: "Ada Lovelace", about: `ask ${mail}` });
          fetch(`/missing/${mail}?token=${token}`);
          setTimeout(() => { throw new Error(`No account ${iban} for ${mail}`); });
        }""",
        [MAIL, CARD, IBAN, TOKEN],
    )
    page.locator("button").first.click()
    page.fill("#mail", MAIL)
    page.fill("#note", CARD)
    page.click("#send")
    names = {"Order Completed", "Error Occurred", "Request Failed", "Form Submitted", "Element Clicked"}
    found = shop.wait_for(page, lambda heard: names <= set(heard))
    text = json.dumps(found)
    home = Path(shop.house.environment["NOUS_HOME"])
    raw = b"".join(path.read_bytes() for path in (home / "log").rglob("*") if path.is_file())
    for planted in (MAIL, "ada.lovelace", CARD, CARD.replace(" ", ""), IBAN, TOKEN, "Ada Lovelace"):
        assert planted not in text, planted
        assert planted.encode() not in raw, planted
        assert planted.encode() not in b"".join(sent), planted
    assert b"ask [email]" in b"".join(sent)
    order = named(found, "Order Completed")[0]["properties"]
    assert (order["note"], order["card"], order["iban"]) == ("to [email]", "[card]", "[iban]")
    assert order["order_id"] == "0123456789abcdef0123456789abcdef"
    assert "unlisted" not in order


def test_nothing_is_stored_or_sent_before_consent_and_what_waited_comes_after_it(page: Page, asking: Shop) -> None:
    look_untold(page, asking)
    page.evaluate("nous.consent({ analytics: true })")
    found = asking.wait_for(page, lambda names: {"Shop Opened", "Page Viewed", "Consent Updated"} <= set(names))
    page.evaluate("nous.consent({ analytics: false })")
    page.wait_for_timeout(500)
    assert stored(page) == ["nous_consent"]
    page.evaluate("nous.track('Never Told')")
    page.reload()
    page.wait_for_function("!!window.nous?.track")
    page.wait_for_timeout(2500)
    assert stored(page) == ["nous_consent"]
    assert "Never Told" not in json.dumps(asking.events(found[0]["anonymous_id"]))


def test_a_browser_that_asks_for_privacy_has_it(browser: Browser, shop: Shop) -> None:
    context = visitor(browser)
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    page = context.new_page()
    look_untold(page, shop)
    context.close()


def test_what_happened_offline_arrives_when_the_line_is_back(page: Page, shop: Shop) -> None:
    opened(page, shop)
    page.context.set_offline(True)
    page.evaluate("nous.track('Offline')")
    page.wait_for_timeout(2500)
    page.context.set_offline(False)
    assert len(named(shop.wait_for(page, lambda names: "Offline" in names), "Offline")) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_is_busy_is_asked_again_and_counts_once(status: int, page: Page, shop: Shop) -> None:
    refused = []

    def refuse(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=status, headers={"Retry-After": "1", "Access-Control-Allow-Origin": "*"})

    page.route("**/v1/batch", refuse)
    opened(page, shop)
    page.evaluate("nous.track('Busy')")
    assert len(named(shop.wait_for(page, lambda names: "Busy" in names), "Busy")) == 1
    assert refused


@pytest.mark.parametrize("policy", STRICT)
def test_a_policy_that_names_scripts_by_a_number_is_kept(policy: str, page: Page, shop: Shop) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    opened(page, shop, f"/{policy}")
    page.click("#alive")
    shop.wait_for(page, lambda names: {"Page Viewed", "Element Clicked"} <= set(names))
    assert heard == []


def test_on_a_slow_line_and_with_a_clock_days_off_nothing_is_lost_or_late(page: Page, shop: Shop) -> None:
    wire = page.context.new_cdp_session(page)
    line = {"latency": 600, "downloadThroughput": 25_000, "uploadThroughput": 6_000, "offline": False}
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", line)
    page.clock.install(time=time.time() + 3 * DAY_S)
    began_s = time.time()
    opened(page, shop)
    page.evaluate("for (let turn = 0; turn < 40; turn += 1) nous.track('Slow', { turn, note: 'word '.repeat(99) })")
    page.click("#alive")
    found = shop.wait_for(page, lambda names: names.count("Slow") >= 40 and "Element Clicked" in names)
    assert sorted(one["properties"]["turn"] for one in named(found, "Slow")) == list(range(40))
    assert {"Page Viewed", "Shop Opened"} <= {one["event"] for one in found}
    late_s = [one["ts_us"] / 1e6 - began_s for one in found]
    assert -60 < min(late_s) <= max(late_s) < time.time() - began_s + 60


def test_a_tab_that_is_closed_at_once_tells_its_last(browser: Browser, shop: Shop) -> None:
    context = visitor(browser)
    page, other = context.new_page(), context.new_page()
    opened(page, shop)
    page.evaluate("nous.track('Last Words')")
    page.close(run_before_unload=True)
    other.goto(shop.address + "/two.html")
    shop.wait_for(other, lambda names: "Last Words" in names)
    context.close()


def test_more_than_fits_into_the_last_moment_does_not_wait_for_it(browser: Browser, shop: Shop) -> None:
    context = visitor(browser)
    page, other = context.new_page(), context.new_page()
    opened(page, shop)
    other.goto(shop.address + "/plain.html")
    page.evaluate("for (let turn = 0; turn < 300; turn += 1) nous.track('Burst', { turn, note: 'word '.repeat(99) })")
    page.wait_for_timeout(100)
    page.close()
    found = shop.wait_for(other, lambda names: names.count("Burst") >= 300)
    assert sorted(one["properties"]["turn"] for one in named(found, "Burst")) == list(range(300))
    context.close()


def test_two_tabs_are_one_session_and_silence_ends_it(browser: Browser, shop: Shop) -> None:
    context = visitor(browser)
    first, second = context.new_page(), context.new_page()
    opened(first, shop)
    second.clock.install()
    second.goto(shop.address + "/two.html")
    second.wait_for_function("!!window.nous?.track")
    second.evaluate("nous.track('Before')")
    second.clock.fast_forward("31:00")
    second.evaluate("nous.track('After')")
    second.clock.run_for(5000)
    found = shop.wait_for(first, lambda names: {"Before", "After", "Page Viewed"} <= set(names))
    sessions = {one["event"]: one["properties"]["context"]["sessionId"] for one in reversed(found)}
    assert sessions["Page Viewed"] == sessions["Before"] != sessions["After"]
    context.close()


def test_values_that_a_journey_asks_for_are_told_and_no_others_of_their_properties(
    page: Page, house: House, tmp_path: Path
) -> None:
    with shop_of(house) as shop:
        (tmp_path / "shop.toml").write_text(SEATS)
        house.nous("journey", "apply", str(tmp_path / "shop.toml"), "--workspace", shop.workspace)
        opened(page, shop)
        for seat in ("window", 2, "Zelda Lovelace", MAIL, ["window", "Zelda Lovelace"]):
            page.evaluate("(seat) => nous.track('Seated', { seat })", seat)
        page.evaluate("nous.identify('customer-9', { seat: 'window' })")
        found = shop.wait_for(page, lambda names: names.count("Seated") == 5)
        told = [one["properties"].get("seat") for one in found if one["event"] == "Seated"]
        assert sorted(map(str, told)) == ["2", "None", "None", "None", "window"]
        assert "asked for by journeys: seat where it is" in house.nous(
            "browsers", "show", "--workspace", shop.workspace
        )


def test_who_signs_in_is_the_same_person_and_who_resets_is_another(page: Page, shop: Shop) -> None:
    opened(page, shop)
    before = anonymous_id(page)
    page.evaluate("nous.identify('customer-8', { plan: 'pro' }); nous.track('Known')")
    found = shop.wait_for(page, lambda names: "Known" in names)
    assert {one["person_id"] for one in found} == {"customer-8"}
    page.evaluate("nous.reset()")
    page.evaluate("nous.track('Somebody Else')")
    page.wait_for_timeout(500)
    assert anonymous_id(page) != before
    (other,) = named(shop.wait_for(page, lambda names: "Somebody Else" in names), "Somebody Else")
    assert other["user_id"] is None
