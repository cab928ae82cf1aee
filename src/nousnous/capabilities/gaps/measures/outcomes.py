"""How visits of one step ended, and how long they took."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from nousnous.capabilities.gaps.measures.visits import SECOND_US, Integers, Visits
from nousnous.stats.estimate import Estimate
from nousnous.stats.quantiles import spread
from nousnous.stats.shares import share, share_of


class CountsShape(TypedDict):
    n: int
    completed: int
    failed: int
    abandoned: int
    open: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Visits of a step in the period: `n` closed ones, of which completed, failed, abandoned; and open ones."""

    n: int
    completed: int
    failed: int
    abandoned: int
    open: int

    def as_dict(self) -> CountsShape:
        return {
            "n": self.n,
            "completed": self.completed,
            "failed": self.failed,
            "abandoned": self.abandoned,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts, shares (0 to 1), and the duration of completed visits in seconds."""

    counts: Counts
    shares: Mapping[str, Estimate]
    duration: Mapping[str, Estimate]
    persons_closed: int


def counts(visits: Visits) -> Counts:
    """How many visits ended how; an open visit is in no other count."""
    open_ones = int(visits.open.sum())
    completed, failed = int(visits.completed.sum()), int((visits.failed & ~visits.open).sum())
    closed = len(visits) - open_ones
    return Counts(closed, completed, failed, closed - completed - failed, open_ones)


def outcomes(visits: Visits, *, active_clock: bool = False) -> Outcomes:
    """What became of the visits of one step; `duration` is elapsed, or active where the step's clock says so."""
    closed = visits.by_person(visits.closed)
    lengths = duration(visits, active_clock=active_clock)
    return Outcomes(counts(visits), shares(visits, closed), lengths, int(np.count_nonzero(closed)))


def shares(visits: Visits, closed: Integers) -> dict[str, Estimate]:
    """How visits ended, as shares of the closed ones; `open` is a share of all that opened, and in no other one.

    `closed` counts each person's closed visits.

    >>> nothing = np.zeros(0, np.int64)
    >>> list(shares(Visits(0, *[nothing] * 5, *[nothing == 1] * 5, nothing), nothing))
    ['completed', 'failed', 'abandoned', 'open']
    """
    completed, failed = visits.by_person(visits.completed), visits.by_person(visits.failed & visits.closed)
    open_ones = visits.by_person(visits.open)
    return {
        "completed": share(completed, closed),
        "failed": share(failed, closed),
        "abandoned": share(closed - completed - failed, closed),
        "open": share(open_ones, closed + open_ones),
    }


def rate(visits: Visits, flag: str) -> Estimate:
    """Share of the closed visits that have a flag: completed, failed or frustrated.

    >>> nothing = np.zeros(0, np.int64)
    >>> rate(Visits(0, *[nothing] * 5, *[nothing == 1] * 5, nothing), "completed").n
    0
    """
    closed = np.flatnonzero(visits.closed)
    return share_of(getattr(visits, flag)[closed], visits.person[closed])


def duration(visits: Visits, *, active_clock: bool = False) -> dict[str, Estimate]:
    """Spread of the seconds that completed visits took."""
    done = np.flatnonzero(visits.completed)
    length_us = visits.active_us[done] if active_clock else visits.ended_us[done] - visits.opened_us[done]
    return spread(length_us / SECOND_US, visits.person[done])
