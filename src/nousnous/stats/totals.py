"""Totals of rare, skewed amounts: wasted seconds, money."""

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import steady_sum
from nousnous.stats.estimate import Estimate, enough


def total(per_person_totals: npt.ArrayLike, persons_closed: int) -> Estimate:
    """Sum over persons with the gamma interval of Fay and Feuer 1997, in the unit of the amounts.

    With y = Σx, v = Σx², w = max x: low = v/(2y) χ²(0.025; 2y²/v),
    high = (v + w²)/(2(y + w)) χ²(0.975; 2(y + w)²/(v + w²)); nothing gives 0 to 0. `n` counts persons with an amount.
    Where fewer than 5 persons have a closed visit (`persons_closed`) the value stays and the interval is None.
    Raises `Refused` for an amount that is negative or no number.

    >>> found = total([1.0] * 10, 50)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (10.0, 4.795, 18.39)
    """
    amounts = np.asarray(per_person_totals, dtype=np.float64).ravel()
    if not bool(np.all(amounts >= 0)):
        raise Refused("A person's total is negative or no number; totals are sums of amounts of at least 0.")
    n, y = int(np.count_nonzero(amounts)), steady_sum(amounts)
    if not enough(persons_closed):
        return Estimate(y, None, None, n, "gamma")
    if n == 0:
        return Estimate(0.0, 0.0, 0.0, 0, "gamma")
    largest = float(amounts.max())
    parts = amounts / largest
    y_parts, v_parts = y / largest, steady_sum(parts * parts)
    low, high = _gamma(y_parts, v_parts)
    return Estimate(y, largest * low, largest * high, n, "gamma", y_parts**2 / v_parts)


def _gamma(y: float, v: float) -> tuple[float, float]:
    """The interval where the largest amount is 1; half a χ² quantile with 2a degrees of freedom is that of Gamma(a)."""
    from scipy import special  # slow to load, and most commands measure nothing

    low = v / y * float(special.gammaincinv(y * y / v, 0.025))
    high = (v + 1) / (y + 1) * float(special.gammainccinv((y + 1) ** 2 / (v + 1), 0.025))
    return low, high
