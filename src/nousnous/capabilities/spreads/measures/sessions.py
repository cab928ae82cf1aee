"""The session before each answer: which moments belong to it, the screens seen in it, its signals of frustration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nousnous.facts.journeys import PAUSE_US
from nousnous.stats.bisection import Sorted

REACH_US = 24 * 3_600 * 1_000_000
"""Nothing older than a day before the moment belongs to its session."""
NONE = -1

Integers = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Happenings:
    """Events by column, sorted by person and time; `session`, `screen` are codes in the order of their texts, −1 none.

    `signals` says which are signals of frustration.
    """

    person: Integers
    ts_us: Integers
    session: Integers
    screen: Integers
    signals: Flags
    sessions: Sequence[str]
    screens: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Sessions:
    """Pairs of an answer and an event of the session before it; `named` is the session's code by answer, −1 none.

    `begun_us` is the session's first moment by answer, 0 where nothing came before.
    """

    answer: Integers
    event: Integers
    named: Integers
    begun_us: Integers
    found: Flags


def sessions_before(happenings: Happenings, person: Integers, moment_us: Integers) -> Sessions:
    """The session that was running at each moment, or the last before it in the day before.

    It is that of the person's last event at or before the moment: of the session id that this event names (of several
    in one moment the smallest), else all events back to the first pause of more than 30 minutes.

    >>> column = np.array
    >>> walked = Happenings(column([1, 1, 1]), column([0, 1, 9]) * 10**9, column([-1] * 3), column([0, 1, 2]),
    ...     column([False] * 3), (), ("a", "b", "c"))
    >>> sessions_before(walked, column([1]), column([2 * 10**9])).event.tolist()
    [0, 1]
    """
    events = Sorted(happenings.person, happenings.ts_us)
    first, last = events.after(person, moment_us - REACH_US - 1), events.after(person, moment_us)
    found = last > first
    sizes = last - first
    answer = np.repeat(np.arange(person.size), sizes)
    event = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(first, sizes)
    end = np.maximum(last - 1, 0)
    named = _named(happenings, answer, event, end)
    inside = (
        np.where(
            named[answer] != NONE,
            happenings.session[event] == named[answer],
            _stretches(happenings)[event] == _stretches(happenings)[end][answer],
        )
        if event.size
        else np.zeros(0, dtype=bool)
    )
    answer, event = answer[inside], event[inside]
    begun_us = np.zeros(person.size, dtype=np.int64)
    starts = np.flatnonzero(np.diff(answer, prepend=-1))
    begun_us[answer[starts]] = happenings.ts_us[event[starts]]
    return Sessions(answer, event, named, begun_us, found)


def _named(happenings: Happenings, answer: Integers, event: Integers, end: Integers) -> Integers:
    """By answer the smallest session that an event in the last moment names."""
    found = np.full(end.size, NONE, dtype=np.int64)
    if not event.size:
        return found
    codes = happenings.session[event].astype(np.int64)
    last = happenings.ts_us[event] == happenings.ts_us[end][answer]
    told = last & (codes != NONE)
    smallest = np.full(end.size, np.iinfo(np.int64).max)
    np.minimum.at(smallest, answer[told], codes[told])
    some = smallest != np.iinfo(np.int64).max
    found[some] = smallest[some]
    return found


def _stretches(happenings: Happenings) -> Integers:
    """A number for each stretch of a person's events without a pause of more than 30 minutes."""
    apart = np.diff(happenings.ts_us, prepend=0) > PAUSE_US
    other = np.diff(happenings.person, prepend=NONE) != 0
    return np.asarray(np.cumsum(apart | other))


def views_of(happenings: Happenings, sessions: Sessions) -> tuple[Integers, Integers, Integers]:
    """Each answer with each screen of its session once, and the first moment it was seen in it."""
    screen = happenings.screen[sessions.event].astype(np.int64)
    seen = screen != NONE
    answer, screen, ts_us = sessions.answer[seen], screen[seen], happenings.ts_us[sessions.event][seen]
    pairs, places = np.unique(answer * max(1, len(happenings.screens)) + screen, return_index=True)
    return pairs // max(1, len(happenings.screens)), pairs % max(1, len(happenings.screens)), ts_us[places]
