"""Differences between estimates of groups apart: one less another, two frictions less the sum of single ones."""

from collections.abc import Sequence
from math import sqrt

from nousnous.stats.estimate import Estimate, too_few

METHOD = "square and add"


def contrast(parts: Sequence[tuple[float, Estimate]]) -> Estimate:
    """Σ c e of estimates of different people, with the interval by "square and add" (MOVER), in their unit.

    low = Σ c e − √Σ(c (e − its end towards low))², high likewise: each part brings the distance to its own bound, so a
    skewed interval makes a skewed one (Newcombe 1998, method 10; Zou and Donner 2008; for any linear combination Zou,
    Huang and Zhang 2009). n adds up; where a part has no value or no bound there is none.

    >>> lost, others = Estimate(0.14, 0.10, 0.20, 200, "wilson"), Estimate(0.09, 0.08, 0.10, 900, "wilson")
    >>> found = contrast([(1, lost), (-1, others)])
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3), found.n
    (0.05, 0.009, 0.111, 1100)
    """
    n = sum(one.n for _, one in parts)
    value, below, above = 0.0, 0.0, 0.0
    for weight, one in parts:
        if one.value is None or one.low is None or one.high is None:
            return too_few(n)
        down, up = weight * (one.value - one.low), weight * (one.high - one.value)
        down, up = (down, up) if weight >= 0 else (-up, -down)
        value, below, above = value + weight * one.value, below + down * down, above + up * up
    return Estimate(value, value - sqrt(below), value + sqrt(above), n, METHOD)
