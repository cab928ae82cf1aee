"""JSON of unknown clients: fast where it is well made, and one broken event costs no neighbour where it is not."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from nousnous.base.errors import Refused

MOST_EVENT_BYTES = 32 * 1024
MOST_DEPTH = 64

_TOKENS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]', re.DOTALL)
_KEYS = re.compile(rb'"(?:writeKey|api_key|token|\$token)"\s*:\s*"([^"\\]{1,200})"')
_SURROGATES = re.compile("[\ud800-\udfff]")


class Faulty(Refused):
    """What is wrong with one entry; its sentence is the reason in quarantine."""


class _Properties(msgspec.Struct):
    token: Any = None


class _Keyed(msgspec.Struct, rename={"write_key": "writeKey", "dollar_token": "$token"}):
    write_key: Any = None
    api_key: Any = None
    token: Any = None
    dollar_token: Any = None
    properties: Any = None


class _Batch(msgspec.Struct, rename={"sent_by": "sentAt"}):
    batch: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    sent_by: Any = None
    sent_at: Any = None
    context: Any = None


_keyed = msgspec.json.Decoder(_Keyed)
_batch = msgspec.json.Decoder(_Batch)
_entries = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()
_sorted_encoder = msgspec.json.Encoder(order="deterministic")


def keys_in(body: bytes) -> list[str]:
    """The write keys that a JSON body names; Refused when nothing in it can be read."""
    try:
        if body[:1] == b"[":
            entries = _entries.decode(body)
            return _keys_of(_keyed.decode(entries[0])) if entries else []
        return _keys_of(_keyed.decode(body))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _keys_of_odd(body)


def _keys_of(keyed: _Keyed) -> list[str]:
    inner = keyed.properties.get("token") if isinstance(keyed.properties, dict) else None
    found = (keyed.write_key, keyed.api_key, keyed.token, keyed.dollar_token, inner)
    return [key for key in found if isinstance(key, str) and key]


def _keys_of_odd(body: bytes) -> list[str]:
    try:
        _tolerant(body)
    except RecursionError:
        pass  # its structure is the loader's to find out; too deep an event is put in quarantine there
    except ValueError:
        raise Refused("The body is no JSON that can be read.") from None
    return [key.decode("utf-8", "replace") for key in _KEYS.findall(body)]


def entries_of(body: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What stands around the events of a body, and the JSON of each: of its list, of its `batch`, or it alone."""
    in_list = body[:1] == b"["
    try:
        if in_list:
            return {}, [bytes(entry) for entry in _entries.decode(body)]
        found = _batch.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _split(body, in_list=in_list)
    if isinstance(found.batch, msgspec.UnsetType):
        return {}, [body]
    around = {"sentAt": found.sent_by, "sent_at": found.sent_at, "context": found.context}
    return around, [bytes(entry) for entry in found.batch]


def value_of(entry: bytes) -> dict[str, Any]:
    """One event's JSON as an object; Faulty with the reason when it is none, too large or too deep."""
    if len(entry) > MOST_EVENT_BYTES:
        raise Faulty(f"The event has {len(entry)} bytes; at most {MOST_EVENT_BYTES} are kept.")
    if depth_of(entry) > MOST_DEPTH:
        raise Faulty(f"The event is nested more than {MOST_DEPTH} deep.")
    try:
        value = _anything.decode(entry)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        try:
            value = _clean(_tolerant(entry))
        except ValueError:
            raise Faulty("The event is no JSON that can be read.") from None
    if not isinstance(value, dict):
        raise Faulty("The event is no JSON object.")
    return value


def object_of(entry: bytes) -> dict[str, Any]:
    """JSON of any size and depth as an object; empty when it is none that can be read."""
    try:
        value = _clean(_tolerant(entry))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def depth_of(entry: bytes) -> int:
    """How deeply objects and lists are nested, at most; exact only where it could be over the limit.

    >>> depth_of(b'{"a":[1]}') <= 2
    True
    """
    if (brackets := entry.count(b"{") + entry.count(b"[")) <= MOST_DEPTH:
        return brackets
    depth = deepest = 0
    for match in _TOKENS.finditer(entry):
        token = match[0]
        if token in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif token in b"}]":
            depth -= 1
    return deepest


def text_of(value: Any, *, in_order: bool = False) -> str:
    """A value as JSON text, also where its numbers are larger than 64 bits."""
    try:
        return (_sorted_encoder if in_order else _encoder).encode(value).decode()
    except OverflowError:
        return json.dumps(value, ensure_ascii=False, sort_keys=in_order, separators=(",", ":"))


def _tolerant(text: bytes) -> Any:
    """JSON with lone surrogates, raw control characters, NaN, or numbers that no machine holds (kept as texts)."""
    return json.loads(
        text.decode("utf-8", "replace"), strict=False, parse_int=_whole, parse_float=_real, parse_constant=str
    )


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= 300 else digits


def _real(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    return value


def _split(body: bytes, *, in_list: bool) -> tuple[dict[str, Any], list[bytes]]:
    """The entries found by brackets alone, for bodies of which some entry cannot be decoded."""
    start, level = (body.index(b"["), 0) if in_list else (_start_of_batch(body), 1)
    if start < 0:
        return {}, [body]
    spans, end = [], start + 1
    for begin, finish in spans_of(body, start, level):
        spans.append(body[begin:finish].strip())
        end = finish
    try:
        around = {} if in_list else _clean(_tolerant(body[: start + 1] + body[end:]))
    except (ValueError, RecursionError):
        around = {}
    return around, [span for span in spans if span]


def _start_of_batch(body: bytes) -> int:
    depth, before = 0, b""
    for match in _TOKENS.finditer(body):
        token = match[0]
        if token in b"{[":
            if token == b"[" and depth == 1 and before == b'"batch"':
                return match.start()
            depth += 1
        elif token in b"}]":
            depth -= 1
        before = token
    return -1


def spans_of(body: bytes, start: int, level: int) -> Iterator[tuple[int, int]]:
    """Where the members of the list that opens at `start` begin and end."""
    depth, begin = level, start + 1
    for match in _TOKENS.finditer(body, start):
        token = match[0]
        if token in b"{[":
            depth += 1
        elif token in b"}]":
            depth -= 1
            if depth == level:
                yield begin, match.start()
                return
        elif token == b"," and depth == level + 1:
            yield begin, match.start()
            begin = match.end()
