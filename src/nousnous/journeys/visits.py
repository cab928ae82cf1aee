"""Recognising visits, by `definitions.md`, "Visits": pure, over all persons of a bucket at once.

Events come sorted by person and time. Those of a person with the same time are one moment; everything below works on
the places of moments, so that no result depends on the order of rows. A repeated event changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from nousnous.facts.journeys import PAUSE_US

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
ACTIVE_GAP_US = 5 * 60 * 1_000_000
NONE = -1
LATER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Roles:
    """Which events start, complete and fail the step at a position, by their places in the timeline, in order.

    `completes` None: a start completes the step.
    """

    step: int
    starts: Integers
    completes: Integers | None
    fails: Integers
    within_us: int


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Events of some persons, sorted by (person, time): a place in each array is one event.

    `signals` are the places of frustration events. `cause` ranks (name, element) of an event by their texts, an event
    without an element before those with one; `segments` rank the texts of each segment property, −1 for none.
    """

    person: Integers
    ts_us: Integers
    signals: Integers
    cause: Integers
    segments: Sequence[Integers]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Visits by column; `cause` and `segments` are ranks as in the timeline, −1 for none.

    `activity` is flat: start, end, start, end, … as offsets from the opening; `stretches` counts them by visit.
    """

    person: Integers
    step: Integers
    opened_us: Integers
    ended_us: Integers
    window_us: Integers
    completed: Flags
    failed: Flags
    frustrated: Flags
    troubled: Flags
    cause: Integers
    active_us: Integers
    activity: Integers
    stretches: Integers
    segments: tuple[Integers, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """The moments of a timeline: whose, when, the moment of each event, and what the pauses between them say.

    `last` is the person's last moment, `reached` the last one before a pause of more than 30 minutes, `stretch` numbers
    the stretches of neighbours at most 5 minutes apart, `bounds` are their first moments and the end of all,
    `active_us` sums their intervals up to each moment; `signals` are moments of frustration with their causes.
    """

    person: Integers
    ts_us: Integers
    of_event: Integers
    last: Integers
    reached: Integers
    stretch: Integers
    bounds: Integers
    active_us: Integers
    signals: tuple[Integers, Integers]

    @classmethod
    def of(cls, timeline: Timeline) -> Self:
        person, ts_us = timeline.person, timeline.ts_us
        first = np.ones(person.size, dtype=bool)
        first[1:] = (person[1:] != person[:-1]) | (ts_us[1:] != ts_us[:-1])
        of_event = np.cumsum(first) - 1
        person, ts_us = person[first], ts_us[first]
        same = person[1:] == person[:-1]
        gap_us = np.diff(ts_us)
        near = same & (gap_us <= ACTIVE_GAP_US)
        active_us = np.concatenate([[0], np.cumsum(np.where(near, gap_us, 0))])
        stretch = np.concatenate([[0], np.cumsum(~near)])
        bounds = np.concatenate([[0], np.flatnonzero(~near) + 1, [person.size]])
        reached = _ends(same & (gap_us <= PAUSE_US))
        none = np.zeros(0, dtype=np.int64)
        found = cls(
            person, ts_us, of_event, _ends(same), reached, stretch, bounds, active_us[: person.size], (none, none)
        )
        signals = found.holding(timeline.signals)
        return replace(found, signals=(signals.moments, signals.smallest(timeline.cause)))

    def holding(self, events: Integers) -> "Held":
        """The moments that hold some events, in order."""
        places = self.of_event[events]
        firsts = np.flatnonzero(np.diff(places, prepend=NONE))
        return Held(places[firsts], events, firsts)

    def last_until(self, low: Integers, until_us: Integers) -> Integers:
        """The person's last moment at or after the moment `low` and not later than a time, by bisection of all."""
        high = self.last[low]
        low = low.copy()
        while True:
            open_ones = np.flatnonzero(low < high)
            if not open_ones.size:
                return low
            middle = (low[open_ones] + high[open_ones] + 1) // 2
            fits = self.ts_us[middle] <= until_us[open_ones]
            low[open_ones[fits]] = middle[fits]
            high[open_ones[~fits]] = middle[~fits] - 1


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The moments of some events, in order; `firsts` are the places of each moment's first one among the events."""

    moments: Integers
    events: Integers
    firsts: Integers

    def smallest(self, ranks: Integers) -> Integers:
        """For each moment the smallest rank of its events that is one, −1 where none has."""
        own = ranks[self.events]
        if self.firsts.size == own.size:
            return np.asarray(own)
        least = np.minimum.reduceat(np.where(own < 0, LATER, own), self.firsts)
        return np.where(least == LATER, NONE, least)


