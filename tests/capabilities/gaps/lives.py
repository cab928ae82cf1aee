"""Worlds of people who come, order, lose time and leave, drawn as the columns that measures read."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.following import Followed, Passings, rows_of_persons, rows_of_visits
from nousnous.capabilities.gaps.measures.trade import Moments, Trade
from nousnous.journeys.periods import Period

DAY = 86_400_000_000
MINUTE = 60_000_000
DAYS, PERIOD = 270, Period(90 * DAY, 180 * DAY)
ORDERING, LOSING = 0.6, 0.2
LEAVING = {2.0: 1 / 120, 5.0: 1 / 400}  # the more often people come in 30 days, the longer they stay

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Visited:
    """Visits by person and moment before anybody left because of them, and when each person leaves anyway."""

    person: Integers
    moment_us: Integers
    lost: npt.NDArray[np.bool_]
    ordered: npt.NDArray[np.bool_]
    leaves_us: Integers


def visited(draw: np.random.Generator, people: int) -> Visited:
    paces = draw.choice(list(LEAVING), people)
    counts = draw.poisson(paces * DAYS / 30)
    person = np.repeat(np.arange(people), counts)
    moment_us = (draw.random(person.size) * DAYS * DAY).astype(np.int64)
    order = np.lexsort((moment_us, person))
    hazard = np.array([LEAVING[pace] for pace in paces])
    leaves_us = (draw.exponential(1 / hazard) * DAY).astype(np.int64)
    lost, ordered = draw.random(person.size) < LOSING, draw.random(person.size) < ORDERING
    return Visited(person, moment_us[order], lost, ordered & ~lost, leaves_us)


def followed(world: Visited, driven_us: Integers) -> Followed:
    """What measures see when people stay away from the moment on at which something drove them out."""
    gone_us = np.minimum(world.leaves_us, driven_us)
    there = world.moment_us <= gone_us[world.person]
    person, moment_us, lost = world.person[there], world.moment_us[there], world.lost[there]
    nothing = np.zeros(person.size, dtype=np.int64)
    seen = Passings(person, nothing, moment_us, moment_us + MINUTE, lost, nothing, nothing, nothing)
    bought = world.ordered[there]
    paid = person[bought], moment_us[bought] + MINUTE, np.full(int(bought.sum()), 20.0)
    none = Moments(nothing[:0], nothing[:0])
    trade = Trade.of(paid, none, none)
    visits = rows_of_visits(seen.only(seen.opened_us < PERIOD.to_us), trade, PERIOD, DAYS * DAY)
    persons = rows_of_persons(seen.only(seen.opened_us < PERIOD.to_us), trade, PERIOD)
    return Followed(("", ""), ("", ""), visits, persons, trade.priced)


def nobody_driven(world: Visited) -> Integers:
    return np.full(world.leaves_us.size, 2**62)


def losing(world: Visited, between: Period, nth: int = 1) -> Integers:
    """When each person loses time for the nth time in a period; far away for who does not."""
    mine = np.flatnonzero(world.lost & between.holds(world.moment_us))
    found = np.full(world.leaves_us.size, 2**62)
    person = world.person[mine]
    place = np.arange(mine.size) - np.searchsorted(person, person)
    chosen = mine[place == nth - 1]
    found[world.person[chosen]] = world.moment_us[chosen]
    return found
