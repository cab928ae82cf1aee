"""Sessions out of the index of pieces: when, how long, how active; and what is missing in between."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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


def newest_told(pieces: pa.Table) -> dict[str, dict[str, Any]]:
    """What the pieces (Arrow) of each session tell of who it was and of the window."""
    ordered = pieces.sort_by("ts_us")
    known: dict[str, dict[str, Any]] = {one: {} for one in pc.unique(pieces["session_id"]).to_pylist()}
    for name in TOLD_SOMETIMES:
        told = ordered.filter(pc.is_valid(ordered[name])).group_by("session_id", use_threads=False)
        for row in told.aggregate([(name, "last")]).to_pylist():
            known[row["session_id"]][name] = row[f"{name}_last"]
    for row in pieces.group_by("session_id").aggregate([("user_id", "max")]).to_pylist():
        known[row["session_id"]]["user_id"] = row["user_id_max"]
    return known


def counts_of(events: pa.Table, names: tuple[str, ...]) -> dict[str, int]:
    """How many events (Arrow) of some names each session has."""
    among = events.filter(pc.is_in(events["event"], pa.array(names)))
    counted = among.group_by("session_id").aggregate([("event", "count")])
    return {row["session_id"]: row["event_count"] for row in counted.to_pylist()}


def screens_of(*tables: pa.Table) -> dict[str, list[str]]:
    """The screens of sessions in the order in which they were first seen in some Arrow tables."""
    rows = pa.concat_tables([one.select(["session_id", "screen", "ts_us"]) for one in tables])
    seen = rows.filter(pc.is_valid(rows["screen"])).group_by(["session_id", "screen"]).aggregate([("ts_us", "min")])
    found: dict[str, list[str]] = {}
    for row in seen.sort_by([("ts_us_min", "ascending"), ("screen", "ascending")]).to_pylist():
        found.setdefault(row["session_id"], []).append(row["screen"])
    return found


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
