"""Identifiers: random ones for records, keyed hashes for what is kept in the lake."""

import hashlib
import secrets

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
