"""What is looked for on every page, as questions that a browser answers."""

from typing import Any

from playwright.sync_api import Page
from tests.browser.house import AXE

WIDTHS = (1600, 1280, 1060, 820, 390, 320)
PHONE, DESK = 390, 1280
HEIGHT = 900

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_VIOLATIONS = """async ([tags, colours]) => {
  const rules = colours ? axe.getRules(["cat.color"]).filter((one) => one.tags.some((tag) => tags.includes(tag))) : [];
  const only = colours ? rules.map((one) => one.ruleId) : tags;
  const found = await axe.run({
    runOnly: { type: colours ? "rule" : "tag", values: only },
    resultTypes: ["violations"],
    preload: { assets: ["media"] }, // stylesheets are fetched anew each time, for a rule that is not asked for
  });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
}"""

_LAYOUT = """() => {
  const troubles = [];
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) troubles.push(`scrolls sideways: ${page.scrollWidth} in ${innerWidth}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.getClientRects().length) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < 12) troubles.push(`text of ${size} px: ${node.data.trim().slice(0, 60)}`);
  }
  for (const chart of document.querySelectorAll('.chart svg[role="group"]')) {
    if (!chart.getClientRects().length) continue;
    const card = (chart.closest(".card") ?? chart.parentElement).getBoundingClientRect();
    const labels = [...chart.querySelectorAll("text")]
      .map((label) => ({ words: label.textContent, box: label.getBoundingClientRect() }))
      .filter(({ box }) => box.width);
    labels.forEach(({ words, box }, index) => {
      if (box.left < card.left || box.right > card.right || box.top < card.top || box.bottom > card.bottom)
        troubles.push(`label outside its card: ${words}`);
      for (const other of labels.slice(index + 1)) {
        const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (wide > 1 && high > 3) troubles.push(`labels overlap: ${words} | ${other.words}`);
      }
    });
  }
  return troubles;
}"""


_SHAPE = """() => [...document.body.querySelectorAll("*")].map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [one.tagName, x, y, width, height, getComputedStyle(one).visibility, one.textContent.length].join(" ");
})"""


def moved_in_the_dark(page: Page) -> list[str]:
    """Whether the dark theme moves or hides something; it stays. What moves by itself may do so but twice."""
    for _ in range(3):
        shapes = []
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            shapes.append(page.evaluate(_SHAPE))
        if shapes[0] == shapes[1]:
            return []
    return ["the dark theme moves or hides something"]


def violations(page: Page, *, colours: bool = False) -> list[str]:
    """What axe finds wrong, or of that what is wrong with colours."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(_VIOLATIONS, [TAGS, colours])
    return found


def flaws(page: Page, width: int) -> list[str]:
    """What is cut off, too small or on top of something else at a width."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    found: list[str] = page.evaluate(_LAYOUT)
    return [f"{width} px: {one}" for one in found]


def open_folds(page: Page) -> None:
    """Show what stands folded up, such as other measures and numbers, and lay out what is far below."""
    page.evaluate("document.querySelectorAll('details.fold').forEach((one) => (one.open = true))")
    lay_out(page)


def lay_out(page: Page) -> None:
    """Lay out all of a page, which browsers put off for what nobody came near to."""
    show = "(one) => (one.style.contentVisibility = 'visible')"
    page.evaluate(f"document.querySelectorAll('.card, .pair').forEach({show})")


def press_a_key(page: Page) -> None:
    """Open what is folded, go into a chart where there is one, so that its tooltip shows; else one stop on."""
    open_folds(page)
    mark = page.locator('.chart svg[role="group"] [role="img"][tabindex="0"]:visible')
    if mark.count():
        mark.first.focus()
        page.keyboard.press("ArrowDown")
    else:
        page.keyboard.press("Tab")


def misread_charts(page: Page) -> list[str]:
    """Charts that a screen reader would not read as a title and sentences, nothing else."""
    found = []
    for chart in page.locator('.chart svg[role="group"]:visible').all():
        title, *sentences = (line.strip(" -'") for line in chart.aria_snapshot().splitlines())
        if not title.startswith('group "') or not sentences:
            found.append(f"a chart without title or sentences: {title}")
        found += [f"no sentence: {one}" for one in sentences if not one.startswith('img "')]
    return found


def tab_troubles(page: Page) -> list[str]:
    """The first stop skips to the content, or is in it where nothing stands before; nothing jumps the queue; what has
    the focus can be seen."""
    found = []
    if page.evaluate('[...document.querySelectorAll("[tabindex]")].some((one) => one.tabIndex > 0)'):
        found.append("a positive tabindex")
    page.keyboard.press("Tab")
    if page.evaluate("document.body.firstElementChild.matches('main')"):
        return found if page.evaluate(_FIRST) else [*found, "the first stop is not in the content"]
    if page.evaluate("document.activeElement.className") != "skip":
        found.append("the first stop is no skip link")
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "content":
        found.append("the skip link leads nowhere")
    before = page.evaluate(_PLACE)
    page.keyboard.press("Tab")
    after = page.evaluate(_PLACE)
    if after and (not after["seen"] or after["index"] < before["index"]):
        found.append(f"after the skip link the focus is at {after}")
    return found


_FIRST = "document.activeElement.closest('main') !== null && document.activeElement.getBoundingClientRect().width > 0"
_PLACE = """() => {
  const now = document.activeElement;
  if (now === document.body) return null;
  const { width, height } = now.getBoundingClientRect();
  const index = [...document.querySelectorAll("*")].indexOf(now);
  return { index, seen: width > 0 && height > 0, html: now.outerHTML.slice(0, 80) };
}"""


def listened(page: Page) -> list[str]:
    """What the console says from now on."""
    heard: list[str] = []

    def hear(message: Any) -> None:
        heard.append(f"{message.type}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
