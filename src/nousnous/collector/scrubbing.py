"""What tells who somebody is or opens their account, taken out of texts once more when they arrive.

The same rules as `browser/sdk/scrub.ts`; `tests/collector/scrubbing.json` holds both to the same cases. Where a cheap
look finds nothing, nothing is decoded or copied.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec

from nousnous.collector.entries import Entry

LIBRARY = "nous.js"
"""What our own script calls itself; what servers send, their workspaces send on purpose."""

_NOT_WITHIN = r"(?<![\w.+-])"
_EMAIL = _NOT_WITHIN + r"[\w.+À-я-]+(?:@|%40)[\wÀ-я-]+(?:\.[\wÀ-я-]+)+"
_NAMED = _NOT_WITHIN + r"(?:[A-ZÀ-Я][^\s<(\"@%/]{0,30}(?<![a-z]\.)[\s<(\"]+){0,3}"
"""Up to three words right before an address that begin with a capital: they are the name of who is written to. The end
of a sentence is none, an initial is.
"""
_TOKEN = r"(?<![\w-])eyJ[\w-]+\.[\w.-]+|\b(?:sk|pk|gh[a-z]|xox[a-z]|bearer)[-_ ][\w-]{12,}"  # noqa: S105 - a pattern
_HASH = r"\b(?=\w*\d)(?=\w*[a-z])\w{32,}\b"
_IBAN = r"\b[a-z]{2}\d{2}(?:[ -]?[a-z\d]{4}){2,7}(?:[ -]?[a-z\d]{1,3})?\b"
_CARD = r"\b\d(?:[ -]?\d){12,18}\b"
_ADDRESS = r"\bhttps?://[^\s\"'<>()]+"
_FLAGS = re.IGNORECASE | re.ASCII

_email = re.compile(_NAMED + _EMAIL.removeprefix(_NOT_WITHIN), re.ASCII)
_token, _hash, _iban, _card, _address = (
    re.compile(pattern, _FLAGS) for pattern in (_TOKEN, _HASH, _IBAN, _CARD, _ADDRESS)
)
# In JSON, numbers with thirteen digits are moments, and what follows a point is no card.
_written_card = r"(?<!\d\.)(?!1\d{12}\b)" + _CARD
_marked_address = r"https?://[^\s\"'<>()?#@]*[?#@]"
_suspect = re.compile("|".join((_EMAIL, _TOKEN, _HASH, _IBAN, _written_card, _marked_address)).encode(), re.IGNORECASE)
_id_name = re.compile(r"(^|_)id$|Id$")
_anything = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()
_UNQUOTED = "!'()*~-_."
_NAMES = {"class", "id", "name", "for", "type", "tagName", "style", "_cssText", "rule", "replace", "replaceSync"}
"""Of recordings: what developers called things, where long names are no tokens."""
_DRAWN = {"d", "points"}
_numbers_alone = re.compile(r"[\d\s.,+\-eachlmqstvz]*", _FLAGS)
"""Of recordings: lines of drawings, whose numbers side by side would be cards."""


def clean_text(text: str, kept: frozenset[str] = frozenset()) -> str:
    """A text without e-mail addresses, tokens, accounts and cards; its addresses without what is not kept of them.

    >>> clean_text("ada@example.org paid with 4111 1111 1111 1111")
    '[email] paid with [card]'
    """
    shortened = _address.sub(lambda found: clean_address(found[0], kept), text) if "://" in text else text
    return _hash.sub("[token]", clean_name(shortened))


def clean_name(text: str) -> str:
    """A name that developers gave: long ones of letters and numbers are no tokens there, but classes and files."""
    cleaned = _iban.sub(_account_hidden, _token.sub("[token]", _clean_mail(text)))
    return _card.sub(_card_hidden, cleaned)


def _clean_mail(text: str) -> str:
    return _email.sub("[email]", text) if "@" in text or "%40" in text else text


def clean_address(address: str, kept: frozenset[str] = frozenset()) -> str:
    """An address without user, fragment, and parameters that are not kept.

    >>> clean_address("https://ada@shop.example/for/ada@example.org?page=2&mail=x#top", {"page"})
    'https://shop.example/for/[email]?page=2'
    """
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return clean_name(address)
    if not parts.scheme:
        return clean_name(address)
    plain = unquote(parts.path)
    cleaned = clean_text(plain, kept)
    path = parts.path if cleaned == plain else cleaned
    listed = [f"{name}={quote(clean_text(value, kept), safe=_UNQUOTED)}" for name, value in pairs if name in kept]
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{path}" + (f"?{'&'.join(listed)}" if listed else "")


def clean_value(value: Any, kept: frozenset[str], name: str = "") -> Any:
    """Every text within a value, names too. Ids may look like tokens; without them no order could be told apart."""
    if isinstance(value, str):
        return _clean_mail(value) if _id_name.search(name) else clean_text(value, kept)
    if isinstance(value, list):
        return [clean_value(one, kept, name) for one in value]
    if isinstance(value, dict):
        return {clean_name(key): clean_value(one, kept, key) for key, one in value.items()}
    return value


def clean_entry(entry: Entry, kept: frozenset[str]) -> Entry:
    """An event of our own script, cleaned in place; those of others stay as they came."""
    library = entry.context.get("library")
    if not isinstance(library, dict) or library.get("name") != LIBRARY or not _suspect.search(entry.raw):
        return entry
    entry.event, entry.raw_event = (one and clean_text(one, kept) for one in (entry.event, entry.raw_event))
    entry.properties, entry.context = clean_value(entry.properties, kept), clean_value(entry.context, kept)
    entry.hints = clean_value(entry.hints, kept)
    return entry


def clean_recording(events: bytes, kept: frozenset[str]) -> bytes:
    """The JSON of recorded events; what is no JSON that can be read stays as it came."""
    if not _suspect.search(events):
        return events
    try:
        return _encoder.encode(_clean_recorded(_anything.decode(events), kept, ""))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return events


def clean_broken(body: bytes) -> bytes:
    """What cannot be read of a recording, cleaned as a text; nothing of it where it is none: who knows what it shows.

    >>> clean_broken(b'{"text": "ada@example.org'), clean_broken(bytes([31, 139, 8, 0]))
    (b'{"text": "[email]', b'')
    """
    try:
        return clean_text(body.decode()).encode()
    except UnicodeDecodeError:
        return b""


def clean_own(body: bytes) -> bytes:
    """What could not be kept as an event, cleaned as a text where our own script says that it sent it."""
    return clean_broken(body) if f'"{LIBRARY}"'.encode() in body else body


def _clean_recorded(value: Any, kept: frozenset[str], name: str) -> Any:
    if isinstance(value, str):
        if name in _DRAWN and _numbers_alone.fullmatch(value):
            return value
        return clean_name(value) if name in _NAMES else clean_text(value, kept)
    if isinstance(value, list):
        return [_clean_recorded(one, kept, name) for one in value]
    if isinstance(value, dict):
        return {key: _clean_recorded(one, kept, key) for key, one in value.items()}
    return value


def _account_hidden(found: re.Match[str]) -> str:
    """ISO 13616: the number, its first four signs moved to the end, letters as numbers from 10, is 1 modulo 97."""
    plain = re.sub("[ -]", "", found[0])
    number = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return "[iban]" if int(number) % 97 == 1 else found[0]


def _card_hidden(found: re.Match[str]) -> str:
    """Luhn's sum, from the right."""
    digits = [int(sign) for sign in reversed(found[0]) if sign.isdigit()]
    doubled = [digit * (1 + place % 2) for place, digit in enumerate(digits)]
    return "[card]" if sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0 else found[0]
