"""Recognising visits, by `definitions.md`, "Visits": pure, over all persons of a bucket at once.

Events come sorted by person and time. Those of a person with the same time are one moment; everything below works on
the places of moments, so that no result depends on the order of rows. A repeated event changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

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
    """Which events start, complete and fail the step at a position; `completes` None: a start completes the step."""

    step: int
    starts: Flags
    completes: Flags | None
    fails: Flags
    within_us: int


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Events of some persons, sorted by (person, time): a place in each array is one event.

    `cause` ranks (name, element) of an event by their texts, an event without an element before those with one;
    `segments` rank the texts of each segment property, −1 where the event has none.
    """

    person: Integers
    ts_us: Integers
    signals: Flags
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
    the stretches of neighbours at most 5 minutes apart, `active_us` sums their intervals up to each moment.
    """

    person: Integers
    ts_us: Integers
    of_event: Integers
    last: Integers
    reached: Integers
    stretch: Integers
    active_us: Integers

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
        return cls(
            person, ts_us, of_event, _ends(same), _ends(same & (gap_us <= PAUSE_US)), stretch, active_us[: person.size]
        )

    def holding(self, events: Flags) -> Integers:
        """The moments that hold one of some events, in order."""
        return _distinct(self.of_event[events])

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


def visits_of(timeline: Timeline, moments: Moments, roles: Roles) -> Found:
    """The visits of one step, in order of person and opening."""
    starts = moments.holding(roles.starts)
    completions = starts if roles.completes is None else moments.holding(roles.completes)
    failures, signals = moments.holding(roles.fails), moments.holding(timeline.signals)
    opened, last_start = _groups(moments, starts, completions, roles.within_us)
    window_us = moments.ts_us[last_start] + roles.within_us
    done = _next(completions, opened, moments.person.size)
    inside = np.minimum(done, moments.person.size - 1)
    completed = (done < moments.person.size) & (moments.person[inside] == moments.person[opened])
    completed &= moments.ts_us[inside] <= window_us
    ended = np.where(completed, done, 0)
    lost = np.flatnonzero(~completed)
    ended[lost] = _reached(moments, failures, last_start[lost], window_us[lost])
    failing, signalling = (_any_in(chosen, opened, ended) for chosen in (failures, signals))
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
        cause=_causes(timeline, moments, roles, (opened, ended)),
        active_us=moments.active_us[ended] - moments.active_us[opened],
        activity=activity,
        stretches=stretches,
        segments=tuple(_smallest(moments, roles.starts, ranks)[opened] for ranks in timeline.segments),
    )


def joined(parts: Sequence[Found]) -> Found:
    """The visits of several steps or buckets as one."""
    columns: dict[str, Any] = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Found)
        if field.name != "segments"
    }
    segments = tuple(np.concatenate(list(ranks)) for ranks in zip(*(part.segments for part in parts), strict=True))
    return Found(**columns, segments=segments)


def _ends(together: Flags) -> Integers:
    """For each place the last one that hangs together with it."""
    breaks = np.flatnonzero(np.append(~together, True))
    return np.repeat(breaks, np.diff(breaks, prepend=-1))


def _distinct(places: Integers) -> Integers:
    """Sorted places without their repetitions."""
    if not places.size:
        return places
    return places[np.concatenate([[True], places[1:] != places[:-1]])]


def _next(places: Integers, since: Integers, nowhere: int) -> Integers:
    """The first of some sorted places at or after each of others; `nowhere` if there is none."""
    return np.asarray(np.append(places, nowhere)[np.searchsorted(places, since)])


def _any_in(places: Integers, first: Integers, last: Integers) -> Flags:
    return np.asarray(np.searchsorted(places, last, "right") > np.searchsorted(places, first))


def _groups(moments: Moments, starts: Integers, completions: Integers, within_us: int) -> tuple[Integers, Integers]:
    """First and last start of each visit: a later start joins unless it is late or a completion lies between."""
    earlier, later = starts[:-1], starts[1:]
    joins = moments.person[earlier] == moments.person[later]
    joins &= moments.ts_us[later] - moments.ts_us[earlier] <= within_us
    joins &= np.searchsorted(completions, earlier) == np.searchsorted(completions, later)
    opens = np.concatenate([[True], ~joins])[: starts.size]
    closes = np.concatenate([~joins, [True]])[: starts.size]
    return starts[opens], starts[closes]


def _reached(moments: Moments, failures: Integers, last_start: Integers, window_us: Integers) -> Integers:
    """The end without completion: from the last start or failure in the window until a pause or the window ends."""
    until = moments.last_until(last_start, window_us)
    last_failure = np.append(failures, NONE)[np.searchsorted(failures, until, "right") - 1]
    return np.asarray(np.minimum(moments.reached[np.maximum(last_start, last_failure)], until))


def _causes(timeline: Timeline, moments: Moments, roles: Roles, span: tuple[Integers, Integers]) -> Integers:
    """The earliest failure or signal of each visit; in one moment a failure comes first, then the smallest name."""
    opened, ended = span
    nowhere = moments.person.size
    failing, signalling = (
        np.append(_smallest(moments, chosen, timeline.cause), NONE) for chosen in (roles.fails, timeline.signals)
    )
    failure = _next(moments.holding(roles.fails), opened, nowhere)
    signal = _next(moments.holding(timeline.signals), opened, nowhere)
    earliest = np.minimum(failure, signal)
    cause = np.where(failure <= signal, failing[earliest], signalling[earliest])
    return np.where(earliest <= ended, cause, NONE)


def _smallest(moments: Moments, chosen: Flags, ranks: Integers) -> Integers:
    """For each moment the smallest rank among its chosen events that have one, −1 where none has."""
    found = np.full(moments.person.size, NONE)
    events = np.flatnonzero(chosen & (ranks >= 0))
    if events.size:
        places = moments.of_event[events]
        firsts = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
        found[places[firsts]] = np.minimum.reduceat(ranks[events], firsts)
    return found


def _activity(moments: Moments, opened: Integers, ended: Integers) -> tuple[Integers, Integers]:
    """The stretches between opening and end whose moments are at most 5 minutes apart; those of one moment left out."""
    bounds = np.flatnonzero(np.diff(moments.stretch, prepend=-1))
    spans = moments.stretch[ended] - moments.stretch[opened] + 1
    visit = np.repeat(np.arange(opened.size), spans)
    number = np.arange(visit.size) - np.repeat(np.cumsum(spans) - spans, spans) + moments.stretch[opened][visit]
    first = np.maximum(bounds[number], opened[visit])
    last = np.minimum(np.append(bounds[1:], moments.person.size)[number] - 1, ended[visit])
    some = first < last
    visit, first, last = visit[some], first[some], last[some]
    opened_us = moments.ts_us[opened[visit]]
    activity = np.empty(2 * visit.size, dtype=np.int64)
    activity[0::2], activity[1::2] = moments.ts_us[first] - opened_us, moments.ts_us[last] - opened_us
    return activity, 2 * np.bincount(visit, minlength=opened.size)
