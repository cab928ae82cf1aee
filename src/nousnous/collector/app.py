"""The ingest application: raw ASGI, no Django in the way of a request.

200 means that the body stands on disk; what in it can be kept is decided when it is loaded. A wrong key is 401, more
than 4 MiB 413, nothing readable 400, a log that cannot be written 503 with Retry-After.
"""

import asyncio
import base64
import binascii
import logging
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from nousnous.base import clock
from nousnous.base.errors import Refused, Unavailable
from nousnous.collector.bodies import MOST_BYTES, TooLarge, unpack
from nousnous.collector.dialects import Answer, Asked
from nousnous.collector.dialects.routes import Route, route_of
from nousnous.collector.entries import Arrival
from nousnous.collector.keys import Keys
from nousnous.collector.log import Log
from nousnous.collector.parsing import keys_in, object_of
from nousnous.collector.scripts import BEFORE as SCRIPTS
from nousnous.collector.scripts import script_at

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEALTH_PATH = "/healthz"
RETRY_AFTER_S = 2
DRAINED_BYTES = 64 * 1024 * 1024
"""A body over the limit is read to its end, up to here, so that the client hears 413 and not a broken pipe."""

logger = logging.getLogger(__name__)


def handles(path: str) -> bool:
    """Whether a path belongs to the collector, for whoever serves it beside other things."""
    return route_of(path) is not None or path.startswith(SCRIPTS)


class Collector:
    """The application with its log and its keys; it belongs to the event loop that first calls it."""

    def __init__(self, log: Log | None = None) -> None:
        self._log = log
        self._keys = Keys()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        extra: list[tuple[bytes, bytes]] = []
        try:
            answer = await self._answer(scope, headers, receive)
        except TooLarge as trouble:
            answer = _refusal(413, trouble.sentence)
        except Refused as trouble:
            answer = _refusal(400, trouble.sentence)
        except Unavailable as trouble:
            answer = _refusal(503, trouble.sentence)
            extra.append((b"retry-after", str(RETRY_AFTER_S).encode()))
        except Exception:
            logger.exception("The collector failed at %s", scope["path"])
            answer = _refusal(503, "The collector failed; try again later.")
            extra.append((b"retry-after", str(RETRY_AFTER_S).encode()))
        await _send(send, answer, [*extra, *_cross_origin(headers)])

    def close(self) -> None:
        """Finish the log's segment and let go of the database."""
        if self._log is not None:
            self._log.close()
        self._keys.close()

    async def _answer(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        route = route_of(scope["path"])
        if scope["method"] == "OPTIONS":
            return Answer(200)
        if scope["path"] == HEALTH_PATH:
            await self._keys.check()
            return Answer.json({"status": "ok"})
        if (script := script_at(scope["path"], packed=b"gzip" in headers.get(b"accept-encoding", b""))) is not None:
            return script
        if route is None:
            return _refusal(404, "There is nothing here; clients are pointed at the host alone.")
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), max_num_fields=100)
        body = await _body(headers, receive)
        if route.settings is not None:
            return await self._settings(route, query, headers, scope, body)
        return await self._accept(route, query, headers, scope["path"], body)

    async def _accept(
        self, route: Route, query: list[tuple[str, str]], headers: dict[bytes, bytes], path: str, body: bytes
    ) -> Answer:
        received_us = clock.now_us()
        if not body:
            body = next((value for name, value in query if name == "data"), "").encode()
        plain = unpack(body)
        source = await self._keys.source([*_named_keys(route, query, headers), *keys_in(plain)])
        if source is None:
            return _refusal(401, "No valid write key came with this request.")
        note = _note(headers) if route.dialect.name == "cloudevents" else ""
        arrival = Arrival(
            source.workspace_id, source.id, route.dialect.name, path.rstrip("/"), received_us, note, plain
        )
        await self._writer().append(arrival)
        return route.dialect.accepted

    async def _settings(
        self, route: Route, query: list[tuple[str, str]], headers: dict[bytes, bytes], scope: Scope, body: bytes
    ) -> Answer:
        candidates = _named_keys(route, query, headers)
        plain = unpack(body) if body else b""
        if plain:
            candidates += keys_in(plain)
        source = await self._keys.source(candidates)
        if source is None or route.settings is None:
            return _refusal(401, "No valid write key came with this request.")
        scheme = headers.get(b"x-forwarded-proto", scope.get("scheme", "http").encode()).decode("latin-1")
        host = headers.get(b"host", b"localhost").decode("latin-1")
        asked = Asked(source.key, source.id, scheme, host, source.told, source.workspace_id, object_of(plain))
        return await asyncio.to_thread(_settled, route.settings, asked)

    def _writer(self) -> Log:
        if self._log is None:
            self._log = Log(settings.NOUS.home / "log", settings.NOUS.log_megabytes * 1024 * 1024)
        return self._log


