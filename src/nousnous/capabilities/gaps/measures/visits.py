"""The visits of a period as columns, which every measure of this capability reads."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from nousnous.stats.columns import Columns

Integers = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US


@dataclass(frozen=True, slots=True, eq=False)
class Visits(Columns):
    """Visits that opened in a period; a place in each array is one visit, times are UTC microseconds.

    `person` holds codes from 0 to `persons` − 1, `step` positions in the journey's file. `open` visits are not
    completed and their window ends after the newest event: they are shown and count nowhere. `segment` holds codes of
    the property by which visits are split, 0 where they are not. Visits stand step after step, so that one step is a
    slice.
    """

    persons: int
    person: Integers
    step: Integers
    opened_us: Integers
    ended_us: Integers
    active_us: Integers
    completed: Flags
    failed: Flags
    frustrated: Flags
    troubled: Flags
    open: Flags
    segment: Integers

    def __len__(self) -> int:
        return int(self.person.size)

    @property
    def closed(self) -> Flags:
        return ~self.open

    @property
    def clean(self) -> Flags:
        """Completed, without failure or frustration event in [opening, end]."""
        return self.completed & ~self.troubled

    def of_step(self, position: int) -> Self:
        """The visits of one step.

        >>> nothing = np.zeros(0, np.int64)
        >>> len(Visits(0, *[nothing] * 5, *[nothing == 1] * 5, nothing).of_step(3))
        0
        """
        first, last = np.searchsorted(self.step, np.array([position, position + 1], self.step.dtype))
        return self.only(slice(int(first), int(last)))

    def numbered_closely(self) -> tuple[Self, npt.NDArray[np.int64]]:
        """These visits with only their own persons counted, and the new number of each person; others have the last.

        >>> nothing = np.zeros(2, np.int64)
        >>> some = Visits(9, np.array([7, 4]), *[nothing] * 4, *[nothing == 1] * 5, nothing)
        >>> some.numbered_closely()[1].tolist()
        [2, 2, 2, 2, 0, 2, 2, 1, 2]
        """
        here = np.zeros(self.persons, dtype=bool)
        here[self.person] = True
        persons = int(here.sum())
        numbers = np.where(here, np.cumsum(here) - 1, persons)
        return replace(self, persons=persons, person=numbers[self.person].astype(self.person.dtype)), numbers

    def by_person(self, chosen: Flags) -> npt.NDArray[np.int64]:
        """How many of the chosen visits each person has: one number per code."""
        return np.bincount(self.person[np.flatnonzero(chosen)], minlength=self.persons).astype(np.int64)


def position_codes(keys: npt.ArrayLike) -> tuple[int, npt.NDArray[np.int64]]:
    """Any integer keys of persons as codes from 0: how many persons there are, and the codes.

    >>> position_codes([70, -5, 70])[0]
    2
    """
    found, codes = np.unique(np.asarray(keys, dtype=np.int64), return_inverse=True)
    return int(found.size), codes.astype(np.int64, copy=False)
