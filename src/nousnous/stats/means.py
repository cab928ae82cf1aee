"""Means with the person as the unit."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from nousnous.stats.clusters import Floats, Sample, kish, sample, steady_sum, sums_by_person
from nousnous.stats.estimate import Estimate, enough, too_few


@dataclass(frozen=True, slots=True)
class Moments:
    """A mean, its variance V, and how many persons gave the observations."""

    mean: float
    variance: float
    persons: int


def mean(values: npt.ArrayLike, persons: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Estimate:
    """Mean with a cluster-robust t interval, in the unit of the values (Liang and Zeger 1986; CR1 with t(G − 1)).

    Arrays are aligned, NaN is no answer. V = G/(G − 1) Σ_g(Σ(y − ȳ))²/N²; ȳ ± t(0.975; G − 1)√V.
    Weighted: ȳ = Σwy/Σw and V = (Σw(y − ȳ)²/Σw)/(n_eff − 1) with Kish's n_eff, thinned by clustering.

    >>> mean([1.0, 2.0, 3.0, 4.0, 5.0], [1, 2, 3, 4, 5]).value
    3.0
    """
    answers = sample(values, persons, weights)
    if answers.weights is None:
        return measured(answers)[0]
    if not enough(answers.persons):
        return too_few(answers.n)
    moments, n_eff = weighted(answers)
    return too_few(answers.n) if n_eff <= 1 else _estimate(moments, answers.n, "weighted t", n_eff)


def measured(answers: Sample) -> tuple[Estimate, Moments | None]:
    """The unweighted `mean` and what it is made of, None where there are too few persons.

    >>> measured(sample([1.0, 2.0, 3.0, 4.0, 5.0], [1, 2, 3, 4, 5]))[1]
    Moments(mean=3.0, variance=0.5, persons=5)
    """
    if not enough(answers.persons):
        return too_few(answers.n), None
    moments = clustered(answers)
    return _estimate(moments, answers.n, "cluster-robust t"), moments


def _estimate(moments: Moments, n: int, method: str, n_eff: float | None = None) -> Estimate:
    from scipy import special  # slow to load, and most commands measure nothing

    half = float(special.stdtrit(moments.persons - 1, 0.975)) * sqrt(moments.variance)
    return Estimate(moments.mean, moments.mean - half, moments.mean + half, n, method, n_eff)


def clustered(answers: Sample) -> Moments:
    """Mean and V of at least two persons, unweighted; the same to the last digit for every order of rows.

    >>> clustered(sample([0.0, 2.0], [1, 2])).variance
    1.0
    """
    residuals, persons = _residuals(answers)
    variance = persons / (persons - 1) * steady_sum(residuals * residuals) / answers.n**2
    return Moments(steady_sum(answers.values) / answers.n, variance, persons)


def weighted(answers: Sample) -> tuple[Moments, float]:
    """Weighted mean, its V, and n_eff: Kish's, thinned by clustering as `Clustering.thinning` says.

    >>> weighted(sample([0.0, 2.0], [1, 2], [1.0, 1.0]))
    (Moments(mean=1.0, variance=1.0, persons=2), 2.0)
    """
    heavy = np.ones(answers.n) if answers.weights is None else answers.weights
    residuals, persons = _residuals(answers)
    together = steady_sum(residuals * residuals)
    apart = steady_sum((answers.values - steady_sum(answers.values) / answers.n) ** 2)
    n_eff = kish(heavy) * (min(1.0, apart / together) if together > 0 else persons / answers.n)
    if n_eff <= 1:
        return Moments(0.0, 0.0, persons), n_eff
    everything = steady_sum(heavy)
    centre = steady_sum(heavy * answers.values) / everything
    spread = steady_sum(heavy * (answers.values - centre) ** 2) / everything
    return Moments(centre, spread / (n_eff - 1), persons), n_eff


def _residuals(answers: Sample) -> tuple[Floats, int]:
    """Per person the sum of deviations from the unweighted mean, and the number of persons."""
    sums, sizes = sums_by_person(answers.values, answers.codes)
    return sums - sizes * (steady_sum(sums) / answers.n), int(sizes.size)
