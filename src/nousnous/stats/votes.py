"""Votes among several: by how much the first leads the second, whether that holds, and how many votes more it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from nousnous.base.errors import Refused
from nousnous.stats.estimate import MINIMUM_PERSONS, Estimate, Z, enough, too_few

METHOD = "adjusted multinomial"
MOST_TIMES = 100
"""A vote that would take more than so many times its voters is too close to call."""


@dataclass(frozen=True, slots=True)
class Poll:
    """The outcome of a vote: the places of first and second, the lead with its interval, whether the first has won.

    `needed` is the number of votes at which it would, the shares being as they are; None where it has won already, or
    where it is too close to call.
    """

    first: int
    second: int
    lead: Estimate
    won: bool
    needed: int | None


def lead(first: int, second: int, n: int) -> Estimate:
    """Share of one choice less the share of another among n votes of one each, −1 to 1, with its 95 % interval.

    p' = (first + 1)/(n + 2), q' = (second + 1)/(n + 2), p' − q' ± z √((p' + q' − (p' − q')²)/(n + 2)), clipped to ±1:
    the variance of a difference of two shares of one multinomial, adjusted (Bonett and Price 2012). The value is the
    raw difference. Fewer than 5 votes are "too few". Raises `Refused` where the counts do not fit.

    >>> found = lead(60, 25, 100)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3), found.n
    (0.35, 0.177, 0.51, 100)
    """
    if min(first, second) < 0 or first + second > n:
        raise Refused("Two choices cannot have more votes than there are.")
    if not enough(n):
        return too_few(n)
    low, high = _ends(float(first), float(second), float(n))
    value = (first - second) / n
    return Estimate(value, min(value, low), max(value, high), n, METHOD, float(n))


def poll(counts: Sequence[int]) -> Poll:
    """Who leads among at least two choices, and whether the lead's interval lies above 0; ties go by place.

    >>> poll([10, 60, 30]).won, poll([30, 35, 35]).needed is None, poll([4, 6, 2]).needed
    (True, True, 114)
    """
    if len(counts) < 2:
        raise Refused("A vote needs at least two choices.")
    order = sorted(range(len(counts)), key=lambda place: (-counts[place], place))
    first, second, n = order[0], order[1], sum(counts)
    found = lead(counts[first], counts[second], n)
    won = found.low is not None and found.low > 0
    return Poll(first, second, found, won, None if won else votes_needed(counts[first], counts[second], n))


def votes_needed(first: int, second: int, n: int) -> int | None:
    """The least number of votes at which a lead of these shares lies above 0; None above 100 n, and without a lead.

    >>> votes_needed(1, 0, 1), votes_needed(50, 50, 100)
    (5, None)
    """
    if n == 0 or first <= second:
        return None
    p, q = first / n, second / n

    def holds(votes: int) -> bool:
        return _ends(p * votes, q * votes, float(votes))[0] > 0

    low, high = MINIMUM_PERSONS, max(MOST_TIMES * n, MINIMUM_PERSONS)
    if not holds(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _ends(first: float, second: float, n: float) -> tuple[float, float]:
    size = n + 2
    p, q = (first + 1) / size, (second + 1) / size
    half = Z * sqrt((p + q - (p - q) ** 2) / size)
    return max(-1.0, p - q - half), min(1.0, p - q + half)
