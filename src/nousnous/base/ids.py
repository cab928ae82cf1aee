"""Identifiers: random ones for records, keyed hashes for what is kept in the lake."""

import hashlib
import secrets
import struct
from collections.abc import Iterable

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def random_id(prefix: str) -> str:
    """A new identifier of 100 random bits, readable aloud.

    >>> random_id("key").startswith("key_")
    True
    """
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(20))


def keyed_hash(key: bytes, *parts: str) -> int:
    """A signed 64-bit number of some texts, not to be guessed without the key (BLAKE2b).

    >>> keyed_hash(b"k", "known", "u1") == keyed_hash(b"k", "known", "u1")
    True
    """
    digest = hashlib.blake2b(digest_size=8, key=key[:64])
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return int.from_bytes(digest.digest(), "big", signed=True)


def keyed_hashes(key: bytes, kind: str, texts: Iterable[str]) -> list[int]:
    """`keyed_hash` of a kind and each of many texts, in a third of the time.

    >>> keyed_hashes(b"k", "known", ["u1", "u2"]) == [keyed_hash(b"k", "known", one) for one in ("u1", "u2")]
    True
    """
    begun = hashlib.blake2b(digest_size=8, key=key[:64])
    named = kind.encode("utf-8", "surrogatepass")
    begun.update(len(named).to_bytes(4, "big") + named)
    found = bytearray()
    for text in texts:
        digest, encoded = begun.copy(), text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
        found += digest.digest()
    return [one for (one,) in struct.iter_unpack(">q", found)]
