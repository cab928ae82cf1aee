"""Sessions out of the index of pieces: when, how long, how active; and what is missing in between."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import ibis

from nousnous.facts.journeys import SIGNALS
from nousnous.facts.replays import ERRORS

TOLD_SOMETIMES = ("anonymous_id", "width", "height", "source")
"""What not every piece tells: the newest one that does counts."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece in the order of a replay; times are real ones, recorded times + `shift_us`."""

    number: int
    window_id: str
    from_us: int
    to_us: int
    shift_us: int
    moments: int
    whole: bool
    screen: str
    width: int | None
    height: int | None
    sequence: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Pieces of a window that never came, between two that did."""

    window_id: str
    from_us: int
    to_us: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Window:
    """One window or tab of a session, the first first."""

    window_id: str
    from_us: int
    to_us: int
    screen: str
    width: int | None
    height: int | None


def sessions(chunks: Any) -> Any:
    """One row for each session of an Ibis table of pieces with `person_key`.

    Columns: session_id, person_key, user_id, anonymous_id, started_us, until_us, active_us, chunks, width, height,
    source. Times in microseconds since 1970 UTC.
    """
    told_us = {name: ibis.ifelse(chunks[name].notnull(), chunks.ts_us, ibis.null("int64")) for name in TOLD_SOMETIMES}
    newest = {name: chunks[name].argmax(moments) for name, moments in told_us.items()}
    return chunks.group_by("session_id").agg(
        person_key=chunks.person_key.argmax(chunks.ts_us),
        user_id=chunks.user_id.max(),
        started_us=chunks.ts_us.min(),
        until_us=chunks.until_us.max(),
        active_us=chunks.active_us.sum(),
        chunks=chunks.count(),
        **newest,
    )


def told(events: Any) -> Any:
    """How many signals of frustration and errors each session's events (Ibis) tell."""
    signals = ibis.ifelse(events.event.isin(SIGNALS), 1, 0).sum()
    errors = ibis.ifelse(events.event.isin(ERRORS), 1, 0).sum()
    return events.group_by("session_id").agg(signals=signals, errors=errors)


def windows_of(chunks: tuple[Chunk, ...]) -> tuple[Window, ...]:
    """The windows of the pieces of a replay."""
    found = []
    for name in dict.fromkeys(one.window_id for one in chunks):
        mine = [one for one in chunks if one.window_id == name]
        sized = next((one for one in mine if one.width and one.height), mine[0])
        screen = next((one.screen for one in mine if one.screen), "")
        until_us = max(one.to_us for one in mine)
        found.append(Window(name, mine[0].from_us, until_us, screen, sized.width, sized.height))
    return tuple(found)


def gaps_of(chunks: tuple[Chunk, ...]) -> tuple[Gap, ...]:
    """Where numbers of pieces are missing; pieces without numbers tell nothing.

    >>> def piece(place: int) -> Chunk:
    ...     return Chunk(place, "w", place * 10, place * 10 + 9, 0, 1, False, "", None, None, place)
    >>> gaps_of((piece(0), piece(3)))
    (Gap(window_id='w', from_us=9, to_us=30, pieces=2),)
    """
    found = []
    for name in dict.fromkeys(one.window_id for one in chunks):
        numbered = {one.sequence: one for one in chunks if one.window_id == name and one.sequence is not None}
        for before, after in pairwise(sorted(numbered)):
            if after - before > 1:
                found.append(Gap(name, numbered[before].to_us, numbered[after].from_us, after - before - 1))
    return tuple(sorted(found, key=lambda one: one.from_us))
