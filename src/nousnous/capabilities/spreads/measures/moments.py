"""Low answers one by one: the session before each, when it turned in it, and the second worth looking at."""

from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from nousnous.capabilities.spreads.measures.sessions import NONE, Flags, Happenings, Integers, Sessions
from nousnous.stats.turning import LEAST_SIGNALS, Turn, turning_point

SECOND_US = 1_000_000
BEST = 3


class SessionShape(TypedDict):
    id: str | None
    begun_us: int
    recorded: bool


class LowAnswerShape(TypedDict):
    value: float
    answered_us: int
    about_us: int
    session: SessionShape
    seen_us: int | None
    signals: int
    turned_s: float | None
    turned_reason: str | None
    at_us: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A low answer and the session before it; `seen_us` is when a screen was first seen in it, None without one.

    `at_us` is the moment to look at: where it turned, else the first signal after the screen was seen, else the screen,
    else the first signal, else the beginning.
    """

    person_key: int
    value: float
    about_us: int
    answered_us: int
    begun_us: int
    session: str | None
    seen_us: int | None
    turn: Turn
    at_us: int
    recorded: bool

    @property
    def at_s(self) -> float:
        """Seconds from the beginning of the session."""
        return (self.at_us - self.begun_us) / SECOND_US

    def as_dict(self) -> LowAnswerShape:
        return {
            "value": self.value,
            "answered_us": self.answered_us,
            "about_us": self.about_us,
            "session": {"id": self.session, "begun_us": self.begun_us, "recorded": self.recorded},
            "seen_us": self.seen_us,
            "signals": self.turn.n,
            "turned_s": self.turn.at_s,
            "turned_reason": self.turn.reason,
            "at_us": self.at_us,
        }


@dataclass(frozen=True, slots=True, eq=False)
class LowAnswers:
    """Answers by column beside the sessions before them; `recorded` says of which session there is a recording."""

    happenings: Happenings
    sessions: Sessions
    person: Integers
    values: Any
    about_us: Integers
    answered_us: Integers
    low: Flags
    recorded: Flags


def best_moments(found: LowAnswers, screen: str | None, most: int = BEST) -> tuple[Moment, ...]:
    """The low answers worth looking at, of those whose session saw the screen (None: of all that have a session).

    Recorded ones first, then those with signals enough to turn, the lowest answers, most signals, the newest.
    """
    pairs, event = found.sessions.answer, found.sessions.event
    seen = np.full(found.person.size, np.iinfo(np.int64).max)
    if screen is None:
        chosen = found.low & found.sessions.found
    else:
        views = found.happenings.screen[event] == found.happenings.screens.index(screen)
        np.minimum.at(seen, pairs[views], found.happenings.ts_us[event[views]])
        chosen = found.low & (seen < np.iinfo(np.int64).max)
    signals = np.bincount(pairs[found.happenings.signals[event]], minlength=found.person.size)
    quiet = signals < LEAST_SIGNALS
    order = np.lexsort((found.person, -found.about_us, -signals, found.values, quiet, ~found.recorded))
    places = order[chosen[order]][:most]
    return tuple(_moment(found, int(place), None if screen is None else int(seen[place])) for place in places)


def _moment(found: LowAnswers, place: int, seen_us: int | None) -> Moment:
    events = found.sessions.event[found.sessions.answer == place]
    begun_us, named = int(found.sessions.begun_us[place]), int(found.sessions.named[place])
    signals_us = found.happenings.ts_us[events[found.happenings.signals[events]]]
    turn = turning_point((signals_us - begun_us) / SECOND_US)
    return Moment(
        int(found.person[place]),
        float(found.values[place]),
        int(found.about_us[place]),
        int(found.answered_us[place]),
        begun_us,
        None if named == NONE else found.happenings.sessions[named],
        seen_us,
        turn,
        _worth(signals_us, begun_us, seen_us, turn),
        bool(found.recorded[place]),
    )


def _worth(signals_us: Integers, begun_us: int, seen_us: int | None, turn: Turn) -> int:
    if turn.at_s is not None:
        return begun_us + int(turn.at_s * SECOND_US)
    since = signals_us[signals_us >= (begun_us if seen_us is None else seen_us)]
    if since.size:
        return int(since.min())
    return begun_us if seen_us is None else seen_us
