"""Sorting rows by somebody and then by time, and finding many places in such rows at once."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer[Any]]
PLACES_A_ROW = 8
"""What is numbered closely is looked up in a table, of at most so many places a row."""


def in_order(person: Integers, moment_us: Integers, then: Integers | None = None) -> npt.NDArray[np.int64]:
    """The places of rows by person, moment and, of one moment, a small number; which of rows alike in all is first is
    left open.

    Moments are sorted as whole numbers, which processors do fast, then persons by counting, 16 bits at a time.

    >>> in_order(np.array([7, 3, 7]), np.array([5, 9, 2])).tolist()
    [1, 2, 0]
    """
    if not person.size:
        return np.zeros(0, dtype=np.int64)
    keys = (person, moment_us) if then is None else (person, moment_us, then)
    persons, moments = (int(one.max()) - int(one.min()) + 1 for one in keys[:2])
    width = 1 if then is None else int(then.max()) - int(then.min()) + 1
    if persons > 1 << 32 or moments * width >= 1 << 63:
        return np.lexsort(keys[::-1])
    packed = (moment_us - moment_us.min()) * width
    order = np.argsort(packed if then is None else packed + (then - then.min()))
    code = (person - person.min()).astype(np.uint32)
    order = order[np.argsort((code[order] & 0xFFFF).astype(np.uint16), kind="stable")]
    if persons > 1 << 16:
        order = order[np.argsort((code[order] >> 16).astype(np.uint16), kind="stable")]
    return order


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Rows sorted by (person, moment), asked again and again for the places of many.

    >>> rows = Sorted(np.array([1, 1, 4]), np.array([5, 9, 1]))
    >>> rows.begins(np.array([0, 1, 2, 9])).tolist(), rows.after(np.array([1, 1]), np.array([5, 9])).tolist()
    ([0, 0, 2, 3], [1, 2])
    """

    person: Integers
    moment_us: Integers
    _table: list[npt.NDArray[np.int64]] = field(default_factory=list, init=False, repr=False)
    """Where the rows of each number begin, once it was needed."""

    def begins(self, person: Integers) -> npt.NDArray[np.int64]:
        """The first place of each person, or where it would be."""
        return self._spans(person)[0]

    def after(self, person: Integers, moment_us: Integers) -> npt.NDArray[np.int64]:
        """The first place that lies after each (person, moment), by bisection of all at once."""
        place, high = self._spans(person)
        longest = int((high - place).max(initial=0))
        for bit in reversed(range(longest.bit_length())):
            further = place + (1 << bit)
            goes_up = np.take(self.moment_us, further - 1, mode="clip") <= moment_us
            goes_up &= further <= high
            place = np.where(goes_up, further, place)
        return place

    def _spans(self, person: Integers) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The first place of each person, and the one after the last."""
        size = self.person.size
        first, last = (int(self.person[0]), int(self.person[-1])) if size else (0, 0)
        width = last - first + 1
        if not size or width > PLACES_A_ROW * (size + person.size):
            low, high = (np.searchsorted(self.person, person, side=side) for side in ("left", "right"))
            return low, high
        if not self._table:
            counts = np.bincount(self.person - first, minlength=width)
            self._table.append(np.concatenate([[0, 0], np.cumsum(counts), [size]]))
        through = self._table[0]
        here = np.clip(person, first - 1, last + 1) - (first - 1)
        return through[here], through[here + 1]
