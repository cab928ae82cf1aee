"""Calls to servers of others: within a time limit, no redirects, and never into our own network.

Whether an address is private is asked of what the name resolves to at the moment of connecting, and to just that
the connection is made: a name that answers differently the second time gets nowhere. No other part may call out.
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
_INTERNET: Final = ipaddress.ip_network("2000::/3")
_KEEPERS: Final = tuple(
    ipaddress.ip_network(one)
    for one in (
        *("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128"),
        *("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"),
    )
)
"""Where clouds hand their keys to whatever asks from the machine: closed even where private addresses are open."""
_DRESSED: Final = tuple(
    (ipaddress.IPv6Network(network), shift)
    for network, shift in (
        *(("::/96", 0), ("::ffff:0:0/96", 0), ("::ffff:0:0:0/96", 0)),  # compatible, mapped, translated
        *(("64:ff9b::/96", 0), ("2002::/16", 80)),  # NAT64, 6to4
    )
)
"""Networks of IPv6 whose addresses hold one of IPv4, and by how many bits from the right it stands."""


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


def call(
    method: str,
    address: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    trusted: str = "",
) -> Answer:
    """Ask a server; Disconnected where it may not be asked, Unavailable where it does not answer in time.

    `trusted` is a host that the settings of the installation name: it may be in our own network.
    """
    parts = urlsplit(checked(address, trusted))
    host, limit = parts.hostname or "", LIMIT_S
    inside = bool(trusted) and host == trusted
    connection = _connection(parts.scheme, _Place(host, parts.port, limit, inside=inside))
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


def checked(address: str, trusted: str = "") -> str:
    """An address that can be called; the name is resolved when it is."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not address.isascii() or any(sign <= " " for sign in address):
        raise Refused(f"“{address[:100]}” is no address; write one such as https://example.com/path.")
    if parts.scheme == "http" and not settings.NOUS.private_addresses and parts.hostname != (trusted or None):
        raise Refused("The address begins with http:, which everybody on the way can read; use https.")
    return address


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a connection leads; `inside` says that it may be in our own network."""

    host: str
    port: int | None
    limit: float
    inside: bool


def _connection(scheme: str, place: _Place) -> http.client.HTTPConnection:
    return _Safe(place) if scheme == "https" else _Plain(place)


class _Plain(http.client.HTTPConnection):
    def __init__(self, place: _Place) -> None:
        super().__init__(place.host, place.port or 80, timeout=place.limit)
        self._place = place

    def connect(self) -> None:
        self.sock = _socket_to(self._place, self.port)


class _Safe(http.client.HTTPSConnection):
    def __init__(self, place: _Place) -> None:
        self._told, self._place = ssl.create_default_context(), place
        super().__init__(place.host, place.port or 443, timeout=place.limit, context=self._told)

    def connect(self) -> None:
        self.sock = self._told.wrap_socket(_socket_to(self._place, self.port), server_hostname=self.host)


def _socket_to(asked: _Place, port: int) -> socket.socket:
    found = socket.getaddrinfo(asked.host, port, type=socket.SOCK_STREAM)
    allowed = [one for one in found if _is_open(str(one[4][0]), inside=asked.inside)]
    if not allowed:
        raise Disconnected(f"{asked.host} is an address of a private network; only public ones are called.")
    trouble: OSError = OSError("no address")
    for family, kind, protocol, _, place in allowed:
        made = socket.socket(family, kind, protocol)
        made.settimeout(asked.limit)
        try:
            made.connect(place)
        except OSError as error:
            made.close()
            trouble = error
        else:
            return made
    raise trouble


def _is_open(address: str, *, inside: bool = False) -> bool:
    """Whether an address may be connected to: one of the internet, or any but a keeper of keys where that is allowed.

    >>> [_is_open(one) for one in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "fe80::1%eth0")]
    [True, False, False, False, False]
    >>> [_is_open(one, inside=True) for one in ("10.0.0.1", "169.254.169.254", "::ffff:169.254.169.254")]
    [True, False, False]
    """
    found = _undressed(ipaddress.ip_address(address.partition("%")[0]))
    if any(found in network for network in _KEEPERS):
        return False
    if inside or settings.NOUS.private_addresses:
        return True
    return found.is_global and not found.is_multicast and (found.version == 4 or found in _INTERNET)


def _undressed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of IPv4 that one of IPv6 stands for, where it stands for one."""
    own = address in _DRESSED[0][0] and int(address) <= 1  # `::` and `::1` are IPv6's own
    shift = next((bits for network, bits in _DRESSED if address in network and not own), None)
    return address if shift is None else ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a call whose server sends a byte now and then, which no time limit of a socket notices."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself
