"""The journey as a whole: who enters, who finishes, how long that takes, and what follows what."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.visits import SECOND_US, Integers, Visits
from nousnous.stats.estimate import Estimate
from nousnous.stats.quantiles import spread
from nousnous.stats.shares import share

NEVER = np.iinfo(np.int64).max


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
class Finishes:
    """Completions of the file's last step: whose, when, and the code of the property that splits; any order."""

    person: Integers
    moment_us: Integers
    segment: Integers


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
    order = _in_order(visits)
    person, step, opened_us = visits.person[order], visits.step[order].astype(np.int64), visits.opened_us[order]
    follows = person[1:] == person[:-1]
    width = int(step.max()) + 1
    pair = (step[:-1] * width + step[1:])[follows]
    waited_us = np.diff(opened_us)[follows]
    counts = np.bincount(pair, minlength=width * width)
    leaving = counts.reshape(width, width).sum(axis=1)
    medians = _medians(pair, waited_us, counts)
    found = [
        Transition(code // width, code % width, int(counts[code]), int(counts[code]) / int(leaving[code // width]), p50)
        for code, p50 in medians.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.n, one.origin, one.target)))


def _earliest(person: Integers, moment_us: Integers, persons: int) -> npt.NDArray[np.int64]:
    found = np.full(persons, NEVER)
    np.minimum.at(found, person, moment_us)
    return found


def _in_order(visits: Visits) -> npt.NDArray[np.int64]:
    """Places by person, opening and step; sorted by one packed number and then, stably, by person."""
    span = int(visits.step.max()) + 1
    moment = (visits.opened_us - visits.opened_us.min()) * span + visits.step
    order = np.argsort(moment, kind="stable")
    return order[np.argsort(visits.person[order], kind="stable")]


def _medians(pair: Integers, waited_us: Integers, counts: Integers) -> dict[int, float]:
    """Seconds at the ⌈n/2⌉-th smallest of each pair that occurs."""
    order = np.argsort(pair, kind="stable")
    sorted_us = waited_us[order]
    found, start = {}, 0
    for code in np.flatnonzero(counts).tolist():
        n = int(counts[code])
        middle = (n + 1) // 2 - 1
        found[code] = float(np.partition(sorted_us[start : start + n], middle)[middle]) / SECOND_US
        start += n
    return found
