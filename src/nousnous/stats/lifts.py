"""What a treated arm does more or less than a control arm: difference and lift, the person as the unit."""

from dataclasses import dataclass, replace
from math import erfc, exp, log, sqrt

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import Floats
from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import Estimate, Z, enough, too_few
from nousnous.stats.sequential import always_valid, always_valid_p

FIXED = "delta method, Welch"
SEQUENTIAL = "delta method, always valid"
NO_BASE = "no base"


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """Moments of one arm: of numerator, denominator, and of both before the person was assigned.

    `means` has 4 entries, `covariance` is 4 × 4 (with persons − 1 below); a mean has denominators of 1.
    """

    persons: int
    means: Floats
    covariance: Floats

    @property
    def value(self) -> float:
        return float(self.means[0] / self.means[1])

    @property
    def prior(self) -> float:
        return float(self.means[2] / self.means[3]) if self.means[3] else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both arms and what lies between them. `lift` is relative (0.1 is +10 %), null where control is not above 0.

    `p` is two-sided; `variance_saved` is the share of the variance that prior behaviour explained (0 without it).
    """

    control: Estimate
    treated: Estimate
    difference: Estimate
    lift: Estimate
    p: float | None
    variance_saved: float = 0.0


def arm(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike | None = None,
    prior: npt.ArrayLike | None = None,
    prior_denominators: npt.ArrayLike | None = None,
) -> Arm:
    """An arm from one row a person (one-dimensional, aligned): Σ numerators / Σ denominators is its metric.

    A share has numerators of 0 and 1, a mean any; both leave the denominators out. Raises `Refused` where lengths
    differ or something is no number.

    >>> arm([1, 0, 1, 1]).value
    0.75
    """
    top = np.asarray(numerators, dtype=np.float64)
    ones = np.ones(top.size)
    before = np.zeros(top.size) if prior is None else np.asarray(prior, dtype=np.float64)
    below, below_before = (
        ones if one is None else np.asarray(one, dtype=np.float64) for one in (denominators, prior_denominators)
    )
    if any(one.shape != top.shape for one in (below, before, below_before)):
        raise Refused("Each person of an arm has one numerator, one denominator, and one of each before.")
    rows = np.stack([top, below, before, below_before])
    if not bool(np.isfinite(rows).all()):
        raise Refused("A value of a person is no number; leave it out, or count it as 0.")
    if top.size < 2:
        return Arm(top.size, rows.mean(axis=1) if top.size else np.zeros(4), np.zeros((4, 4)))
    return Arm(top.size, rows.mean(axis=1), np.cov(rows))


def compare(control: Arm, treated: Arm, planned: int | None = None) -> Comparison:
    """Difference (in the metric's unit) and lift of a treated arm over control, with 95 % intervals.

    Ratio r = x̄/ȳ with Var r = gᵀCg/n, g = (1/ȳ, −r/ȳ): delta method (Deng, Knoblich and Lu 2018). What a person did
    before is taken out with θ = Cov(r, r₀)/Var r₀ over both arms (CUPED: Deng, Xu, Kohavi and Walker 2013). Welch's t
    for the difference; lift = r₁/r₀ − 1 with the interval of log r₁ − log r₀. With `planned`, the number of persons the
    experiment was planned for, both intervals and p are always valid: they may be looked at whenever one likes.
    Fewer than 5 persons in an arm, or nobody with a denominator: too few.

    >>> found = compare(arm([1, 0, 0, 0] * 100), arm([1, 1, 0, 0] * 100))
    >>> [round(one, 3) for one in (found.difference.value, found.difference.low, found.difference.high)]
    [0.25, 0.185, 0.315]
    """
    n = control.persons + treated.persons
    arms = (control, treated)
    if not all(enough(one.persons) and one.means[1] > 0 for one in arms):
        return Comparison(too_few(control.persons), too_few(treated.persons), too_few(n), too_few(n), None)
    both = _together(control, treated)
    theta = _theta(both)
    values = [one.value - theta * (one.prior - both.prior) for one in arms]
    variances = [_variance(one, theta) for one in arms]
    plain = sum(_variance(one, 0.0) for one in arms)
    saved = max(0.0, 1 - sum(variances) / plain) if theta and plain else 0.0
    ends = [_alone(one, value, variance) for one, value, variance in zip(arms, values, variances, strict=True)]
    difference, p = _difference(arms, values, variances, planned)
    return Comparison(ends[0], ends[1], difference, _lift(arms, values, variances, planned), p, saved)


def compare_quantiles(control: Estimate, treated: Estimate, persons: int, planned: int | None = None) -> Comparison:
    """The same between two quantiles of different people, by "square and add" of their own intervals.

    The lift is put together from logarithms. p is that of a normal with the interval's width; with `planned` all is
    stretched to what is always valid, of `persons` in both arms.

    >>> ends = Estimate(10.0, 8.0, 12.0, 90, "quantile"), Estimate(20.0, 17.0, 23.0, 90, "quantile")
    >>> found = compare_quantiles(*ends, 180)
    >>> round(found.difference.low, 2), round(found.lift.value, 2)
    (6.39, 1.0)
    """
    difference = contrast([(1, treated), (-1, control)])
    lift = contrast([(1, _logarithm(treated)), (-1, _logarithm(control))])
    if difference.value is None or difference.low is None or difference.high is None:
        return Comparison(control, treated, difference, too_few(difference.n), None)
    error = max((difference.high - difference.low) / (2 * Z), 1e-300)
    reach = Z if planned is None else always_valid(persons, planned)
    z = difference.value / error
    p = erfc(abs(z) / sqrt(2)) if planned is None else always_valid_p(z, persons, planned)
    lift = _stretched(lift, reach / Z)
    value, low, high = (None if end is None else exp(min(end, 700.0)) - 1 for end in (lift.value, lift.low, lift.high))
    lift = replace(lift, value=value, low=low, high=high)
    return Comparison(control, treated, _stretched(difference, reach / Z), lift, p)


def _logarithm(one: Estimate) -> Estimate:
    ends = [None if end is None or end <= 0 else log(end) for end in (one.value, one.low, one.high)]
    return Estimate(ends[0], ends[1], ends[2], one.n, one.method)


def _stretched(one: Estimate, factor: float) -> Estimate:
    if one.value is None or one.low is None or one.high is None:
        return one
    return replace(
        one, low=one.value - factor * (one.value - one.low), high=one.value + factor * (one.high - one.value)
    )


def _together(control: Arm, treated: Arm) -> Arm:
    """Both arms as one."""
    n, m = control.persons, treated.persons
    apart = treated.means - control.means
    scatter = (n - 1) * control.covariance + (m - 1) * treated.covariance + np.outer(apart, apart) * n * m / (n + m)
    return Arm(n + m, (n * control.means + m * treated.means) / (n + m), scatter / (n + m - 1))


def _slopes(one: Arm) -> tuple[Floats, Floats]:
    """How the ratio, and the ratio before, move with the four means."""
    now = np.array([1.0, -one.value, 0.0, 0.0]) / one.means[1]
    if not one.means[3]:
        return now, np.zeros(4)
    return now, np.array([0.0, 0.0, 1.0, -one.prior]) / one.means[3]


def _theta(both: Arm) -> float:
    now, before = _slopes(both)
    spread = float(before @ both.covariance @ before)
    return float(now @ both.covariance @ before) / spread if spread > 0 else 0.0


def _variance(one: Arm, theta: float) -> float:
    """Of the adjusted ratio of an arm."""
    now, before = _slopes(one)
    slope = now - theta * before
    return max(0.0, float(slope @ one.covariance @ slope)) / one.persons


def _alone(one: Arm, value: float, variance: float) -> Estimate:
    half = _t(one.persons - 1) * sqrt(variance)
    return Estimate(value, value - half, value + half, one.persons, "delta method")


def _difference(
    arms: tuple[Arm, Arm], values: list[float], variances: list[float], planned: int | None
) -> tuple[Estimate, float | None]:
    from scipy import special  # slow to load, and most commands measure nothing

    n, value, error = arms[0].persons + arms[1].persons, values[1] - values[0], sqrt(sum(variances))
    if not error:
        return Estimate(value, None, None, n, "no spread"), None
    z = value / error
    if planned is not None:
        half = always_valid(n, planned) * error
        return Estimate(value, value - half, value + half, n, SEQUENTIAL), always_valid_p(z, n, planned)
    freedom = _freedom(arms, variances)
    half = _t(freedom) * error
    return Estimate(value, value - half, value + half, n, FIXED), 2 * float(special.stdtr(freedom, -abs(z)))


def _lift(arms: tuple[Arm, Arm], values: list[float], variances: list[float], planned: int | None) -> Estimate:
    n = arms[0].persons + arms[1].persons
    if values[0] <= 0 or values[1] <= 0:
        return Estimate(values[1] / values[0] - 1 if values[0] > 0 else None, None, None, n, NO_BASE)
    relative = [variance / value**2 for variance, value in zip(variances, values, strict=True)]
    error, ratio = sqrt(sum(relative)), values[1] / values[0]
    if not error:
        return Estimate(ratio - 1, None, None, n, "no spread")
    reach = always_valid(n, planned) if planned is not None else _t(_freedom(arms, relative))
    factor = exp(min(reach * error, 700.0))
    return Estimate(ratio - 1, ratio / factor - 1, ratio * factor - 1, n, SEQUENTIAL if planned else FIXED)


def _freedom(arms: tuple[Arm, Arm], variances: list[float]) -> float:
    """Degrees of freedom by Welch and Satterthwaite."""
    below = sum(variance**2 / (one.persons - 1) for variance, one in zip(variances, arms, strict=True))
    return sum(variances) ** 2 / below


def _t(freedom: float) -> float:
    from scipy import special  # slow to load, and most commands measure nothing

    return float(special.stdtrit(freedom, 0.975))
