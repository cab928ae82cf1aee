"""Shares: Wilson's interval with the effective number of observations."""

from math import sqrt

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import Clustering, Integers, Sample, clustering, kish, sample, steady_sum
from nousnous.stats.estimate import Estimate, Z, enough, too_few


def share(ones: npt.ArrayLike, observations: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Estimate:
    """Share of observations that are ones, 0 to 1, with Wilson's interval on n_eff (Wilson 1927).

    `ones` and `observations` are whole numbers per person, aligned, k_g at most N_g; `weights` is the weight of each of
    the person's observations. With k = Σk_g, N = ΣN_g, S = Σ(N k_g − N_g k)²:
    n_eff = min(N, k(N − k)N²(G − 1)/(G S)), G where S = 0, all in integers. None of N gives low 0, all of N high 1.
    Weighted: p = Σwk/ΣwN and Kish's n_eff, thinned by clustering. Raises `Refused` where the counts do not fit.

    >>> share([1, 0, 1, 1, 0, 1], [1, 1, 1, 1, 1, 1]).value
    0.6666666666666666
    """
    k, n = np.asarray(ones, dtype=np.int64), np.asarray(observations, dtype=np.int64)
    if k.shape != n.shape or bool(np.any((k < 0) | (k > n))):
        raise Refused("Each person needs a count of observations and a count of ones between 0 and it.")
    sums = clustering(k, n)
    if weights is None:
        return clustered_share(sums)
    heavy = np.asarray(weights, dtype=np.float64)
    return _weighted(sums, steady_sum(heavy * k), steady_sum(heavy * n), kish(heavy, n))


def share_of(flags: npt.ArrayLike, persons: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Estimate:
    """`share` of observations rather than of persons' counts: flags (0, 1 or NaN for no answer) aligned with persons.

    >>> share_of([True, False, True, True, True], [1, 2, 3, 4, 5]).n
    5
    """
    answers = sample(values=np.asarray(flags, dtype=np.float64), persons=persons, weights=weights)
    k, n = counts(answers)
    sums = clustering(k, n)
    if answers.weights is None:
        return clustered_share(sums)
    heavy = answers.weights
    return _weighted(sums, steady_sum(heavy[answers.values != 0]), steady_sum(heavy), kish(heavy))


def counts(answers: Sample) -> tuple[Integers, Integers]:
    """Per code of a person: how many values are not 0, and how many there are."""
    width = int(answers.codes.max()) + 1 if answers.n else 0
    ones = np.bincount(answers.codes[answers.values != 0], minlength=width)
    return ones.astype(np.int64), np.bincount(answers.codes, minlength=width).astype(np.int64)


def clustered_share(sums: Clustering) -> Estimate:
    """`share` from the exact sums over persons.

    >>> clustered_share(Clustering(n=8, persons=8, total=0, squares=0, products=0, sizes=8)).low
    0.0
    """
    if not enough(sums.persons):
        return too_few(sums.n)
    n_eff = float(sums.effective(sums.total * (sums.n - sums.total)))
    value = sums.total / sums.n
    low, high = wilson(value, n_eff)
    return Estimate(value, low, high, sums.n, "wilson", n_eff)


def _weighted(sums: Clustering, weight_of_ones: float, everything: float, by_kish: float) -> Estimate:
    if not enough(sums.persons) or everything <= 0:
        return too_few(sums.n)
    n_eff = by_kish * sums.thinning(sums.total * (sums.n - sums.total))
    value = min(1.0, weight_of_ones / everything)
    low, high = wilson(value, n_eff)
    return Estimate(value, low, high, sums.n, "wilson, weighted", n_eff)


def wilson(value: float, n: float) -> tuple[float, float]:
    """Wilson's score interval for a share of n independent observations; n need not be whole.

    >>> [round(end, 3) for end in wilson(0.5, 10)]
    [0.237, 0.763]
    """
    shrink = 1 + Z * Z / n
    centre = (value + Z * Z / (2 * n)) / shrink
    half = Z / shrink * sqrt(max(0.0, value * (1 - value)) / n + Z * Z / (4 * n * n))
    low = 0.0 if value <= 0 else max(0.0, min(value, centre - half))
    high = 1.0 if value >= 1 else min(1.0, max(value, centre + half))
    return low, high
