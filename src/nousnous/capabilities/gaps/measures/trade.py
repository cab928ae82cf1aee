"""Who is a customer at a moment, who has left some time later, and what they spent between."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import numpy as np

from nousnous.capabilities.gaps.measures.visits import Flags, Floats, Integers
from nousnous.stats.bisection import Sorted, in_order
from nousnous.stats.estimate import enough

USUAL = Fraction(9, 10)
NEVER = -(2**62)  # far before every moment, and no overflow in a difference


@dataclass(frozen=True, slots=True, eq=False)
class Moments(Sorted):
    """Things people did."""

    @classmethod
    def sorted_from(cls, person: Integers, moment_us: Integers) -> Self:
        order = in_order(person, moment_us)
        return cls(person[order], moment_us[order])

    def last_us(self, person: Integers, moment_us: Integers) -> Integers:
        """When the person did it last, at or before each moment; `NEVER` where she did not."""
        return self.last_before(self.after(person, moment_us), person)

    def last_before(self, place: Integers, person: Integers) -> Integers:
        """When each person did it last, of what lies before a place among hers."""
        if not self.person.size:
            return np.full(person.size, NEVER, dtype=np.int64)
        last = np.maximum(place - 1, 0)
        return np.where((place > 0) & (self.person[last] == person), self.moment_us[last], NEVER)


@dataclass(frozen=True, slots=True, eq=False)
class Trade:
    """Orders (a moment each, with their amount; NaN where none is told), subscriptions begun and ended, by person.

    `usual_us` is the 90 % quantile of the time between a person's orders; None where too few people came again.
    """

    orders: Moments
    amounts: Floats
    begun: Moments
    ended: Moments
    usual_us: int | None

    @classmethod
    def of(cls, orders: tuple[Integers, Integers, Floats], begun: Moments, ended: Moments) -> Self:
        """From order lines in any order: those of one person and moment are one order, and their amounts add up."""
        person, moment_us, amount = orders
        order = in_order(person, moment_us)
        person, moment_us, amount = person[order], moment_us[order], amount[order]
        new = np.ones(person.size, dtype=bool)
        new[1:] = (person[1:] != person[:-1]) | (moment_us[1:] != moment_us[:-1])
        line = np.cumsum(new) - 1
        told = np.bincount(line, ~np.isnan(amount), minlength=int(new.sum())) > 0
        amounts = np.where(told, np.bincount(line, np.nan_to_num(amount), minlength=told.size), np.nan)
        kept = Moments(person[new], moment_us[new])
        return cls(kept, amounts, begun, ended, _usual(kept))

    @property
    def known(self) -> bool:
        """Whether anything says who is a customer."""
        return bool(self.orders.person.size or self.begun.person.size)

    @property
    def priced(self) -> bool:
        return not bool(np.isnan(self.amounts).all())

    def before(self, person: Integers, moment_us: Integers) -> tuple[Integers, Flags]:
        """How many orders each person has made before a moment, and who is a customer just before it: subscribed, or
        with an order no longer ago than is usual.
        """
        place, customer = self.orders.after(person, moment_us - 1), self._subscribed(person, moment_us - 1)
        if self.usual_us is not None:
            customer = customer | (moment_us - self.orders.last_before(place, person) <= self.usual_us)
        return np.asarray(place - self.orders.begins(person)), customer

    def between(self, person: Integers, from_us: Integers, until_us: Integers) -> tuple[Flags, Floats]:
        """Which customers of one moment have left at a later one, and what each person paid after the one and not later
        than the other.

        Their subscription ended in between and did not begin again, or their last order is longer ago than is usual;
        orders that were too long ago before the first moment say nothing.
        """
        ended_us, place = self.ended.last_us(person, until_us), self.orders.after(person, until_us)
        left = (ended_us >= from_us) & (ended_us > self.begun.last_us(person, until_us))
        if self.usual_us is not None:
            last_us = self.orders.last_before(place, person)
            left = left | ((last_us >= from_us - self.usual_us) & (until_us - last_us > self.usual_us))
        through = np.concatenate([[0.0], np.cumsum(np.nan_to_num(self.amounts))])
        return np.asarray(left), np.asarray(through[place] - through[self.orders.after(person, from_us)])

    def _subscribed(self, person: Integers, moment_us: Integers) -> Flags:
        begun_us = self.begun.last_us(person, moment_us)
        return np.asarray((begun_us > NEVER) & (begun_us >= self.ended.last_us(person, moment_us)))


def _usual(orders: Moments) -> int | None:
    """The ⌈0.9 n⌉-th smallest time between neighbouring orders of one person."""
    same = orders.person[1:] == orders.person[:-1]
    gaps = np.sort(np.diff(orders.moment_us)[same])
    if not enough(int(np.unique(orders.person[1:][same]).size)):
        return None
    return int(gaps[-(-gaps.size * USUAL.numerator // USUAL.denominator) - 1])
