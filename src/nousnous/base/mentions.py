"""Whether a text names one of some ids, however it was written, and the text without them.

What a client sent may hold an id escaped as JSON, as part of an address, doubled as CSV and SQL double their quotes, or
in base64, and each within another: a text is therefore read in every way it could have been meant.
"""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_plus

NAMELESS = "an erased person"
DEPTH = 3
PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "0": "\0"}

_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\x[0-9a-fA-F]{2}|\\.", re.DOTALL)
_LETTERS = re.compile(r"[A-Za-z0-9]*")
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_BEFORE = r"(?<![\w-])(?<!\w[.@+])"
_ENDING = r"(?:csv|tsv|txt|jsonl?|parquet|xlsx?|gz|zip|html?|xml|pdf|png|jpe?g)(?![\w-])"
_AFTER = rf"(?![\w-])(?![@+]\w)(?!\.(?!{_ENDING})\w)"


@dataclass(frozen=True, slots=True)
class Mentions:
    """Some ids as whole words: `ada` stands in `ada.csv`, but neither in `ada2` nor in `ada@example.org`."""

    ids: tuple[str, ...]
    _words: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _letters: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        longest_first = sorted(filter(None, self.ids), key=len, reverse=True)
        words = "|".join(map(re.escape, longest_first)) or r"(?!)"
        object.__setattr__(self, "_words", re.compile(f"{_BEFORE}(?:{words}){_AFTER}"))
        object.__setattr__(self, "_letters", tuple(max(_LETTERS.findall(one), key=len) for one in longest_first))

    @property
    def letters(self) -> tuple[str, ...]:
        """The longest plain letters and digits of each id, for a first look by a database; perhaps none."""
        return self._letters

    def cut_at(self, length: int) -> "Mentions":
        """The same for texts of which only the beginning was kept."""
        return Mentions((*self.ids, *(one[:length] for one in self.ids if len(one) > length)))

    def stand_in(self, text: str | bytes) -> bool:
        """Whether one of the ids stands in a text, or in bytes that are one.

        >>> Mentions(("jürgen",)).stand_in('{"name":"j\\u00fcrgen"}'), Mentions(("ada",)).stand_in("ada2, b.ada@c")
        (True, False)
        """
        texts = list(_decoded(text)) if isinstance(text, bytes) else [text]
        packed = {unpack for one in texts for unpack in (one, _unpacked(one), _unpacked(unquote(one)))}
        return any(
            self._words.search(reading) for one in packed if self._may_stand_in(one) for reading in _readings(one)
        )

    def _may_stand_in(self, text: str) -> bool:
        """Nothing but base64 writes plain letters and digits otherwise, so that few texts need to be read closely."""
        return any(letters in text for letters in self._letters)

    def without(self, text: str) -> str:
        """The text with the ids taken out; all of it goes where one stands in it that is not written plainly.

        >>> Mentions(("ada",)).without("read by ada, not ada2")
        'read by an erased person, not ada2'
        """
        plain = self._words.sub(NAMELESS, text)
        return NAMELESS if self.stand_in(plain) else plain

    def without_in(self, value: Any, *, names: bool = False) -> Any:
        """A JSON value without the ids in its texts, and in its names where those are not ours."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, dict):
            return {
                self.without(name) if names else name: self.without_in(one, names=names) for name, one in value.items()
            }
        return [self.without_in(one, names=names) for one in value] if isinstance(value, list) else value


def _decoded(data: bytes) -> Iterator[str]:
    yield data.decode("utf-8", "replace")
    if b"\0" in data:
        yield from (data.decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be"))


def _readings(text: str) -> set[str]:
    """The text in every way it could have been meant."""
    readings = fresh = {text}
    for _ in range(DEPTH):
        fresh = {read(one) for one in fresh for read in _READERS} - readings
        readings |= fresh
    return readings


def _unescaped(text: str) -> str:
    return _ESCAPES.sub(_meant, text) if "\\" in text else text


def _meant(escape: re.Match[str]) -> str:
    spelled = escape[0]
    if spelled[1] == "u" and len(spelled) > 2:
        units = b"".join(int(one, 16).to_bytes(2, "big") for one in spelled.split("\\u")[1:])
        return units.decode("utf-16-be", "surrogatepass")
    if spelled[1] == "x" and len(spelled) > 2:
        return chr(int(f"0{spelled[1:]}", 0))
    return PLAIN.get(spelled[1], spelled[1])


def _unpacked(text: str) -> str:
    """What its base64 says, each on a line of its own."""
    return "\n".join(filter(None, map(_from_base64, _PACKED.findall(text))))


def _from_base64(packed: str) -> str:
    plain = packed.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


_READERS: tuple[Callable[[str], str], ...] = (
    _unescaped,
    lambda text: unquote(text) if "%" in text else text,
    lambda text: unquote_plus(text) if "%" in text else text,
    lambda text: text.replace('""', '"').replace("''", "'"),
    lambda text: html.unescape(text) if "&" in text else text,
)
