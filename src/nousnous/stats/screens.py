"""Which screens stand behind low answers: seen in more of the low sessions than chance explains."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import Floats, Integers
from nousnous.stats.estimate import Estimate, Z

LEAST_SESSIONS = 20
FALSE_SHARE = 0.05
METHOD = "log-odds, Dirichlet prior"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Guilt:
    """What is known of each screen, aligned with what was given; `ranked` are places of the guilty, worst first.

    `p` and `adjusted` (Benjamini and Hochberg) are 0 to 1; `log_odds` only ranks, with its 95 % interval; `guilty`
    marks the screens that are named. `more_low` and `more_high` are sessions that are missing before any is.
    """

    p: Floats
    adjusted: Floats
    log_odds: tuple[Estimate, ...]
    guilty: Flags
    ranked: tuple[int, ...]
    more_low: int
    more_high: int


def guilty_screens(low_seen: npt.ArrayLike, high_seen: npt.ArrayLike, low: int, high: int) -> Guilt:
    """Per screen: in how many of `low` and of `high` sessions it was seen, a screen once a session; who is guilty?

    p = P(X ≥ low_seen) for X hypergeometric, drawing `low` of all sessions of which low_seen + high_seen saw it;
    Benjamini and Hochberg (1995) hold the share of false names at 5 %. Under 20 low or 20 high sessions none is named.
    Rank: z = δ/σ of Monroe, Colaresi and Quinn (2008) with the screen's share of all sessions as a prior worth 20 of
    them: δ = log((y + a)/(n + 20 − y − a)) of low less that of high, σ² = Σ 1/(y + a) + 1/(n + 20 − y − a).
    Raises `Refused` where a screen was seen in more sessions than there are.

    >>> found = guilty_screens([60, 30], [30, 30], 100, 100)
    >>> found.guilty.tolist(), found.ranked, [round(p, 4) for p in found.p.tolist()]
    ([True, False], (0,), [0.0, 0.5613])
    """
    some, others = np.asarray(low_seen, dtype=np.int64), np.asarray(high_seen, dtype=np.int64)
    if some.shape != others.shape or bool(np.any((some < 0) | (some > low) | (others < 0) | (others > high))):
        raise Refused("A screen is seen in at most as many sessions as there are; count it once a session.")
    more_low, more_high = max(0, LEAST_SESSIONS - low), max(0, LEAST_SESSIONS - high)
    p = _one_sided(some, some + others, low, low + high)
    adjusted = benjamini_hochberg(p)
    odds, sigma = _log_odds(some, others, low, high)
    guilty = (adjusted <= FALSE_SHARE) & (more_low == 0) & (more_high == 0)
    order = np.lexsort((p, -odds / sigma))
    estimates = tuple(
        Estimate(value, value - Z * deviation, value + Z * deviation, low + high, METHOD)
        for value, deviation in zip(odds.tolist(), sigma.tolist(), strict=True)
    )
    return Guilt(p, adjusted, estimates, guilty, tuple(order[guilty[order]].tolist()), more_low, more_high)


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """p-values adjusted so that naming those of at most q keeps the expected share of false names at q.

    Benjamini and Hochberg (1995): the smallest of m p₍ⱼ₎/j over all j at or above the rank.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.8]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.8]
    """
    given = np.asarray(p, dtype=np.float64)
    order = np.argsort(given)
    scaled = given[order] * given.size / np.arange(1, given.size + 1)
    found = np.empty(given.size)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found


def _one_sided(some: Integers, seen: Integers, low: int, everything: int) -> Floats:
    if not some.size:
        return np.zeros(0)
    from scipy import stats  # slow to load, and most commands measure nothing

    found: Any = stats.hypergeom.sf(some - 1, everything, seen, low)
    return np.minimum(np.asarray(found, dtype=np.float64), 1.0)


def _log_odds(some: Integers, others: Integers, low: int, high: int) -> tuple[Floats, Floats]:
    """δ and σ; a screen that nobody saw, or everybody, stands at the edge by half a session."""
    share = (some + others + 0.5) / (low + high + 1)
    prior = LEAST_SESSIONS * share
    ones = [some + prior, others + prior]
    rest = [size + LEAST_SESSIONS - one for size, one in zip((low, high), ones, strict=True)]
    odds = np.log(ones[0] / rest[0]) - np.log(ones[1] / rest[1])
    return odds, np.sqrt(sum(1 / part for part in (*ones, *rest)))
