"""Quantiles by inverse CDF, with intervals from binomial ranks."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import floor, log

import numpy as np
import numpy.typing as npt

from nousnous.stats.clusters import Clustering, Floats, Integers, Sample, kish, sample
from nousnous.stats.estimate import Estimate, enough, too_few

SPREAD = {
    "p5": Fraction(1, 20),
    "p10": Fraction(1, 10),
    "p25": Fraction(1, 4),
    "p50": Fraction(1, 2),
    "p75": Fraction(3, 4),
    "p90": Fraction(9, 10),
    "p95": Fraction(19, 20),
}


def quantile(values: npt.ArrayLike, persons: npt.ArrayLike, numerator: int, denominator: int) -> Estimate:
    """The ⌈N p⌉-th smallest value for p = numerator/denominator, in the unit of the values, no interpolation.

    Interval by order statistics (Thompson 1936): m = ⌊n_eff⌋ of the indicator "at most the quantile",
    l = ppf(0.025) and u = ppf(0.975) + 1 of Binomial(m, p), scaled by N/m (low rounded down, high up); a bound
    without such a rank is None. Arrays are aligned; NaN is no answer.

    >>> quantile([30, 10, 20, 50, 40, 60], [1, 2, 3, 4, 5, 6], 1, 2).as_dict()
    {'value': 30.0, 'low': None, 'high': None, 'n': 6, 'method': 'binomial ranks'}
    """
    return _quantiles(sample(values, persons), [Fraction(numerator, denominator)])[0]


def spread(values: npt.ArrayLike, persons: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> dict[str, Estimate]:
    """p5, p10, p25, p50, p75, p90 and p95 of one sort, each as `quantile` defines it.

    Weighted: the smallest value with at least p of the weight at or below it; m from Kish's n_eff, thinned by
    clustering; the bounds are the last value with at most l/m of the weight and the first with at least u/m of it.

    >>> spread(range(100), range(100))["p25"].value
    24.0
    """
    answers = sample(values, persons, weights)
    kernel = _quantiles if answers.weights is None else _weighted
    return dict(zip(SPREAD, kernel(answers, list(SPREAD.values())), strict=True))


@lru_cache(maxsize=64)
def least(p: Fraction) -> int:
    """The smallest number of independent observations at which the quantile p has both bounds.

    >>> [least(Fraction(1, d)) for d in (2, 4, 10, 20)]
    [6, 13, 36, 72]
    """
    return floor(log(0.025) / log(1 - min(p, 1 - p))) + 1


def _quantiles(answers: Sample, wanted: Sequence[Fraction]) -> list[Estimate]:
    n = answers.n
    if not n:
        return [too_few(0) for _ in wanted]
    sizes = np.bincount(answers.codes)
    if not enough(int(np.count_nonzero(sizes))):
        return [too_few(n) for _ in wanted]
    ordered = np.sort(answers.values)
    found = [ordered[-(-n * p.numerator // p.denominator) - 1] for p in wanted]
    estimates = []
    for p, value, sums in zip(wanted, found, _indicators(answers, found, sizes), strict=True):
        n_eff = sums.effective(sums.total * (n - sums.total))
        low, high = _bounds(ordered, p, int(n_eff))
        least_n = -(-n * least(p) // max(1, int(n_eff)))
        estimates.append(Estimate(float(value), low, high, n, "binomial ranks", float(n_eff), least_n))
    return estimates


def _indicators(answers: Sample, found: Sequence[float], sizes: Integers) -> list[Clustering]:
    """Sums over persons of the indicators "at most this value", for ascending values, in one pass of counting.

    Who answered once adds one to each sum, or nothing: only the others are counted by person.
    """
    width, persons = len(found) + 1, int(np.count_nonzero(sizes))
    level = sum((answers.values > value for value in found), np.zeros(answers.n, dtype=np.int8))
    totals = np.cumsum(np.bincount(level, minlength=width))
    often = np.flatnonzero((sizes > 1)[answers.codes])
    numbers, observations = np.cumsum(sizes > 1) - 1, sizes[sizes > 1].astype(np.int64)
    cells = numbers[answers.codes[often]] * width + level[often]
    at_most = np.cumsum(np.bincount(cells, minlength=observations.size * width).reshape(-1, width), axis=1)
    own = int(np.dot(observations, observations)) + answers.n - often.size
    estimates = []
    for total, column in zip(totals[:-1].tolist(), at_most.T[:-1], strict=True):
        once = total - int(column.sum())
        squares, products = int(np.dot(column, column)), int(np.dot(column, observations))
        estimates.append(Clustering(answers.n, persons, total, once + squares, once + products, own))
    return estimates


def _bounds(ordered: Floats, p: Fraction, m: int) -> tuple[float | None, float | None]:
    n = ordered.size
    lower, upper = ranks(m, p)
    low = None if lower < 1 else float(ordered[lower * n // m - 1])
    high = None if upper > m else float(ordered[-(-upper * n // m) - 1])
    return low, high


@lru_cache(maxsize=4096)
def ranks(m: int, p: Fraction) -> tuple[int, int]:
    """ppf(0.025) and ppf(0.975) + 1 of Binomial(m, p); 0 or m + 1 mean that there is no such rank.

    >>> ranks(6, Fraction(1, 2)), ranks(5, Fraction(1, 2))
    ((1, 6), (0, 6))
    """
    if m < 1:
        return 0, m + 1
    return _ppf(0.025, m, float(p)), _ppf(0.975, m, float(p)) + 1


def _ppf(q: float, m: int, p: float) -> int:
    from scipy import special  # slow to load, and most commands measure nothing

    guess = max(0, int(np.ceil(special.bdtrik(q, m, p))))
    while guess > 0 and special.bdtr(guess - 1, m, p) >= q:
        guess -= 1
    while guess < m and special.bdtr(guess, m, p) < q:
        guess += 1
    return guess


def _weighted(answers: Sample, wanted: Sequence[Fraction]) -> list[Estimate]:
    heavy = np.ones(answers.n) if answers.weights is None else answers.weights
    sizes = np.bincount(answers.codes) if answers.n else np.zeros(0, dtype=np.int64)
    if not enough(int(np.count_nonzero(sizes))) or not heavy.any():
        return [too_few(answers.n) for _ in wanted]
    order = np.lexsort((heavy, answers.values))
    ordered, below = answers.values[order], np.cumsum(heavy[order])
    below = np.round(below / below[-1], 12)
    found = [float(ordered[np.searchsorted(below, round(float(p), 12), side="left")]) for p in wanted]
    estimates = []
    for p, value, sums in zip(wanted, found, _indicators(answers, found, sizes), strict=True):
        n_eff = kish(heavy) * sums.thinning(sums.total * (sums.n - sums.total))
        m = int(n_eff)
        lower, upper = ranks(m, p)
        last = int(np.searchsorted(below, round(lower / m, 12), side="right")) if lower >= 1 else 0
        low = None if lower < 1 else float(ordered[max(0, last - 1)])
        high = None if upper > m else float(ordered[np.searchsorted(below, round(upper / m, 12), side="left")])
        least_n = -(-answers.n * least(p) // max(1, m))
        estimates.append(Estimate(value, low, high, answers.n, "binomial ranks, weighted", n_eff, least_n))
    return estimates
