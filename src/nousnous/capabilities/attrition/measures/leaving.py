"""Who left, and when, by `definitions.md`, "Leaving": pure, over all people at once.

A subscription that ends is left at its end. Who has none running, and bought, is left when they did not buy for longer
than the silence: the p90 of the workspace's gaps between purchases, or what the workspace set.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np

from nousnous.capabilities.attrition.measures.signals import (
    CODES,
    DAY_US,
    OTHER,
    TRANSACTION,
    Flags,
    Integers,
    Timeline,
)

DEFINITION: Final = "leaving@1"
PERIOD_US: Final = 30 * DAY_US
FEWEST_GAPS: Final = 36
"""From how many gaps on their p90 has both bounds."""
STARTED, ENDED, DOWNGRADED, CONTACT, FRUSTRATION = range(OTHER + 1, OTHER + 6)
LIFE_CODES: Final = {
    **CODES,
    "Subscription Started": STARTED,
    "Subscription Cancelled": ENDED,
    "Subscription Downgraded": DOWNGRADED,
    "Contact Started": CONTACT,
    **dict.fromkeys(("Rage Click", "Dead Click", "Error Click", "Thrash", "Quick Back"), FRUSTRATION),
}


@dataclass(frozen=True, slots=True, eq=False)
class Departures:
    """Who left when, in the order of person and moment; somebody may come back and leave again."""

    person: Integers
    left_us: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Customers at a moment who may leave in the 30 days after it.

    `subscribed`: a subscription runs, else `bought_us` is when they bought last (0 for subscribers).
    """

    person: Integers
    subscribed: Flags
    bought_us: Integers


def usual_silence(timeline: Timeline) -> int | None:
    """The p90 of the gaps between purchases of the same person, in µs, by inverse CDF; None from fewer than 36 gaps.

    >>> day = np.arange(40) * DAY_US
    >>> usual_silence(Timeline(np.zeros(40, int), day, np.full(40, TRANSACTION), 0)) == DAY_US
    True
    """
    bought = timeline.code == TRANSACTION
    person, ts_us = timeline.person[bought], timeline.ts_us[bought]
    gaps = np.sort(np.diff(ts_us)[person[1:] == person[:-1]])
    return int(gaps[ceil(gaps.size * 9 / 10) - 1]) if gaps.size >= FEWEST_GAPS else None


def departures(timeline: Timeline, silence_us: int | None) -> Departures:
    """Everybody who left up to `until_us`; without a silence only subscriptions end.

    >>> day = np.array([0, 100]) * DAY_US
    >>> bought = Timeline(np.zeros(2, int), day, np.full(2, TRANSACTION), 150 * DAY_US)
    >>> (departures(bought, 60 * DAY_US).left_us // DAY_US).tolist()
    [60]
    """
    person, ts_us, code, runs = _lives(timeline)
    goes_on = np.append(person[1:] == person[:-1], False)[: person.size]
    next_us = np.where(goes_on, np.append(ts_us[1:], 0)[: person.size], timeline.until_us)
    ended = code == ENDED
    silent = ~runs & (code == TRANSACTION)
    silent &= False if silence_us is None else next_us - ts_us > silence_us
    gone = np.flatnonzero(ended | silent)
    left_us = ts_us[gone] + np.where(ended[gone], 0, silence_us or 0)
    return Departures(person[gone], left_us)


def standing(timeline: Timeline, silence_us: int | None, moment_us: int) -> Standing:
    """Who may leave in the 30 days after a moment, from what was known at it.

    Who has no subscription and bought so lately that nobody could call them gone before 30 days are over, is not there.
    """
    person, ts_us, code, runs = _lives(timeline)
    known = np.flatnonzero(ts_us <= moment_us)
    newest = known[np.append(person[known][1:] != person[known][:-1], True)[: known.size]]
    subscribed = runs[newest]
    bought = ~subscribed & (code[newest] == TRANSACTION) & (silence_us is not None)
    silent_us = ts_us[newest] + (silence_us or 0)
    due = bought & (silent_us > moment_us) & (silent_us <= moment_us + PERIOD_US)
    stands = subscribed | due
    return Standing(person[newest[stands]], subscribed[stands], np.where(subscribed, 0, ts_us[newest])[stands])


def next_departure(gone: Departures, person: Integers, moment_us: int) -> Integers:
    """When each of some people left first after a moment, within 30 days; 0 for who did not."""
    inside = np.flatnonzero((gone.left_us > moment_us) & (gone.left_us <= moment_us + PERIOD_US))
    who, first = np.unique(gone.person[inside], return_index=True)
    if not who.size:
        return np.zeros(person.size, dtype=np.int64)
    place = np.minimum(np.searchsorted(who, person), who.size - 1)
    return np.where(who[place] == person, gone.left_us[inside][first[place]], 0)


def _lives(timeline: Timeline) -> tuple[Integers, Integers, Integers, Flags]:
    """Purchases, starts and ends of subscriptions; and whether a subscription runs after each."""
    chosen = np.isin(timeline.code, (TRANSACTION, STARTED, ENDED))
    person, ts_us, code = timeline.person[chosen], timeline.ts_us[chosen], timeline.code[chosen]
    places = np.arange(person.size)
    newest = np.maximum.accumulate(np.where(code == TRANSACTION, -1, places)) if person.size else places
    own = (newest >= 0) & (person[newest] == person)
    return person, ts_us, code, own & (code[newest] == STARTED)
