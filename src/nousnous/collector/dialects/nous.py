"""Our own script on customers' pages: it sends what Segment's clients send and pieces of recordings, and asks what it
should tell.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec

from nousnous.collector.capture import configuration_of
from nousnous.collector.dialects import Answer, Asked, Dialect
from nousnous.collector.dialects.segment import read
from nousnous.collector.entries import Arrival
from nousnous.collector.parsing import Faulty

_Number = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class _Chunk(msgspec.Struct, rename="camel"):
    """A piece of a recording: of which window of which session, and what happened in it."""

    chunk_id: str
    session_id: str
    window_id: str
    sequence: _Number
    anonymous_id: str
    events: msgspec.Raw
    sent_at: str | None = None
    user_id: str | None = None
    screen: str | None = None
    width: _Number | None = None
    height: _Number | None = None


_SEEN = ("screen", "width", "height")
_chunk = msgspec.json.Decoder(_Chunk)


def read_replays(arrival: Arrival) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    """The one piece of a body: its events as they came, and what is known of them."""
    try:
        chunk = _chunk.decode(arrival.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Faulty("This is no piece of a recording of our script.") from None
    named = ("chunk_id", "session_id", "window_id", "sequence", "user_id", "anonymous_id", "sent_at", *_SEEN)
    yield bytes(chunk.events), {name: getattr(chunk, name) for name in named}


def _configuration(asked: Asked) -> Answer:
    return Answer.json(configuration_of(asked.told))


DIALECT = Dialect(
    name="nous",
    events=frozenset(),
    read=read,
    accepted=Answer.json({"success": True}),
    replays=frozenset({"/v1/replay"}),
    read_replays=read_replays,
    settings={"/v1/config/{key}": _configuration},
)
