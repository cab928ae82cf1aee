"""What every statistic is: a value between two bounds, what it rests on and how it was found."""

from dataclasses import dataclass
from typing import Any

TOO_FEW = "too few"
MINIMUM_PERSONS = 5
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its 95 % interval.

    `value`, `low` and `high` share the unit of the metric; `n` counts observations, unweighted;
    `method` names the estimator, or is "too few" when fewer than 5 persons stand behind it.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str

    @property
    def too_few(self) -> bool:
        return self.method == TOO_FEW

    def as_dict(self) -> dict[str, Any]:
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n, "method": self.method}


def too_few(n: int) -> Estimate:
    """The answer when fewer than 5 persons stand behind a statistic.

    >>> too_few(3).value is None
    True
    """
    return Estimate(None, None, None, n, TOO_FEW)
