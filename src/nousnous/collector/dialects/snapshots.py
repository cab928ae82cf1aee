"""PostHog's snapshots as rrweb events: parts of them are gzipped into texts of their own (`cv: 2024-10`)."""

import json
import zlib
from typing import Any

from nousnous.collector.bodies import MOST_BYTES
from nousnous.collector.parsing import Faulty, text_of

PACKED = "2024-10"
_FIELDS = ("texts", "attributes", "removes", "adds")


def rrweb_events(snapshots: Any) -> bytes:
    """The rrweb events of a piece as a JSON array; Faulty when one of them cannot be unpacked."""
    if isinstance(snapshots, dict):
        snapshots = [snapshots]
    if not isinstance(snapshots, list) or not all(isinstance(one, dict) for one in snapshots):
        raise Faulty("The piece of the recording holds no snapshots.")
    return text_of([_plain(one) for one in snapshots]).encode()


def _plain(snapshot: dict[str, Any]) -> dict[str, Any]:
    version = snapshot.get("cv")
    if version is None:
        return snapshot
    if version != PACKED:
        raise Faulty(f"The snapshots are packed as “{str(version)[:20]}”; known is {PACKED}.")
    data = snapshot.get("data")
    if isinstance(data, str):
        data = _unpacked(data)
    elif isinstance(data, dict):
        data = {name: _unpacked(one) if name in _FIELDS and isinstance(one, str) else one for name, one in data.items()}
    return {**{name: value for name, value in snapshot.items() if name != "cv"}, "data": data}


def _unpacked(text: str) -> Any:
    """What was gzipped, each of its bytes written as a letter."""
    try:
        unpacker = zlib.decompressobj(31)
        plain = unpacker.decompress(text.encode("latin-1"), MOST_BYTES)
        if not unpacker.eof:
            raise Faulty("A snapshot is cut off or holds more than 4 MiB.")
        return json.loads(plain.decode("utf-8", "replace"), strict=False)
    except (zlib.error, UnicodeEncodeError, ValueError, RecursionError):
        raise Faulty("A snapshot cannot be unpacked.") from None
