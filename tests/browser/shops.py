"""A shop on an address of its own, whose pages load our script, and what arrives of its customers."""

import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.house import House
from tests.places import ROOT

PAGES = Path(__file__).with_name("shop")
CLIENTS = ROOT / "tests/clients/node_modules"
"""Libraries of others, as their publishers made them: pages have them below /npm/."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
STRICT = {"nonce": "'nonce-once'", "dynamic": "'nonce-once' 'strict-dynamic'"}
"""Pages whose policy names scripts by a number used once, and lets them load others or not."""
SHOWN = {"", "next", "slow", *STRICT}
PATIENCE_S = 15
SLOW_S = 3.2


class _Handler(BaseHTTPRequestHandler):
    script: ClassVar[str] = ""
    key: ClassVar[str] = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].lstrip("/")
        if path == "favicon.ico":
            self.send_response(204)
            self.end_headers()
            return
        if path == "slow":
            time.sleep(SLOW_S)
        if path.startswith("npm/"):
            self._send((CLIENTS / path.removeprefix("npm/")).read_bytes(), "text/javascript")
            return
        file = PAGES / ("index.html" if path in SHOWN or path.startswith("for/") else path)
        found = file.is_file()
        body = (
            (file.read_bytes() if found else b"nothing here")
            .replace(b"SCRIPT", self.script.encode())
            .replace(b"KEY", self.key.encode())
            .replace(b"<script ", b'<script nonce="once" ' if path in STRICT else b"<script ")
        )
        self._send(body, TYPES.get(file.suffix, "text/plain"), 200 if found else 404)

    def _send(self, body: bytes, content_type: str, status: int = 200) -> None:
        host = self.script.partition("/sdk/")[0]
        scripts = STRICT.get(self.path.lstrip("/"), f"'self' {host}")
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        policy = f"default-src 'self'; script-src {scripts}; connect-src 'self' {host}"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@dataclass
class Shop:
    """Where it is, and the workspace that its customers' signals reach."""

    house: House
    workspace: str
    address: str
    token: str
    key: str

    def events(self, session: str = "") -> list[dict[str, Any]]:
        """What is stored, oldest first; of one browser where its anonymous id is given."""
        asked = urllib.request.Request(
            f"{self.house.address}/api/v1/events?limit=500" + (f"&person={session}" if session else ""),
            headers={"Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            found: list[dict[str, Any]] = json.load(answer)["items"]
        return found

    def wait_for(self, page: Page, enough: Callable[[list[str]], bool]) -> list[dict[str, Any]]:
        """The events of a page's browser, as soon as their names are enough."""
        who = anonymous_id(page)
        until_s = time.monotonic() + PATIENCE_S
        while True:
            found = self.events(who)
            if enough([str(one["event"]) for one in found]):
                return found
            assert time.monotonic() < until_s, [one["event"] for one in found]
            page.wait_for_timeout(200)


def anonymous_id(page: Page) -> str:
    """As soon as it is stored; asked from here, for the policy of the shop lets no page wait for a text of code."""
    until_s = time.monotonic() + PATIENCE_S
    while (found := page.evaluate("localStorage.getItem('nous_anonymous')")) is None:
        assert time.monotonic() < until_s, "nothing is stored in the browser"
        page.wait_for_timeout(50)
    return str(found)


def stored(page: Page) -> list[str]:
    """The names of all that our script keeps in a browser."""
    names: list[str] = page.evaluate(
        "[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((one) => one.startsWith('nous'))"
    )
    return [*names, *(cookie["name"] for cookie in page.context.cookies())]  # type: ignore[typeddict-item]


@contextmanager
def shop_of(house: House) -> Iterator[Shop]:
    """Open a shop whose signals go to a workspace of its own; a house may see many."""
    slug = f"shop-{secrets.token_hex(4)}"
    made = json.loads(house.nous("workspace", "create", slug, "--json"))
    script = f"{house.address}/sdk/nous.js"
    handler = type("Handler", (_Handler,), {"script": script, "key": made["write_key"]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Shop(house, slug, f"http://127.0.0.1:{server.server_port}", made["api_token"], made["write_key"])
    finally:
        server.shutdown()
        server.server_close()


def visitor(browser: Browser, **options: Any) -> BrowserContext:
    """Somebody who never came before."""
    return browser.new_context(viewport={"width": 1280, "height": 900}, **options)
