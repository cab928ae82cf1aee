"""PostHog's snapshots as rrweb events: parts of them are gzipped into texts of their own (`cv: 2024-10`)."""

import json
import zlib
from typing import Any

from nousnous.collector.bodies import MOST_BYTES
from nousnous.collector.parsing import Faulty, text_of

PACKED = "2024-10"
MOST_OF_A_PIECE = 32 * 1024 * 1024
"""What a piece may hold unpacked: its parts are small, and many of them are many times as large."""
_FIELDS = ("texts", "attributes", "removes", "adds")


def rrweb_events(snapshots: Any) -> bytes:
    """The rrweb events of a piece as a JSON array; Faulty when one of them cannot be unpacked."""
    if isinstance(snapshots, dict):
        snapshots = [snapshots]
    if not isinstance(snapshots, list) or not all(isinstance(one, dict) for one in snapshots):
        raise Faulty("The piece of the recording holds no snapshots.")
    room = _Room(MOST_OF_A_PIECE)
    return text_of([_plain(one, room) for one in snapshots]).encode()


class _Room:
    """What may still be unpacked of a piece."""

    def __init__(self, bytes_left: int) -> None:
        self.bytes_left = bytes_left

    def take(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise Faulty(f"The snapshots of a piece hold more than {MOST_OF_A_PIECE // 2**20} MiB.")


def _plain(snapshot: dict[str, Any], room: _Room) -> dict[str, Any]:
    version = snapshot.get("cv")
    if version is None:
        return snapshot
    if version != PACKED:
        raise Faulty(f"The snapshots are packed as “{str(version)[:20]}”; known is {PACKED}.")
    data = snapshot.get("data")
    if isinstance(data, str):
        data = _unpacked(data, room)
    elif isinstance(data, dict):
        packed = {name: one for name, one in data.items() if name in _FIELDS and isinstance(one, str)}
        data = {**data, **{name: _unpacked(one, room) for name, one in packed.items()}}
    return {**{name: value for name, value in snapshot.items() if name != "cv"}, "data": data}


def _unpacked(text: str, room: _Room) -> Any:
    """What was gzipped, each of its bytes written as a letter."""
    try:
        unpacker = zlib.decompressobj(31)
        plain = unpacker.decompress(text.encode("latin-1"), MOST_BYTES)
        if not unpacker.eof:
            raise Faulty("A snapshot is cut off or holds more than 4 MiB.")
        room.take(len(plain))
        return json.loads(plain.decode("utf-8", "replace"), strict=False)
    except (zlib.error, UnicodeEncodeError, ValueError, RecursionError):
        raise Faulty("A snapshot cannot be unpacked.") from None
