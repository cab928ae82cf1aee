"""Finding many places at once in rows that are sorted by somebody and then by time."""

from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer[Any]]


def after(sorted_person: Integers, sorted_us: Integers, person: Integers, moment_us: Integers) -> npt.NDArray[np.int64]:
    """The first place in rows sorted by (person, moment) that lies after (person, moment), by bisection of all at once.

    >>> after(np.array([1, 1, 2]), np.array([5, 9, 1]), np.array([1, 1]), np.array([5, 9])).tolist()
    [1, 2]
    """
    low = np.searchsorted(sorted_person, person, side="left")
    high = np.searchsorted(sorted_person, person, side="right")
    while bool((low < high).any()):
        middle = (low + high) // 2
        probe = sorted_us[np.minimum(middle, sorted_us.size - 1)]
        goes_up = (low < high) & (probe <= moment_us)
        low, high = np.where(goes_up, middle + 1, low), np.where(goes_up | (low >= high), high, middle)
    return low
