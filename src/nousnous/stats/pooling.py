"""The same effect in several countries: each lends strength to the others, as much as they agree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from nousnous.stats.clusters import Floats
from nousnous.stats.estimate import Estimate, Z

LEAST = 4
METHOD = "partially pooled"
TOLERANCE, ROUNDS = 1e-10, 100


@dataclass(frozen=True, slots=True)
class Pooled:
    """`everywhere` is the mean effect, `new` that of a country not seen yet; `each` is aligned with what was given.

    `between` is the standard deviation of the effect between countries, in the effect's unit. All are None, and `each`
    as it was, where fewer than 4 countries have an interval.
    """

    everywhere: Estimate | None
    new: Estimate | None
    each: tuple[Estimate, ...]
    between: float | None


def pooled(effects: Sequence[Estimate]) -> Pooled:
    """Partial pooling of one effect per country, in its unit: random effects by Paule and Mandel (1982).

    v from the interval, w = 1/(v + τ²), τ² such that Σw(y − μ)² = k − 1, μ = Σwy/Σw with Hartung and Knapp's variance
    and t(k − 1), never below 1/Σw. A country is shrunk towards μ by B = (k − 3)/(k − 1) v/(v + τ²): value y − B(y − μ),
    variance (1 − B)v + B²/Σw + 2B²(y − μ)²/(k − 3) (empirical Bayes, Morris 1983). A new country: μ ± t √(τ² + Var μ)
    (Higgins et al. 2009).

    >>> found = pooled([Estimate(y, y - 0.1, y + 0.1, 100, "") for y in (0.0, 0.1, 0.2, 0.5)])
    >>> round(found.everywhere.value, 3), [round(one.value, 3) for one in found.each]
    (0.2, [0.004, 0.102, 0.2, 0.494])
    """
    usable = [place for place, one in enumerate(effects) if _deviation(one)]
    if len(usable) < LEAST:
        return Pooled(None, None, tuple(effects), None)
    values = np.array([effects[place].value for place in usable], dtype=np.float64)
    variances = np.array([_deviation(effects[place]) for place in usable]) ** 2
    between = _between(values, variances)
    weights = 1 / (variances + between)
    centre = float(weights @ values / weights.sum())
    from scipy import special  # slow to load, and most commands measure nothing

    n, freedom = sum(effects[place].n for place in usable), len(usable) - 1
    t = float(special.stdtrit(freedom, 0.975))
    spread = max(1.0, float(weights @ (values - centre) ** 2) / freedom) / float(weights.sum())
    pulls = variances / (variances + between) * (freedom - 2) / freedom
    unsure = pulls**2 * (1 / weights.sum() + 2 * (values - centre) ** 2 / (freedom - 2))
    shrunk = list(effects)
    found = values - pulls * (values - centre)
    reach = Z * np.sqrt((1 - pulls) * variances + unsure)
    for place, value, each in zip(usable, found.tolist(), reach.tolist(), strict=True):
        shrunk[place] = Estimate(value, value - each, value + each, effects[place].n, METHOD)
    half, wide = t * sqrt(spread), t * sqrt(between + spread)
    everywhere = Estimate(centre, centre - half, centre + half, n, "random effects, Hartung and Knapp")
    new = replace(everywhere, low=centre - wide, high=centre + wide, method="prediction")
    return Pooled(everywhere, new, tuple(shrunk), sqrt(between))


def _deviation(one: Estimate) -> float | None:
    """Standard error, from the width of the interval."""
    if one.value is None or one.low is None or one.high is None:
        return None
    return (one.high - one.low) / (2 * Z)


def _between(values: Floats, variances: Floats) -> float:
    """τ² by Newton's steps from 0: the sum of squares falls and is convex, so they never overshoot."""
    found = 0.0
    for _ in range(ROUNDS):
        weights = 1 / (variances + found)
        apart = (values - weights @ values / weights.sum()) ** 2
        excess = float(weights @ apart) - (values.size - 1)
        if excess <= TOLERANCE:
            return found
        found += excess / float(weights**2 @ apart)
    return found
