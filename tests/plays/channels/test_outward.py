"""Calls to servers of others stay out of our own network, follow nobody elsewhere, and end."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from nousnous.base.errors import Refused, Unavailable
from nousnous.plays.channels import outward


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


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.1.2.3", "2130706433"])
def test_what_leads_into_our_own_network_is_refused(host: str) -> None:
    with pytest.raises(Refused, match="private network"):
        outward.call("GET", f"https://{host}/")


def test_a_name_that_answers_otherwise_the_second_time_gets_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def rebound(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        place = "192.0.2.1" if len(asked) > 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with pytest.raises(Refused, match="private network"):
        outward.call("GET", "https://rebinding.example/")
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize(
    "address", ["ftp://a.example/", "https://", "https://ada:x@a.example/", "https://a.example:x/", "https://a b/", "x"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="no address"):
        outward.checked(address)


def test_plain_http_is_refused() -> None:
    with pytest.raises(Refused, match="use https"):
        outward.checked("http://a.example/")
