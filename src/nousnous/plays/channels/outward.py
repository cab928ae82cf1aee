"""Calls to servers of others: within a time limit, no redirects, and never into our own network.

Whether an address is private is asked of what the name resolves to at the moment of connecting, and to just that
the connection is made: a name that answers differently the second time gets nowhere.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from nousnous.base.errors import Refused, Unavailable

LIMIT_S: Final = 10.0
MOST_BYTES: Final = 1_000_000


class Disconnected(Refused):
    """The other side takes nothing over this connection until somebody mends it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; names of headers in small letters, at most the first megabyte of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body or b"null")
        except ValueError:
            return None


def call(method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask a server; Disconnected where it may not be asked, Unavailable where it does not answer in time."""
    parts = urlsplit(checked(address))
    host, limit = parts.hostname or "", LIMIT_S
    connection = _connection(parts.scheme, host, parts.port, limit)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    watch = threading.Timer(limit, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target, body, {"User-Agent": "Nous-Nous", **(headers or {})})
        response = connection.getresponse()
        found = response.read(MOST_BYTES)
        if response.length and len(found) < MOST_BYTES:
            raise http.client.IncompleteRead(found, response.length)
    except (OSError, http.client.HTTPException) as trouble:
        raise Unavailable(f"{host} did not answer within {limit:.0f} s or broke off: {trouble}.") from trouble
    finally:
        watch.cancel()
        connection.close()
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, found)


def checked(address: str) -> str:
    """An address that can be called; the name is resolved when it is."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not address.isascii() or any(sign <= " " for sign in address):
        raise Refused(f"“{address[:100]}” is no address; write one such as https://example.com/path.")
    if address.startswith("http:") and not settings.NOUS.private_addresses:
        raise Refused("The address begins with http:, which everybody on the way can read; use https.")
    return address


def _connection(scheme: str, host: str, port: int | None, limit: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return _Safe(host, port or 443, timeout=limit, context=ssl.create_default_context())
    return _Plain(host, port or 80, timeout=limit)


class _Plain(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = _socket_to(self.host, self.port, self.timeout)


class _Safe(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, *, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._told = context

    def connect(self) -> None:
        self.sock = self._told.wrap_socket(_socket_to(self.host, self.port, self.timeout), server_hostname=self.host)


def _socket_to(host: str, port: int, timeout: float | None) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [one for one in found if settings.NOUS.private_addresses or _is_public(str(one[4][0]))]
    if not allowed:
        raise Disconnected(f"{host} is an address of a private network; channels lead to public ones.")
    trouble: OSError = OSError("no address")
    for family, kind, protocol, _, place in allowed:
        made = socket.socket(family, kind, protocol)
        made.settimeout(timeout)
        try:
            made.connect(place)
        except OSError as error:
            made.close()
            trouble = error
        else:
            return made
    raise trouble


def _is_public(address: str) -> bool:
    """Whether an address belongs to the internet, also where it is an IPv4 one dressed as IPv6.

    >>> [_is_public(one) for one in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1%eth0")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    embedded = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (embedded or found).is_global and not found.is_multicast


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a call whose server sends a byte now and then, which no time limit of a socket notices."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself
