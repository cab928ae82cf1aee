"""How visits of one step ended, and how long they took."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nousnous.capabilities.gaps.measures.visits import SECOND_US, Visits
from nousnous.stats.estimate import Estimate
from nousnous.stats.quantiles import spread
from nousnous.stats.shares import share, share_of


@dataclass(frozen=True, slots=True)
class Counts:
    """Visits of a step in the period: `n` closed ones, of which completed, failed, abandoned; and open ones."""

    n: int
    completed: int
    failed: int
    abandoned: int
    open: int

    def as_dict(self) -> dict[str, int]:
        return {
            "n": self.n,
            "completed": self.completed,
            "failed": self.failed,
            "abandoned": self.abandoned,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts, shares of the closed visits (0 to 1), and the duration of completed visits in seconds."""

    counts: Counts
    completion: Estimate
    failure_rate: Estimate
    frustration_rate: Estimate
    duration: Mapping[str, Estimate]
    persons_closed: int


def counts(visits: Visits) -> Counts:
    """How many visits ended how; an open visit is in no other count."""
    open_ones = int(visits.open.sum())
    completed, failed = int(visits.completed.sum()), int((visits.failed & ~visits.open).sum())
    closed = len(visits) - open_ones
    return Counts(closed, completed, failed, closed - completed - failed, open_ones)


def outcomes(visits: Visits, *, active_clock: bool = False) -> Outcomes:
    """What became of the visits of one step.

    `completion` = completed/closed, `failure_rate` = failed/closed, `frustration_rate` = closed visits with a
    frustration event/closed; `duration` is elapsed (or active, where the step's clock says so) of completed visits.
    """
    closed = visits.closed
    observations = visits.by_person(closed)
    completion, failure, frustration = (
        share(visits.by_person(getattr(visits, flag) & closed), observations)
        for flag in ("completed", "failed", "frustrated")
    )
    lengths = duration(visits, active_clock=active_clock)
    return Outcomes(counts(visits), completion, failure, frustration, lengths, int(np.count_nonzero(observations)))


def rate(visits: Visits, flag: str) -> Estimate:
    """Share of the closed visits that have a flag: completed, failed or frustrated.

    >>> nothing = np.zeros(0, np.int64)
    >>> rate(Visits(0, *[nothing] * 5, *[nothing == 1] * 5, nothing), "completed").n
    0
    """
    closed = visits.closed
    return share_of(getattr(visits, flag)[closed], visits.person[closed])


def duration(visits: Visits, *, active_clock: bool = False) -> dict[str, Estimate]:
    """Spread of the seconds that completed visits took."""
    done = visits.completed
    length_us = visits.active_us[done] if active_clock else visits.ended_us[done] - visits.opened_us[done]
    return spread(length_us / SECOND_US, visits.person[done])
