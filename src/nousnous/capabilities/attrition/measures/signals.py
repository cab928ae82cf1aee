"""Signs that somebody fades, by product P 6 and `definitions.md`, "Help-article spike": pure, over all people at once.

No sign looks at what comes after its moment in the life of its person. Only the strength with which a person's
baseline of help articles is drawn to everybody's is learned from all events that are given.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY_US: Final = 86_400_000_000
HOVER, WISHES, ARTICLES, PAUSE = SIGNALS = ("hover", "wishes", "articles", "pause")
LOG_IN, TRANSACTION, WISH, CART, ARTICLE, OTHER = range(6)
CODES: Final = {
    "Signed In": LOG_IN,
    "Order Completed": TRANSACTION,
    "Product Added to Wishlist": WISH,
    "Product Added": CART,
    "Article Viewed": ARTICLE,
}
NEVER: Final = np.iinfo(np.int64).min // 2
FEWEST_DAYS_OF_USE: Final = 5
SHORTEST_PAUSE_US: Final = 7 * DAY_US


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is a sign; a workspace can change each."""

    log_ins: int = 3
    log_in_days: int = 14
    wishes: int = 3
    wish_days: int = 30
    articles: int = 3
    article_days: int = 7
    article_chance: float = 0.01
    pause_factor: float = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Events sorted by (person, time), a place in each array is one event; `code` is one of `CODES`, or OTHER.

    `until_us` is the moment up to which events are known.
    """

    person: Integers
    ts_us: Integers
    code: Integers
    until_us: int


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """Signs of one kind by column; `first` and `last` are places in `evidence_us` (both inside)."""

    signal: str
    person: Integers
    moment_us: Integers
    first: Integers
    last: Integers
    evidence_us: Integers
    days: Numbers
    baseline: Numbers
    chance: Numbers


def signs_of(timeline: Timeline, limits: Limits) -> tuple[Signs, ...]:
    """All signs, of each kind in the order of person and moment; one that goes on holding is one sign.

    >>> day = np.array([0, 20, 25, 30]) * DAY_US
    >>> codes = np.array([TRANSACTION, LOG_IN, LOG_IN, LOG_IN])
    >>> signs_of(Timeline(np.zeros(4, int), day, codes, int(day[-1])), Limits())[0].moment_us.tolist() == [30 * DAY_US]
    True
    """
    return (
        _gathered(timeline, HOVER, (LOG_IN, TRANSACTION), (limits.log_ins, limits.log_in_days)),
        _gathered(timeline, WISHES, (WISH, CART), (limits.wishes, limits.wish_days)),
        _articles(timeline, limits),
        _pauses(timeline, limits.pause_factor),
    )


def sentence(signal: str, count: int, days: float, baseline: float | None) -> str:
    """What a sign says, for members.

    >>> sentence("hover", 5, 14, None)
    'logged in 5 times in 14 days and bought nothing'
    >>> sentence("pause", 0, 21.2, 4.0)
    'was away for 21 days, after coming every 4.0 days'
    """
    usual = f"{baseline or 0:.1f}"
    return {
        HOVER: f"logged in {count} times in {days:.0f} days and bought nothing",
        WISHES: f"wished for {count} things in {days:.0f} days and put none into the cart",
        ARTICLES: f"read {count} help articles in {days:.0f} days, where {usual} are usual",
        PAUSE: f"was away for {days:.0f} days, after coming every {usual} days",
    }[signal]


def _gathered(timeline: Timeline, signal: str, codes: tuple[int, int], window: tuple[int, int]) -> Signs:
    """At least so many events of one code in so many days, and none of the other in them; a log-in counts only of
    somebody who bought before."""
    (code, undoing), (least, days) = codes, window
    chosen = timeline.code == code
    person, ts_us = timeline.person[chosen], timeline.ts_us[chosen]
    undone_us = _newest_before(timeline, undoing)[chosen]
    first = _first_within(person, ts_us, days * DAY_US)
    holds = (np.arange(person.size) - first + 1 >= least) & (ts_us - undone_us > days * DAY_US)
    if signal == HOVER:
        holds &= undone_us > NEVER
    last = np.flatnonzero(_begins(holds, person))
    nothing = np.full(last.size, np.nan)
    spent = np.full(last.size, float(days))
    return Signs(signal, person[last], ts_us[last], first[last], last, ts_us, spent, nothing, nothing)


def _articles(timeline: Timeline, limits: Limits) -> Signs:
    """Articles in a window against a negative binomial: the person's own rate before it, drawn to everybody's."""
    from scipy import stats  # slow to load, and most commands measure nothing

    chosen = timeline.code == ARTICLE
    person, ts_us = timeline.person[chosen], timeline.ts_us[chosen]
    days = limits.article_days
    opens = np.flatnonzero(np.diff(timeline.person, prepend=NEVER))
    began_us = timeline.ts_us[opens]
    number = np.cumsum(np.diff(timeline.person, prepend=NEVER) != 0)[chosen] - 1
    first = _first_within(person, ts_us, days * DAY_US)
    count = np.arange(person.size) - first + 1
    shape, rate = _prior(np.bincount(number, minlength=opens.size), (timeline.until_us - began_us) / DAY_US)
    before = first - np.searchsorted(number, number)
    exposure = np.maximum(ts_us - days * DAY_US - began_us[number], 0) / DAY_US
    usual = (shape + before) / (rate + exposure) * days
    many = np.flatnonzero(count >= limits.articles)
    chance = np.ones(person.size)
    odds = (rate + exposure[many]) / (rate + exposure[many] + days)
    chance[many] = stats.nbinom.sf(count[many] - 1, shape + before[many], odds)
    last = np.flatnonzero(_begins(chance <= limits.article_chance, person))
    spent = np.full(last.size, float(days))
    return Signs(ARTICLES, person[last], ts_us[last], first[last], last, ts_us, spent, usual[last], chance[last])


def _prior(counts: Integers, days: Numbers) -> tuple[float, float]:
    """Shape and rate (days) of the gamma of people's articles a day, by moments; a person with a day weighs little."""
    days = np.maximum(days, 1.0)
    if not counts.sum():
        return 0.5, 30.0
    mean = counts.sum() / days.sum()
    rates = counts / days
    spread = float(np.average((rates - mean) ** 2, weights=days)) - mean * days.size / days.sum()
    shape = mean**2 / spread if spread > 0 else 100.0
    shape = float(np.clip(shape, 0.05, 100.0))
    return shape, shape / float(mean)


