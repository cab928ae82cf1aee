"""What became of people in the days after: who can be followed so far, which rows are compared, and with whom."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.trade import Trade
from nousnous.capabilities.gaps.measures.visits import HOUR_US, Flags, Floats, Integers
from nousnous.journeys.periods import Period
from nousnous.stats.bisection import Sorted, in_order
from nousnous.stats.columns import Columns

FOLLOWED_DAYS, TOGETHER_DAYS = 90, 30
FOLLOWED_US, TOGETHER_US = FOLLOWED_DAYS * 24 * HOUR_US, TOGETHER_DAYS * 24 * HOUR_US
# Calendar time is told apart by so much: what a release or a season changes, it changes for both sides.
BLOCK_US = 30 * 24 * HOUR_US
MOST_FRICTIONS = 2
MATCHED_ON = ("visits before", "orders before", "country", "channel", "30 days of the calendar")


@dataclass(frozen=True, slots=True, eq=False)
class Passings(Columns):
    """Closed visits by column, sorted by (person, opening, step): the followed ones and those of the 90 days before.

    `wasted`: the visit wasted something, before it is asked whose seconds overlap. `country`, `channel` and `segment`
    are codes.
    """

    person: Integers
    step: Integers
    opened_us: Integers
    ended_us: Integers
    wasted: Flags
    country: Integers
    channel: Integers
    segment: Integers

    @classmethod
    def sorted_from(cls, columns: dict[str, npt.NDArray[Any]]) -> Self:
        """From columns in any order; each is let go of as soon as it is sorted, for together they are large."""
        order = in_order(columns["person"], columns["opened_us"], columns["step"])
        return cls(**{name: columns.pop(name)[order] for name in list(columns)})


@dataclass(frozen=True, slots=True, eq=False)
class Openings(Sorted):
    """When people opened their visits, and for each the first place of the same person and moment."""

    firsts: Integers

    @classmethod
    def of(cls, passings: Passings) -> Self:
        person, opened_us = passings.person, passings.opened_us
        new = np.ones(person.size, dtype=bool)
        new[1:] = (person[1:] != person[:-1]) | (opened_us[1:] != opened_us[:-1])
        firsts = np.maximum.accumulate(np.where(new, np.arange(new.size), 0))
        return cls(passings.person, passings.opened_us, firsts)

    def before(self, places: Integers) -> Integers:
        """How many visits of the journey the person opened in the 90 days before each of some visits."""
        since = self.after(self.person[places], self.moment_us[places] - 1 - FOLLOWED_US)
        return np.asarray(self.firsts[places] - since)


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Columns):
    """What is compared: whose, how much friction (`group`), with whom it may be compared, and what became of them.

    Rows of one `stratum` may be compared: a number made of the row alone, so that parts can be joined. `left` says
    something only of who was a `customer`; `step` is a position, −1 for the journey as a whole. Rows stand step after
    step.
    """

    person: Integers
    step: Integers
    group: Integers
    stratum: Integers
    customer: Flags
    left: Flags
    spent: Floats
    segment: Integers

    def of_step(self, position: int) -> Self:
        first, last = np.searchsorted(self.step, np.array([position, position + 1], self.step.dtype))
        return self.only(slice(int(first), int(last)))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """The rows of all steps and of the journey's persons, each with the period in which they begin, as two instants.

    `why_not` says what is missing where nobody can be followed; `priced` whether orders say what was paid; `segments`
    names the values of the splitting property by their codes.
    """

    written: tuple[str, str]
    written_of_persons: tuple[str, str]
    visits: Rows | None = None
    persons: Rows | None = None
    priced: bool = False
    why_not: str | None = None
    segments: tuple[str, ...] = ("",)

    def of_values(self, values: Sequence[str]) -> Self:
        """The part whose property has one of some values; who is matched with whom stays among them."""
        if self.visits is None or self.persons is None:
            return self
        codes = [code for code, name in enumerate(self.segments) if name in values]
        visits, persons = (rows.only(np.isin(rows.segment, codes)) for rows in (self.visits, self.persons))
        return replace(self, visits=visits, persons=persons)


def followed_period(period: Period, newest_us: int) -> Period:
    """The latest period of the report's length, not after it, whose visits have 90 days behind them by now.

    >>> day = 24 * HOUR_US
    >>> [end // day for end in (followed_period(Period(100 * day, 190 * day), 190 * day - 1).to_us, 7 * day)]
    [100, 7]
    """
    to_us = min(period.to_us, newest_us + 1 - FOLLOWED_US)
    return Period(to_us - (period.to_us - period.from_us), to_us)


def period_of_persons(period: Period) -> Period:
    """When the persons begin who are followed for 90 days after their first 30, where visits begin in a period.

    >>> period_of_persons(Period(TOGETHER_US, 2 * TOGETHER_US)) == Period(0, TOGETHER_US)
    True
    """
    return Period(period.from_us - TOGETHER_US, period.to_us - TOGETHER_US)


def rows_of_visits(passings: Passings, trade: Trade, period: Period, newest_us: int) -> Rows:
    """Of each step and person all visits of the period up to the first that wasted something, which is group 1.

    What is known when a visit opens decides with whom it is compared, so what comes later cannot: a visit that wasted
    nothing is compared even if a later one did. People are followed from the end of the visit, so an order that ends it
    is in neither side's spend; a visit whose 90 days are not over by `newest_us` is left out.
    """
    inside = period.holds(passings.opened_us) & (passings.ended_us <= newest_us - FOLLOWED_US)
    steps = range(int(passings.step.max(initial=0)) + 1)  # one by one, for all at once take much memory
    places = (np.flatnonzero(inside & (passings.step == step)) for step in steps)
    openings = Openings.of(passings)
    return Rows.joined([_rows_of_step(passings, openings, mine, trade, period) for mine in places])


def _rows_of_step(passings: Passings, openings: Openings, places: Integers, trade: Trade, period: Period) -> Rows:
    mine = places[_wasted_before(passings.person[places], passings.wasted[places]) == 0]
    seen = passings.only(mine)
    orders, customer = trade.before(seen.person, seen.opened_us)
    alike = _alike((openings.before(mine), orders), seen, period)
    return _rows(seen, trade, (seen.step, seen.wasted, alike, customer), seen.ended_us)


def rows_of_persons(passings: Passings, trade: Trade, period: Period) -> Rows:
    """People by the frictions of the 30 days since their first visit of the period: none, one, or two in a journey.

    Wasted visits that overlap are one friction. They are followed from the end of these 30 days, and compared among
    those with about as many visits in them: more visits are more chances of a friction.
    """
    period = period_of_persons(period)
    seen = passings.only(passings.opened_us >= period.from_us)
    firsts = np.flatnonzero(np.diff(seen.person, prepend=-1) != 0)
    place = np.cumsum(np.diff(seen.person, prepend=-1) != 0) - 1
    together = seen.opened_us < seen.opened_us[firsts][place] + TOGETHER_US
    visits = np.bincount(place[together], minlength=firsts.size)
    frictions = np.bincount(place[together], _begins_friction(seen, together)[together], minlength=firsts.size)
    first, moment_us = seen.only(firsts), seen.opened_us[firsts] + TOGETHER_US
    chosen = (first.opened_us < period.to_us) & (frictions <= MOST_FRICTIONS)
    first, moment_us, visits, frictions = first.only(chosen), moment_us[chosen], visits[chosen], frictions[chosen]
    orders, customer = trade.before(first.person, moment_us)
    alike = _alike((visits, orders), first, period)
    journey = np.full(first.person.size, -1, dtype=np.int64)
    return _rows(first, trade, (journey, frictions, alike, customer), moment_us)


def _alike(before: tuple[Integers, Integers], seen: Passings, period: Period) -> Integers:
    """One number for all that people must have in common to be compared: `MATCHED_ON`, in 60 bits."""
    visits, orders = map(_band, before)
    found = visits << 7 | orders  # bands of what 64 bits count are below 2**7
    for code in (seen.country, seen.channel):
        found = found << 16 | code.astype(np.int64)
    return np.asarray(found << 14 | (seen.opened_us - period.from_us) // BLOCK_US)


def _rows(
    seen: Passings, trade: Trade, told: tuple[Integers, Integers | Flags, Integers, Flags], since_us: Integers
) -> Rows:
    """The rows with what became of people in the 90 days after a moment."""
    step, group, stratum, customer = told
    left, spent = trade.between(seen.person, since_us, since_us + FOLLOWED_US)
    return Rows(seen.person, step, group.astype(np.int8), stratum, customer, left, spent, seen.segment)


def _wasted_before(person: Integers, wasted: Flags) -> Integers:
    """How many visits the person wasted time in before each, of visits in order of persons and openings."""
    if not person.size:
        return np.zeros(0, dtype=np.int64)
    before: Integers = np.cumsum(wasted) - wasted
    new = np.diff(person, prepend=-1) != 0
    return np.asarray(before - before[new][np.cumsum(new) - 1])


def _begins_friction(seen: Passings, together: Flags) -> Flags:
    """Which wasted visits are a friction of their own: those that open after all wasted ones before have ended."""
    mine = np.flatnonzero(seen.wasted & together)
    person, opened_us, ended_us = seen.person[mine], seen.opened_us[mine], seen.ended_us[mine]
    # places by (person, end) rise from person to person, so that one running maximum serves them all
    order = in_order(person, ended_us)
    places = np.empty(mine.size, dtype=np.int64)
    places[order] = np.arange(mine.size)
    latest_us = ended_us[order][np.maximum.accumulate(places)]
    found = np.zeros(seen.person.size, dtype=bool)
    found[mine] = True
    found[mine[1:]] = (person[1:] != person[:-1]) | (opened_us[1:] > latest_us[:-1])
    return found


def _band(counts: Integers) -> Integers:
    """0, 1, 2, 3 to 4, 5 to 8, and so on, by doubling.

    >>> _band(np.array([0, 1, 2, 3, 4, 5, 8, 9])).tolist()
    [0, 1, 2, 3, 3, 4, 4, 5]
    """
    return np.ceil(np.log2(np.maximum(counts, 1))).astype(np.int64) + (counts > 0)
