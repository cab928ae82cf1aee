"""Recordings of sessions: the index of their pieces, as it is kept beside the bodies, and the address of a replay."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from nousnous.facts.columns import Column, Table
from nousnous.facts.events import IDENTITY

REPLAY_CHUNKS = Table(
    "replay_chunks",
    2,
    "One piece of a session's recording; what was recorded lies in an object of its own.",
    (
        Column("chunk_id", "text", "Id of the piece.", identifies=True),
        Column("chunk_key", "integer", "64-bit hash of the piece's id."),
        Column("session_id", "text", "Session it belongs to.", identifies=True),
        Column("window_id", "text", "Window or tab of the browser, where told.", identifies=True),
        Column("sequence", "integer", "Its number within the window, where told: a number that is missing is a gap."),
        Column("ts_us", "integer", "Its first moment."),
        Column("until_us", "integer", "Its last moment."),
        Column("shift_us", "integer", "What the client's clock was off: recorded time + shift is the real time."),
        Column("received_us", "integer", "When it arrived."),
        *IDENTITY,
        Column("screen", "text", "Path of the page or name of the screen where it begins."),
        Column("width", "integer", "Width of the window in CSS pixels."),
        Column("height", "integer", "Height of the window in CSS pixels."),
        Column("moments", "integer", "How many rrweb events it holds."),
        Column("active_us", "integer", "Time in which the person did something, by pauses of at most 5 seconds."),
        Column("whole", "flag", "It holds a whole picture of the page, from which a player can begin."),
        Column("object", "text", "Key of its body in the object store."),
        Column("bytes", "integer", "Size of that object."),
        Column("source", "text", "Write key's id or import's id that brought it."),
    ),
)
REPLAY_SESSIONS = Table(
    "replay_sessions",
    1,
    "What the pieces of sessions come to: a row for each session, identity, source and landing, joined once a day.",
    (
        Column("session_id", "text", "The session.", identifies=True),
        Column("identity_key", "integer", "Of whom these pieces are."),
        Column("source", "text", "Write key's id or import's id that brought them."),
        Column("started_us", "integer", "Their first moment."),
        Column("until_us", "integer", "Their last moment."),
        Column("newest_us", "integer", "Where the last of them begins."),
        Column("active_us", "integer", "Time in which the person did something."),
        Column("chunks", "integer", "How many pieces they are."),
        Column("screens", "texts", "Paths and names of screens where pieces begin.", identifies=True),
    ),
    time="started_us",
)
"""Lists are read from here, whatever the number of pieces. All of it comes from the pieces and can be made anew."""
BODY: Final = "body"
"""The column of rows that are handed in, and not kept: the rrweb events of a piece as a JSON array."""
ERRORS: Final = ("Error Occurred", "Request Failed")
LONGEST_S: Final = 10**8
"""No replay is longer: more seconds than these are since 1970."""


def address_of(slug: str, session_id: str, at_us: int | None = None) -> str:
    """Where a replay is shown, at a moment: microseconds from its start, or since 1970 for who knows no start.

    >>> address_of("shop", "s 1", 12_500_000)
    '/w/shop/replays/s%201/?t=12.5'
    """
    page = f"/w/{quote(slug, safe='')}/replays/{quote(session_id, safe='')}/"
    return page if at_us is None else f"{page}?t={_seconds(at_us)}"


def offset_of(t: float, started_us: int) -> float:
    """Seconds from the start of a replay that a `t` of an address means.

    >>> offset_of(12.5, 1_700_000_000_000_000), offset_of(1_700_000_003.0, 1_700_000_000_000_000)
    (12.5, 3.0)
    """
    return max(0.0, t - started_us / 1_000_000 if t > LONGEST_S else t)


def _seconds(at_us: int) -> str:
    return f"{at_us / 1_000_000:.3f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class SignalFound:
    """A signal of frustration that a recording shows, at a recorded time: who watched the page tells it else."""

    event: str
    at_us: int
    element: str
    screen: str
    clicks: int = 0
    name: str = ""
