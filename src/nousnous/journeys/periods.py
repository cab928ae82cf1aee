"""Periods of time, and the weeks that end with one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

WEEK_US = 7 * 24 * 3_600 * 1_000_000
TREND_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Period:
    """[from_us, to_us) in UTC microseconds."""

    from_us: int
    to_us: int

    def holds(self, moments_us: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.bool_]:
        return np.asarray((moments_us >= self.from_us) & (moments_us < self.to_us))


def trend_weeks(period: Period) -> list[Period]:
    """The last 8 weeks that end with the window, fewer where it is shorter, oldest first; one alone is no trend.

    >>> [len(trend_weeks(Period(0, weeks * WEEK_US))) for weeks in (1, 3, 99)]
    [0, 3, 8]
    """
    weeks = min(TREND_WEEKS, (period.to_us - period.from_us) // WEEK_US)
    if weeks < 2:
        return []
    return [Period(period.to_us - back * WEEK_US, period.to_us - (back - 1) * WEEK_US) for back in range(weeks, 0, -1)]


@dataclass(frozen=True, slots=True)
class Extent:
    """The first and the newest event, and the newest of a person before today; None where there is none."""

    first_us: int | None
    newest_us: int | None
    last_day_us: int | None