def _pauses(timeline: Timeline, factor: float) -> Signs:
    """A pause some times as long as those of this person before it; its moment is when it had become so long."""
    day = timeline.ts_us // DAY_US
    opens = (np.diff(timeline.person, prepend=NEVER) != 0) | (np.diff(day, prepend=NEVER) != 0)
    person, ts_us = timeline.person[opens], timeline.ts_us[opens]
    begins = np.diff(person, prepend=NEVER) != 0
    start = np.maximum.accumulate(np.where(begins, np.arange(person.size), 0))
    uses = np.arange(person.size) - start
    usual_us = np.where(uses > 0, (ts_us - ts_us[start]) / np.maximum(uses, 1), 0.0)
    long_us = np.maximum(factor * usual_us, SHORTEST_PAUSE_US).astype(np.int64)
    goes_on = np.append(person[1:] == person[:-1], False)[: person.size]
    next_us = np.where(goes_on, np.append(ts_us[1:], 0)[: person.size], timeline.until_us)
    last = np.flatnonzero((next_us - ts_us >= long_us) & (uses + 1 >= FEWEST_DAYS_OF_USE))
    moment_us, nothing = ts_us[last] + long_us[last], np.full(last.size, np.nan)
    spent, usual = long_us[last] / DAY_US, usual_us[last] / DAY_US
    return Signs(PAUSE, person[last], moment_us, last, last, ts_us, spent, usual, nothing)


def _newest_before(timeline: Timeline, code: int) -> Integers:
    """For each event when its person's newest event of a code was, up to that event; NEVER without one."""
    places = np.arange(timeline.person.size)
    newest = np.maximum.accumulate(np.where(timeline.code == code, places, -1)) if places.size else places
    own = (newest >= 0) & (timeline.person[newest] == timeline.person)
    return np.where(own, timeline.ts_us[newest], NEVER)


def _first_within(person: Integers, ts_us: Integers, reach_us: int) -> Integers:
    """For each event the place of its person's first one that is at most so long before it, by bisection of all."""
    high = np.arange(person.size)
    begins = np.diff(person, prepend=NEVER) != 0
    low = np.maximum.accumulate(np.where(begins, high, 0)) if person.size else high
    while True:
        undecided = np.flatnonzero(low < high)
        if not undecided.size:
            return low
        middle = (low[undecided] + high[undecided]) // 2
        inside = ts_us[middle] >= ts_us[undecided] - reach_us
        high[undecided[inside]] = middle[inside]
        low[undecided[~inside]] = middle[~inside] + 1


def _begins(holds: Flags, person: Integers) -> Flags:
    """Where something begins to hold: the event before was of somebody else, or it did not hold there."""
    goes_on = np.zeros(holds.size, dtype=bool)
    goes_on[1:] = holds[:-1] & (person[1:] == person[:-1])
    return holds & ~goes_on
