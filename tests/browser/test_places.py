"""Personal data in every place where a page may hold it: none of it reaches the disk in clear.

A part of the product that tells something else of pages adds its place to `PLACES`.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.house import House
from tests.browser.shops import Shop, shop_of, visitor
from tests.capabilities.surveys.documents import document
from tests.people.decoding import where_they_stand

PATIENCE_S = 20
# How each is planted, by scripts of the page; `text` holds a name and an e-mail address that stand nowhere else.
PLACES = {
    "input": "add('input').value = text",
    "textarea": "add('textarea').value = text",
    "contenteditable": "add('div', { contenteditable: 'true' }).textContent = text",
    "title": "add('p', { title: text })",
    "alt": "add('img', { alt: text, src: '/picture.svg' })",
    "aria-label": "add('nav', { 'aria-label': text })",
    "placeholder": "add('input', { placeholder: text })",
    "data attribute": "add('p', { 'data-customer': text })",
    "option": "add('select').append(new Option(text, text, true, true))",
    "SVG text": "add('div').innerHTML = `<svg><title>${text}</title><text y='9'>${text}</text></svg>`",
    "link address": "add('a', { href: `/of/${text}?who=${text}#${text}` }).textContent = 'Somebody'",
    "form action": "add('form', { action: `/of/${text}?who=${text}` })",
    "image address": "add('img', { src: `/of/${text}.png?who=${text}`, srcset: `/${mail} 2x`, width: 9, height: 9 })",
    "iframe": "add('iframe', { srcdoc: `<p title='${text}'>${text}</p><input value='${text}'>` })",
    "shadow DOM": "add('div').attachShadow({ mode: 'open' }).innerHTML = `${text}<i title='${text}'>${text}</i>`",
    "canvas": "add('canvas', { 'aria-label': text }).getContext('2d').fillText(text, 9, 9)",
    "CSS content": """document.styleSheets[0].insertRule(`.said::after { content: "${text}" }`);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`:root { --who: "${text}" } .said { content: "${text}"; background: url("/of/${mail}.png") }`);
      document.adoptedStyleSheets = [sheet];
      add('p').style.setProperty('--who', `"${text}"`);""",
    "blob address": """const address = URL.createObjectURL(new Blob([`<svg>${text}</svg>`], { type: 'image/svg+xml' }));
      add('img', { src: address });
      add('a', { href: `data:text/plain,${text}`, download: text });""",
    "meta tag": "document.head.append(made('meta', { name: 'customer', content: text }))",
    "document title": "document.title = text",
    "history state": "history.pushState({ text }, '', `/state/${mail}?who=${text}#${text}`)",
    "error message": "setTimeout(() => { throw new Error(`No account of ${text}`) })",
    "stack": "const error = new Error('Lost'); error.stack = text; setTimeout(() => { throw error })",
    "failed request's address": "fetch(`/missing/${mail}?who=${text}`)",
    "console": "console.error(text)",
    "selector with an id": "add('button', { type: 'button', class: 'press', id: text }).textContent = 'Press'",
    "accessible name": "add('button', { type: 'button', class: 'press' }).textContent = `Charge ${text}`",
    "scanner's HTML snippet": "add('button', { type: 'button', id: text, 'data-who': text })",
    "identify traits that are not allowed": "nous.identify('customer-7', { name: text, deep: { text } })",
    "event property that is not allowed": """nous.track('Said', { note: `to ${text}`, deep: [{ text }], plan: 'pro' });
      nous.track('Said', { said_by: 'Unlisted Speaker', coupon: { of: text } })""",
    "dragged text": """add('p', { draggable: 'true', class: 'from' }).textContent = text;
      add('textarea', { class: 'to' })""",
    "autofill": """const filled = add('input', { autocomplete: 'email', name: 'mail' });
      filled.value = text;
      for (const kind of ['input', 'change']) filled.dispatchEvent(new Event(kind, { bubbles: true }))""",
    "cookie": "document.cookie = `who=${text}`",
    "storage key": "localStorage.setItem(text, '1'); sessionStorage.setItem(text, '1')",
    "postMessage": "postMessage({ text }, '*')",
}
BY_HAND = ("page path", "query", "fragment", "referrer", "survey text")
"""Places that no script of the page makes."""
SHOWN = "words that may be read"
PLANT = """([places, shown]) => {
  const made = (tag, attributes = {}) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const add = (tag, attributes) => {
    const element = made(tag, attributes);
    document.body.prepend(element);
    return element;
  };
  add('p', { 'data-nous-show': '' }).textContent = shown;
  SCRIPTS
}"""


@pytest.fixture(scope="module")
def shop(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop_of(house) as opened:
        survey = tmp_path_factory.mktemp("survey") / "survey.json"
        survey.write_text(document(page={"after": ["Order Completed"], "paths": []}, step="pay"))
        house.nous("survey", "apply", str(survey), "--publish", "--workspace", opened.workspace)
        parts = ("--parts", "capture,vitals,replay,accessibility", "--scan-share", "100")
        house.nous("browsers", "set", *parts, "--query", "page", "--workspace", opened.workspace)
        for purpose in ("analytics", "replays"):
            house.nous("person", "need-consent", purpose, "--workspace", opened.workspace)
        yield opened


def mail_of(place: str) -> str:
    return f"{word_of(place).lower()}.lovelace@planted.example"


def word_of(place: str) -> str:
    number = [*PLACES, *BY_HAND].index(place)
    return f"Zelda{chr(97 + number // 20)}{chr(97 + number % 20)}q"


def text_of(place: str) -> str:
    return f"{word_of(place)} {mail_of(place)}"


def plant(page: Page) -> None:
    scripts = [f"{{ const [text, mail] = places[{place!r}]; {script}; }}" for place, script in PLACES.items()]
    places = {place: [text_of(place), mail_of(place)] for place in PLACES}
    page.evaluate(PLANT.replace("SCRIPTS", "\n".join(scripts)), [places, SHOWN])


def live(page: Page, shop: Shop) -> None:
    """Come by an address that says too much, see all places before and after a consent, and use the page."""
    path, query, fragment, referrer, _ = (quote(text_of(place)) for place in BY_HAND)
    page.goto(f"{shop.address}/for/{referrer}?who={referrer}")
    page.evaluate(f"location.assign('/for/{path}?who={query}&page=2#{fragment}')")
    page.wait_for_url("**#*")
    page.wait_for_function("!!window.nous?.track")
    plant(page)
    with page.expect_response(lambda answer: "/sdk/replay-" in answer.url):
        page.evaluate("nous.consent({ analytics: true, replays: true })")
    page.wait_for_timeout(500)
    plant(page)
    for button in page.locator(".press").all():
        button.click()
    page.locator("textarea").first.press_sequentially(mail_of("textarea"))
    page.locator("[contenteditable]").first.press_sequentially(text_of("contenteditable"))
    answer(page)
    page.locator(".from").first.drag_to(page.locator(".to").first)
    page.wait_for_timeout(300)
    page.goto(f"{shop.address}/two.html")


def answer(page: Page) -> None:
    """Say who one is in the open text of a survey."""
    page.evaluate("nous.track('Order Completed')")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="2").check()
    dialog.get_by_role("button", name="Next").click()
    dialog.get_by_role("textbox").fill(f"Ask {text_of('survey text')}, card 4111 1111 1111 1111")
    with page.expect_response(lambda answered: "/s/" in answered.url and answered.request.method == "POST"):
        dialog.locator(".send").click()


def others(page: Page, home: Path) -> list[Path]:
    """The folders of other workspaces, once the recording stands."""
    until_s = time.monotonic() + PATIENCE_S
    while not (shown := where_they_stand(home / "replays", {"shown": SHOWN})["shown"]):
        assert time.monotonic() < until_s, "the recording did not arrive"
        page.wait_for_timeout(300)
    workspace_id = shown.pop().partition("/")[0]
    return [one for part in ("lake", "replays") for one in (home / part).iterdir() if one.name != workspace_id]


def test_there_are_forty_places() -> None:
    assert len(PLACES) + len(BY_HAND) == 40


def test_nothing_personal_reaches_the_disk_in_clear_wherever_it_stands(browser: Browser, shop: Shop) -> None:
    context = visitor(browser)
    page = context.new_page()
    live(page, shop)
    told = {
        "Accessibility Scanned",
        "Consent Updated",
        "Error Occurred",
        "Request Failed",
        "Element Clicked",
        "Said",
        "Web Vital Measured",
    }
    happened = shop.wait_for(page, lambda names: told <= set(names))
    said = {name for one in happened if one["event"] == "Said" for name in one["properties"]}
    assert said > {"plan", "coupon"}
    assert said.isdisjoint({"note", "deep", "said_by"})
    assert any("button-name" in str(one["properties"]) for one in happened if one["event"] == "Accessibility Scanned")
    home = Path(shop.house.environment["NOUS_HOME"])
    texts = {f"{place}, address": mail_of(place) for place in (*PLACES, *BY_HAND)}
    texts |= {f"{place}, name": word_of(place) for place in (*PLACES, *BY_HAND)}
    texts["a property without an address that is not allowed"] = "Unlisted Speaker"
    found = {name: files for name, files in where_they_stand(home, texts, others(page, home)).items() if files}
    assert found == {}
    context.close()
