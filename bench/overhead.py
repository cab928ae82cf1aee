"""What our script costs the pages of customers: its parts in bytes, and the task time of a page with and without it.

Usage: python -m bench.overhead. The page inserts cards (a light one 120, a heavy one 1,200) in frames of 20, is clicked
and typed into, and scrolls; each run is a new browser context, paired with one of the same page without the script.
Task time is the processor time of the page's main thread. The end is 1 where something is too much.
"""

import gzip
import json
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.parts import note
from playwright.sync_api import Browser
from tests.browser.house import House, chromium, environment_of, free_port, served
from tests.browser.test_sdk import BUILT, MOST_BYTES

RUNS = 10
ALLOWED = {
    ("capture", "light"): 1.05,
    ("capture", "heavy"): 1.05,
    ("replay", "light"): 1.4,
    ("replay", "heavy"): 2.0,
}
PARTS = {"capture": "capture", "replay": "capture,replay"}
CARDS = {"light": 120, "heavy": 1200}
CLICKS = 8
AWAY = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><style>
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 12px; }
  article { padding: 12px; border: 1px solid #ccc; border-radius: 8px; box-shadow: 0 1px 3px #0002; }
  article h2 { font-size: 16px } .price { font-weight: 600 } .sold { opacity: 0.5 }
</style>SCRIPT</head><body><h1>Deals</h1><input id="search" aria-label="Search"><button id="add">Add</button>
<main></main>
<script>
  const frame = () => new Promise(requestAnimationFrame);
  const card = (number) => {
    const one = document.createElement("article");
    one.dataset.number = number;
    one.innerHTML = `<h2>Bag number ${number}</h2><p>A bag of canvas with two pockets and a strap, for every day.</p>
      <ul><li>Blue</li><li>Green</li><li>Grey</li></ul>
      <p class="price">${(number * 7) % 90}.90</p><button>Buy</button>`;
    return one;
  };
  const work = async (cards) => {
    const main = document.querySelector("main");
    for (let number = 0; number < cards; number += 20) {
      for (let more = 0; more < 20; more += 1) main.append(card(number + more));
      await frame();
    }
    for (let round = 0; round < 10; round += 1) {
      [...main.children].forEach((one, place) => one.classList.toggle("sold", (place + round) % 10 === 0));
      main.children[round].querySelector(".price").textContent = `${round}.50`;
      scrollTo(0, round * 200);
      await frame();
    }
    scrollTo(0, 0);
  };
  let added = 0;
  document.getElementById("add").onclick = () => document.querySelector("main").prepend(card((added += 1)));
</script></body></html>"""


def main() -> int:
    fine, rows = parts_are_small(), []
    with tempfile.TemporaryDirectory() as home, _shop(Path(home)) as addresses, chromium() as browser:
        cost_of(browser, addresses["replay"], "light")  # the start of the browser's processes is nobody's cost
        print(f"\nTask time with the script by that of the same page without: median and quarters of {RUNS} pairs")
        for (part, page), allowed in ALLOWED.items():
            pairs = [_pair(browser, addresses, (part, page), turn) for turn in range(RUNS)]
            low, ratio, high = statistics.quantiles((one / other for one, other in pairs), n=4)
            plain = statistics.median(other for _, other in pairs) * 1000
            fine &= ratio <= allowed
            rows.append((f"{part}, a {page} page: task time with / without the script", ratio, allowed))
            verdict = "ok" if ratio <= allowed else "TOO MUCH"
            name = "core and capture" if part == "capture" else "core, capture and replay"
            spread = f"{ratio:8.3f}x ({low:.3f} to {high:.3f})"
            print(f"{name:28}{page:8}{plain:8.0f} ms alone{spread}  at most {allowed:g}x  {verdict}")
    return int(not fine) | note(rows)


def parts_are_small() -> bool:
    """Each part as browsers get it, beside its budget."""
    fine = True
    for path in sorted(BUILT.glob("*.js")):
        name = path.stem.partition("-")[0]
        size, allowed = len(gzip.compress(path.read_bytes(), 9)), MOST_BYTES[name]
        fine &= size <= allowed
        print(f"{name:28}{size:8} bytes gzipped  at most {allowed:6}  {'ok' if size <= allowed else 'TOO MUCH'}")
    return fine


def cost_of(browser: Browser, address: str, kind: str) -> float:
    """Seconds of processor that the tasks of a page took, from its start until somebody turns to another tab."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    page.wait_for_timeout(300)
    page.evaluate(f"work({CARDS[kind]})")
    for _ in range(CLICKS):
        page.click("#add")
    page.locator("#search").press_sequentially("canvas bag")
    page.evaluate(AWAY)
    page.wait_for_timeout(300)
    metrics = {one["name"]: one["value"] for one in wire.send("Performance.getMetrics")["metrics"]}
    context.close()
    return float(metrics["TaskDuration"])


def _pair(browser: Browser, addresses: dict[str, str], wanted: tuple[str, str], turn: int) -> tuple[float, float]:
    """With and without, in an order that changes."""
    part, page = wanted
    order = (part, "none") if turn % 2 else ("none", part)
    costs = {name: cost_of(browser, addresses[name], page) for name in order}
    return costs[part], costs["none"]


@contextmanager
def _shop(home: Path) -> Iterator[dict[str, str]]:
    """Addresses of the page without the script, with one that captures, and with one that records."""
    port = free_port()
    house = House(f"http://localhost:{port}", environment_of(home, port), {})
    keys = {}
    for name, parts in PARTS.items():
        keys[name] = json.loads(house.nous("workspace", "create", name, "--json"))["write_key"]
        house.nous("browsers", "set", "--parts", parts, "--workspace", name)
    with served(house):
        line = '<script async src="{}/sdk/nous.js" data-key="{}"></script>'
        scripts = {name: line.format(house.address, key) for name, key in keys.items()}
        handler = type("Handler", (_Pages,), {"scripts": {"none": "", **scripts}})
        pages = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        try:
            yield {name: f"http://127.0.0.1:{pages.server_port}/{name}" for name in ("none", *PARTS)}
        finally:
            pages.shutdown()
            pages.server_close()


class _Pages(BaseHTTPRequestHandler):
    scripts: dict[str, str]

    def do_GET(self) -> None:
        script = self.scripts.get(self.path.strip("/"))
        self.send_response(404 if script is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.replace("SCRIPT", script or "").encode())

    def log_message(self, *_: Any) -> None:
        """Quiet."""


if __name__ == "__main__":
    sys.exit(main())