def visits_of(timeline: Timeline, moments: Moments, roles: Roles) -> Found:
    """The visits of one step, in order of person and opening."""
    starting, failing_ones = moments.holding(roles.starts), moments.holding(roles.fails)
    starts, failures = starting.moments, failing_ones.moments
    completions = starts if roles.completes is None else moments.holding(roles.completes).moments
    opens, closes = _groups(moments, starts, completions, roles.within_us)
    opened, last_start = starts[opens], starts[closes]
    window_us = moments.ts_us[last_start] + roles.within_us
    done = _next(completions, opened, moments.person.size)
    inside = np.minimum(done, moments.person.size - 1)
    completed = (done < moments.person.size) & (moments.person[inside] == moments.person[opened])
    completed &= moments.ts_us[inside] <= window_us
    ended = np.where(completed, done, 0)
    lost = np.flatnonzero(~completed)
    ended[lost] = _reached(moments, failures, last_start[lost], window_us[lost])
    causes = (failures, failing_ones.smallest(timeline.cause)), moments.signals
    failing, signalling, cause = _troubles(*causes, (opened, ended))
    activity, stretches = _activity(moments, opened, ended)
    return Found(
        person=moments.person[opened],
        step=np.full(opened.size, roles.step),
        opened_us=moments.ts_us[opened],
        ended_us=moments.ts_us[ended],
        window_us=window_us,
        completed=completed,
        failed=failing & ~completed,
        frustrated=signalling,
        troubled=failing | signalling,
        cause=cause,
        active_us=moments.active_us[ended] - moments.active_us[opened],
        activity=activity,
        stretches=stretches,
        segments=tuple(starting.smallest(ranks)[opens] for ranks in timeline.segments),
    )


def _ends(together: Flags) -> Integers:
    """For each place the last one that hangs together with it."""
    breaks = np.flatnonzero(np.append(~together, True))
    return np.asarray(np.repeat(breaks, np.diff(breaks, prepend=-1)))


def distinct(places: Integers) -> Integers:
    """Sorted places without their repetitions."""
    if not places.size:
        return places
    return np.asarray(places[np.concatenate([[True], places[1:] != places[:-1]])])


def _next(places: Integers, since: Integers, nowhere: int) -> Integers:
    """The first of some sorted places at or after each of others; `nowhere` if there is none."""
    return np.asarray(np.append(places, nowhere)[np.searchsorted(places, since)])


def _groups(moments: Moments, starts: Integers, completions: Integers, within_us: int) -> tuple[Flags, Flags]:
    """Which starts open a visit and which are the last of one: a later one joins unless late or after a completion."""
    earlier, later = starts[:-1], starts[1:]
    joins = moments.person[earlier] == moments.person[later]
    joins &= moments.ts_us[later] - moments.ts_us[earlier] <= within_us
    joins &= np.searchsorted(completions, earlier) == np.searchsorted(completions, later)
    opens = np.concatenate([[True], ~joins])[: starts.size]
    closes = np.concatenate([~joins, [True]])[: starts.size]
    return opens, closes


def _reached(moments: Moments, failures: Integers, last_start: Integers, window_us: Integers) -> Integers:
    """The end without completion: from the last start or failure in the window until a pause or the window ends."""
    reached = moments.reached[last_start]
    failure = _next(failures, last_start, NONE)
    fails = (failure >= 0) & (moments.person[failure] == moments.person[last_start])
    bounded = np.flatnonzero((fails & (moments.ts_us[failure] <= window_us)) | (moments.ts_us[reached] > window_us))
    until = moments.last_until(last_start[bounded], window_us[bounded])
    last_failure = np.append(failures, NONE)[np.searchsorted(failures, until, "right") - 1]
    reached[bounded] = np.minimum(moments.reached[np.maximum(last_start[bounded], last_failure)], until)
    return np.asarray(reached)


def _troubles(
    failures: tuple[Integers, Integers], signals: tuple[Integers, Integers], span: tuple[Integers, Integers]
) -> tuple[Flags, Flags, Integers]:
    """Whether failures and signals (moments with causes) lie in each visit, and the cause of the earliest.

    In one moment a failure comes first, then the smallest name.
    """
    (failure, failure_cause), (signal, signal_cause) = (_earliest(one, span[0]) for one in (failures, signals))
    failing, signalling = failure <= span[1], signal <= span[1]
    cause = np.where(failure <= signal, failure_cause, signal_cause)
    return failing, signalling, np.where(failing | signalling, cause, NONE)


def _earliest(troubles: tuple[Integers, Integers], opened: Integers) -> tuple[Integers, Integers]:
    """The first trouble at or after each opening, and its cause."""
    places, causes = troubles
    found = np.searchsorted(places, opened)
    return np.append(places, LATER)[found], np.append(causes, NONE)[found]


def _activity(moments: Moments, opened: Integers, ended: Integers) -> tuple[Integers, Integers]:
    """The stretches between opening and end whose moments are at most 5 minutes apart; those of one moment left out."""
    spans = moments.stretch[ended] - moments.stretch[opened] + 1
    visit = np.repeat(np.arange(opened.size), spans)
    number = np.arange(visit.size) - np.repeat(np.cumsum(spans) - spans, spans) + moments.stretch[opened][visit]
    first = np.maximum(moments.bounds[number], opened[visit])
    last = np.minimum(moments.bounds[number + 1] - 1, ended[visit])
    some = first < last
    visit, first, last = visit[some], first[some], last[some]
    opened_us = moments.ts_us[opened[visit]]
    activity = np.empty(2 * visit.size, dtype=np.int64)
    activity[0::2], activity[1::2] = moments.ts_us[first] - opened_us, moments.ts_us[last] - opened_us
    return activity, 2 * np.bincount(visit, minlength=opened.size)
