"""A furnished installation that a real server serves to a real browser."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.counterparts import CHROMIUM, require
from tests.places import ROOT
from tests.records import ready

AXE = ROOT / "browser/node_modules/axe-core/axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_S = 30
SHOP = """
[journey]
id = "shop"
name = "Shop"
currency = "USD"
hourly_wage = 20.0
[[step]]
id = "pay"
name = "Pay"
starts = { event = "Cart" }
completes = { event = "Paid" }
within = "30m"
"""
"""A journey of the only workspace."""


@dataclass
class House:
    """The address, what stands in the workspace, and the state of an owner's browser."""

    address: str
    environment: dict[str, str]
    things: dict[str, Any]
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def workspace(self) -> str:
        return f"{self.address}/w/{self.things['workspace']}"

    def one_time_address(self, number: int = 0) -> str:
        return f"{self.address}/sign-in/{self.things['secrets'][number]}"

    def nous(self, *arguments: str) -> str:
        """What a command prints."""
        command = [str(Path(sys.executable).with_name("nous")), *arguments]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    def python(self, *arguments: str) -> str:
        """Run Python on this installation; answers what it prints."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def sign_in_address(self, email: str) -> str:
        asked = ("member", "sign-in", email, "--workspace", str(self.things["workspace"]), "--json")
        secret = json.loads(self.nous(*asked))["address"].rsplit("/", 1)[-1]
        return f"{self.address}/sign-in/{secret}"


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(home: Path, port: int, **settings: str) -> dict[str, str]:
    return {
        **os.environ,
        "NOUS_HOME": str(home),
        "NOUS_ADDRESS": f"http://localhost:{port}",
        "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("src", "demo", ".")),
        "DJANGO_SETTINGS_MODULE": "nousnous.site.settings",
        **settings,
    }


def furnished(home: Path) -> House:
    """Fill a home; takes some seconds. Its provider of sign-in need not run before somebody comes that way."""
    provider = {
        "NOUS_OIDC_ISSUER": f"http://localhost:{free_port()}",
        "NOUS_OIDC_CLIENT_ID": "nous",
        "NOUS_OIDC_CLIENT_SECRET": "a secret of the provider",
    }
    environment = environment_of(ready(home), free_port(), **provider)
    furnish = [sys.executable, str(Path(__file__).with_name("furnish.py"))]
    done = subprocess.run(furnish, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return House(environment["NOUS_ADDRESS"], environment, json.loads(done.stdout))


@contextmanager
def served(house: House) -> Iterator[House]:
    """Serve it until the end of the block."""
    port = house.address.rsplit(":", 1)[-1]
    serve = [str(Path(sys.executable).with_name("nous")), "serve", "--port", port]
    with running(serve, house.environment, f"{house.address}/sign-in/"):
        yield house


@contextmanager
def running(command: Sequence[str], environment: dict[str, str], address: str) -> Iterator[None]:
    """Keep a server running once its address answers."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(address, server)
            yield
        finally:
            server.terminate()


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    until_s = time.monotonic() + PATIENCE_S
    while True:
        assert server.poll() is None, f"the server of {address} ended with {server.returncode}"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if time.monotonic() > until_s:
                raise
            time.sleep(0.1)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; within the block no Django of this process may be asked for records, for Playwright holds a loop."""
    from playwright.sync_api import sync_playwright

    program = require(CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
