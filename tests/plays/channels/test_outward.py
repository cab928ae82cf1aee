"""Calls to servers of others stay out of our own network, follow nobody elsewhere, and end."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.counterparts import NAMESPACES, UNSHARE, require
from tests.places import ROOT
from tests.plays.channels.rebinding import INSIDE, PUBLIC

from nousnous.base.errors import Refused, Unavailable
from nousnous.plays.channels import email, in_page, outward, push, slack
from nousnous.plays.channels.filling import addressed

OUTSIDE = (
    *("https://{host}/", "https://shop.example{host}", "https://{host}.shop.example/", "https://a@{host}/"),
    *("javascript:{host}", "//{host}/", "https://shop.example\\@{host}/"),
)


@pytest.fixture
def port(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that redirects at once, or else drips a byte of its answer now and then, for ever."""
    settings.NOUS = replace(settings.NOUS, private_addresses=True)
    monkeypatch.setattr(outward, "LIMIT_S", 0.4)
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                made, _ = server.accept()
            except OSError:
                return
            asked = made.recv(4096)
            if b"/moved" in asked:
                made.sendall(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
            else:
                made.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                try:
                    while not over.wait(0.05):
                        made.sendall(b"x")
                except OSError:
                    pass
            made.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(server.getsockname()[1])
    over.set()
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_server_that_never_comes_to_an_end_holds_nobody(port: int) -> None:
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="did not answer"):
        outward.call("GET", f"http://127.0.0.1:{port}/drip")
    assert time.monotonic() - begun < 2


def test_a_redirect_is_not_followed(port: int) -> None:
    assert outward.call("GET", f"http://127.0.0.1:{port}/moved").status == 302


def reached(folder: Path, **more: str) -> dict[str, Any]:
    """What calls reach in a network of their own, whose names are answered by somebody who wants in."""
    settings = {"NOUS_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "nousnous.site.settings", **more}
    script = [sys.executable, str(Path(__file__).with_name("rebinding.py")), str(folder)]
    command = [str(require(UNSHARE)), *NAMESPACES, *script]
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT / "src")}
    told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def test_the_address_that_was_looked_at_is_the_one_that_is_called(tmp_path: Path) -> None:
    found = reached(tmp_path)
    answers = {name.split()[1]: answer for name, answer in found["names"].items() if not name.startswith("0")}
    inside = dict.fromkeys(("rebinds.example", "inside.example", "mapped.example", "nat64.example"), "Disconnected")
    assert found["names"]["0 rebinds.example"] == "200"
    assert found["asked"][:2] == ["rebinds.example"] * 2, "one question a call"
    assert answers == {**inside, "both.example": "200", "moves.example": "302"}
    assert set(found["spelled"].values()) == {"Disconnected"}
    assert found["reached"] == [PUBLIC] * 3


def test_who_opens_the_private_network_opens_no_keeper_of_keys(tmp_path: Path) -> None:
    found = reached(tmp_path, NOUS_PRIVATE_ADDRESSES="1")
    assert INSIDE in found["reached"], "what the other test guards is there"
    keepers = ("169.254.169.254", "2852039166", "[fd00:ec2::254]", "168.63.129.16", "[fe80::1]")
    assert {found["spelled"][one] for one in keepers} == {"Disconnected"}


@pytest.mark.parametrize(
    "address", ["ftp://a.example/", "https://", "https://ada:x@a.example/", "https://a.example:x/", "https://a b/", "x"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="no address"):
        outward.checked(address)


def test_plain_http_is_refused() -> None:
    with pytest.raises(Refused, match="use https"):
        outward.checked("http://a.example/")


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_event_says_at_which_host_a_message_leads(address: str) -> None:
    asked: dict[str, Any] = {"subject": "x", "title": "x", "text": "x", "button": "x", "address": address}
    for way, names in (
        (email, ("subject", "text", "button", "address")),
        (push, ("title", "text", "address")),
        (in_page, ("title", "text", "button", "address")),
    ):
        with pytest.raises(Refused, match="no address"):
            way.check({name: asked[name] for name in names})
    with pytest.raises(Refused, match="no address"):
        slack.check({"text": "x", "link": address})
    with pytest.raises(Refused, match="no address"):
        addressed(address, {"host": "evil.example"})