application = Collector()
_AS_SAID = (b"x-content-type-options", b"nosniff")


def _settled(settle: Callable[[Asked], Answer], asked: Asked) -> Answer:
    """An answer that may have to look into the records, in a thread of its own."""
    try:
        return settle(asked)
    except DatabaseError:
        raise Unavailable("The records are away; try again later.") from None
    finally:
        close_old_connections()


def _named_keys(route: Route, query: list[tuple[str, str]], headers: dict[bytes, bytes]) -> list[str]:
    """The keys that stand outside of the body: by Basic or Bearer, in the query, in the path."""
    found = list(_authorised(headers.get(b"authorization", b"")))
    found += [value for name, value in query if name in {"writeKey", "api_key", "token", "key"} and value]
    return [*found, route.key] if route.key else found


def _authorised(header: bytes) -> Iterator[str]:
    kind, _, value = header.partition(b" ")
    if kind.lower() == b"basic":
        try:
            user, _, password = base64.b64decode(value.strip()).decode("utf-8", "replace").partition(":")
        except binascii.Error:
            return
        yield from (key for key in (user, password) if key)
    elif kind.lower() == b"bearer":
        yield value.strip().decode("latin-1")


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    """The whole body; TooLarge above 4 MiB, after what comes was read."""
    parts: list[bytes] = []
    size, more = 0, True
    declared = headers.get(b"content-length", b"0")
    over = declared.isdigit() and int(declared) > MOST_BYTES
    while more and size < DRAINED_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused("The client went away before its body was read.")
        part = message.get("body", b"")
        size += len(part)
        over = over or size > MOST_BYTES
        if over:
            parts.clear()
        else:
            parts.append(part)
        more = message.get("more_body", False)
    if over:
        raise TooLarge("The body has more than 4 MiB; send smaller batches.")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _note(headers: dict[bytes, bytes]) -> str:
    kept = (name for name in sorted(headers) if name.startswith(b"ce-"))
    return "\r\n".join(f"{name.decode('latin-1')}: {headers[name].decode('latin-1')}" for name in kept)


def _refusal(status: int, sentence: str) -> Answer:
    return Answer.json({"success": False, "message": sentence, "detail": sentence, "code": status}, status)


def _cross_origin(headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """Any origin may send, and read its answer and how long to wait: keys, not cookies, say what is allowed."""
    origin = headers.get(b"origin")
    if origin is None:
        return [(b"access-control-allow-origin", b"*")]
    allowed = [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"retry-after"),
        (b"vary", b"Origin"),
    ]
    if b"access-control-request-method" in headers:
        wanted = headers.get(b"access-control-request-headers", b"content-type, authorization")
        allowed += [
            (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
            (b"access-control-allow-headers", wanted),
            (b"access-control-max-age", b"86400"),
        ]
    if b"access-control-request-private-network" in headers:
        allowed.append((b"access-control-allow-private-network", b"true"))
    return allowed


async def _send(send: Send, answer: Answer, extra: list[tuple[bytes, bytes]]) -> None:
    described = [(b"content-type", answer.content_type), (b"content-length", str(len(answer.body)).encode()), _AS_SAID]
    headers = [*described, *answer.headers, *extra]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
