"""A request's body as it was before the wire: told by its bytes, whatever the headers say about it."""

import base64
import binascii
import re
import zlib
from urllib.parse import parse_qs

from nousnous.base.errors import Refused

MOST_BYTES = 4 * 1024 * 1024
MOST_LAYERS = 5  # gzip in base64 in a form in gzip is the deepest that any client was seen to send
MOST_PARTS = 64  # each that follows another costs a copy of the rest

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_BASE64 = re.compile(rb"[A-Za-z0-9+/_\-\s]+={0,2}\s*")


class TooLarge(Refused):
    """The body is over the limit, as it came or unpacked."""


def unpack(body: bytes) -> bytes:
    """The JSON text inside of a body: gzip, zlib, form and base64 layers taken off, a byte order mark skipped.

    Refused when there is no JSON object or array in it, TooLarge when a layer holds more than 4 MiB.

    >>> unpack(base64.b64encode(zlib.compress(b"[1]")))
    b'[1]'
    """
    for _ in range(MOST_LAYERS):
        if len(body) > MOST_BYTES:
            raise TooLarge("The body holds more than 4 MiB; send smaller batches.")
        body = body.removeprefix(_BYTE_ORDER_MARK).lstrip()
        if body[:1] in {b"{", b"["}:
            return body
        body = _without_layer(body)
    raise Refused("The body is packed too many times over.")


def _without_layer(body: bytes) -> bytes:
    if body.startswith(_GZIP):
        return _inflated(body, 31)
    if body[:1] == b"x" and len(body) > 1 and int.from_bytes(body[:2], "big") % 31 == 0:
        return _inflated(body, 15)
    if data := _form_data(body):
        return data
    if len(body) > 1 and _BASE64.fullmatch(body):
        return _from_base64(body)
    raise _nothing()


def _nothing() -> Refused:
    return Refused("The body holds neither a JSON object nor a JSON array.")


def _inflated(body: bytes, window_bits: int) -> bytes:
    """Unpacked, also where several packed parts follow each other, and never more than a byte over the limit."""
    parts: list[bytes] = []
    room = MOST_BYTES + 1
    try:
        while body and room > 0:
            if len(parts) == MOST_PARTS:
                raise Refused("The body is packed in too many parts.")
            unpacker = zlib.decompressobj(window_bits)
            part = unpacker.decompress(body, room)
            if not unpacker.eof and len(part) < room:
                raise Refused("The body ends before it is unpacked.")
            parts.append(part)
            room -= len(part)
            body = unpacker.unused_data if unpacker.unused_data.startswith(_GZIP) else b""
    except zlib.error:
        raise Refused("The body cannot be unpacked.") from None
    return b"".join(parts)


def _form_data(body: bytes) -> bytes:
    """The field `data` of a form."""
    if b"data=" not in body[:4096]:
        return b""
    try:
        fields = parse_qs(body.strip(), max_num_fields=20)
    except ValueError:
        return b""
    return fields.get(b"data", [b""])[0].replace(b" ", b"+")


def _from_base64(text: bytes) -> bytes:
    plain = b"".join(text.split()).rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        raise _nothing() from None
