"""The journey as a whole: who enters, who finishes, how long that takes, and what follows what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.visits import SECOND_US, Integers, Visits
from nousnous.stats.columns import Columns
from nousnous.stats.estimate import Estimate
from nousnous.stats.quantiles import spread
from nousnous.stats.shares import share

NEVER = np.iinfo(np.int64).max
# Persons of one lot differ in so many bits: numbers of 16 bits are sorted by counting.
BITS_OF_LOT = 16


@dataclass(frozen=True, slots=True)
class Transition:
    """How often a visit of step `origin` was followed by one of `target`; `share` is of all that leave `origin`."""

    origin: int
    target: int
    n: int
    share: float
    p50_s: float


@dataclass(frozen=True, slots=True)
class Passage:
    """Persons who entered, the share of them who finished, seconds from first opening to finish."""

    entered: int
    finished: Estimate
    elapsed: Mapping[str, Estimate]
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Finishes(Columns):
    """Completions of the file's last step: whose, when, and the code of the property that splits; any order."""

    person: Integers
    moment_us: Integers
    segment: Integers

    def numbered(self, numbers: Integers, persons: int) -> Self:
        """Those of persons whose new number is below `persons`."""
        found = replace(self, person=numbers[self.person])
        return found.only(found.person < persons)


def passage(visits: Visits, finishes: Finishes) -> Passage:
    """The journey from the visits of the period, open ones too; a finish may come after the period.

    finished = share of those who entered that completed the file's last step at or after their first opening;
    elapsed = from that opening to that completion; transitions = consecutive visits of a person by (opening, step).
    """
    first_us = _earliest(visits.person, visits.opened_us, visits.persons)
    late = finishes.moment_us >= first_us[finishes.person]
    finish_us = _earliest(finishes.person[late], finishes.moment_us[late], visits.persons)
    entered = first_us < NEVER
    finished = entered & (finish_us < NEVER)
    persons = np.flatnonzero(finished)
    return Passage(
        int(entered.sum()),
        share(finished[entered], np.ones(int(entered.sum()), dtype=np.int64)),
        spread((finish_us[persons] - first_us[persons]) / SECOND_US, persons),
        transitions(visits),
    )


def transitions(visits: Visits) -> tuple[Transition, ...]:
    """Consecutive visits of a person by (opening, step order), most frequent first.

    >>> nothing = np.zeros(0, np.int64)
    >>> transitions(Visits(0, *[nothing] * 5, *[nothing == 1] * 5, nothing))
    ()
    """
    if not len(visits):
        return ()
    width = int(visits.step.max()) + 1
    lots = _consecutive(visits, width)
    counts = np.sum([np.diff(bounds) for _, bounds in lots], axis=0)
    leaving = counts.reshape(width, width).sum(axis=1)
    medians = {code: _median_s(lots, code) for code in np.flatnonzero(counts).tolist()}
    found = [
        Transition(code // width, code % width, int(counts[code]), int(counts[code]) / int(leaving[code // width]), p50)
        for code, p50 in medians.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.n, one.origin, one.target)))


def _earliest(person: Integers, moment_us: Integers, persons: int) -> npt.NDArray[np.int64]:
    found = np.full(persons, NEVER)
    np.minimum.at(found, person, moment_us)
    return found


def _consecutive(visits: Visits, width: int) -> list[tuple[Integers, Integers]]:
    """The time from opening to opening of each two consecutive visits, and where the times of each two steps begin.

    Persons are taken in lots, whose visits alone are sorted at a time.
    """
    lot = (visits.person >> BITS_OF_LOT).astype(np.min_scalar_type(visits.persons >> BITS_OF_LOT))
    by_lot = np.argsort(lot, kind="stable")
    found: list[tuple[Integers, Integers]] = []
    for first, last in pairwise([0, *np.cumsum(np.bincount(lot)).tolist()]):
        mine = by_lot[first:last]
        person, step, opened_us = visits.person[mine], visits.step[mine].astype(np.int64), visits.opened_us[mine]
        order = _in_order(person, step, opened_us)
        person, step, opened_us = person[order], step[order], opened_us[order]
        follows = person[1:] == person[:-1]
        pair = (step[:-1] * width + step[1:])[follows].astype(np.min_scalar_type(width * width))
        by_pair = np.argsort(pair, kind="stable")
        bounds = np.concatenate([[0], np.cumsum(np.bincount(pair, minlength=width * width))])
        found.append((np.diff(opened_us)[follows][by_pair], bounds))
    return found


def _in_order(person: Integers, step: Integers, opened_us: Integers) -> npt.NDArray[np.int64]:
    """Places by person, opening and step; sorted by one packed number and then, stably, by person in 16 bits."""
    if not person.size:
        return np.zeros(0, dtype=np.int64)
    moment = (opened_us - opened_us.min()) * (int(step.max()) + 1) + step
    order = np.argsort(moment, kind="stable")
    return order[np.argsort((person[order] & ((1 << BITS_OF_LOT) - 1)).astype(np.uint16), kind="stable")]


def _median_s(lots: list[tuple[Integers, Integers]], pair: int) -> float:
    """Seconds at the ⌈n/2⌉-th smallest of two steps."""
    waited_us = np.concatenate([waits[bounds[pair] : bounds[pair + 1]] for waits, bounds in lots])
    middle = (waited_us.size + 1) // 2 - 1
    return float(np.partition(waited_us, middle)[middle]) / SECOND_US
