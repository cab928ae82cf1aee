"""What every statistic is: a value between two bounds, what it rests on and how it was found."""

from dataclasses import dataclass, replace
from typing import TypedDict

TOO_FEW = "too few"
MINIMUM_PERSONS = 5
Z = 1.959963984540054


class EstimateShape(TypedDict):
    """An estimate as JSON."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its 95 % interval.

    `value`, `low` and `high` share the unit of the metric; `n` counts observations, unweighted;
    `method` names the estimator, or is "too few" when fewer than 5 persons stand behind it.
    `n_eff` is the size of the sample of independent observations that would be as informative (None where the method
    has none); `n_least` is the smallest n at which a quantile has both bounds (None for what is no quantile).

    >>> Estimate(0.5, 0.4, 0.6, 90, "wilson").as_dict()
    {'value': 0.5, 'low': 0.4, 'high': 0.6, 'n': 90, 'method': 'wilson'}
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str
    n_eff: float | None = None
    n_least: int | None = None

    @property
    def too_few(self) -> bool:
        return self.method == TOO_FEW

    def as_dict(self) -> EstimateShape:
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n, "method": self.method}

    def times(self, factor: float) -> "Estimate":
        """The same estimate in another unit: value and bounds times a factor of at least 0.

        >>> Estimate(7200.0, 3600.0, 10800.0, 12, "gamma").times(1 / 3600).value
        2.0
        """
        value, low, high = (None if end is None else end * factor for end in (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high)


def enough(persons: int) -> bool:
    """Whether so many persons may stand behind a statistic: the one place that decides it.

    >>> enough(4), enough(5)
    (False, True)
    """
    return persons >= MINIMUM_PERSONS


def too_few(n: int) -> Estimate:
    """The answer when fewer than 5 persons stand behind a statistic.

    >>> too_few(3).value is None
    True
    """
    return Estimate(None, None, None, n, TOO_FEW)
