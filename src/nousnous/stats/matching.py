"""Groups made alike: exact strata, in which the others stand in the proportions of the group that is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nousnous.stats.bisection import PLACES_A_ROW
from nousnous.stats.clusters import Floats, Integers
from nousnous.stats.estimate import Estimate
from nousnous.stats.means import mean
from nousnous.stats.shares import share_of

Flags = npt.NDArray[np.bool_]
MOST = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Which rows have a counterpart in every group, and the weight of each row; aligned with the rows."""

    group: Integers
    kept: Flags
    weights: Floats
    groups: int

    def shares(self, flags: npt.ArrayLike, persons: npt.ArrayLike) -> tuple[Estimate, ...]:
        """Share of each group whose flag is set, the last one as it is, the others as if they were alike."""
        return self._each(share_of, flags, persons)

    def means(self, values: npt.ArrayLike, persons: npt.ArrayLike) -> tuple[Estimate, ...]:
        """Mean of each group, the last one as it is, the others as if they were alike."""
        return self._each(mean, values, persons)

    def _each(self, estimator: Any, values: npt.ArrayLike, persons: npt.ArrayLike) -> tuple[Estimate, ...]:
        seen, codes = np.asarray(values), np.asarray(persons)
        found = []
        for number in range(self.groups):
            mine = np.flatnonzero(self.kept & (self.group == number))
            weights = None if number == self.groups - 1 else self.weights[mine]
            found.append(estimator(seen[mine], codes[mine], weights))
        return tuple(found)


def matched(group: npt.ArrayLike, stratum: npt.ArrayLike, groups: int) -> Matched:
    """Rows of groups 0 to `groups` − 1 in strata in which all of them occur; strata are whole numbers from 0.

    A row of a stratum s weighs n_last,s / n_group,s, so each group has the mix of strata of the last one: direct
    standardisation to those asked about, exact matching with replacement (Rosenbaum and Rubin 1983; Iacus, King and
    Porro 2012 where the strata are coarsened). Rows without counterpart in another group are left out.

    >>> matched([1, 0, 0, 1, 0], [0, 0, 0, 1, 2], 2).weights.tolist()
    [1.0, 0.5, 0.5, 0.0, 0.0]
    """
    own, strata = np.asarray(group, dtype=np.int64), np.asarray(stratum, dtype=np.int64)
    width = int(strata.max()) + 1 if strata.size else 0
    counts = np.bincount(strata * groups + own, minlength=width * groups).reshape(width, groups)
    whole = np.all(counts > 0, axis=1)
    kept = whole[strata]
    asked = counts[:, -1][strata]
    return Matched(own, kept, np.where(kept, asked / counts[strata, own], 0.0), groups)


def strata(columns: Sequence[npt.ArrayLike]) -> Integers:
    """Each row's place among the distinct combinations of some columns of whole numbers.

    >>> strata([[1, 1, 2], [0, 0, 0]]).tolist()
    [0, 0, 1]
    """
    found, width = np.zeros(np.asarray(columns[0]).size, dtype=np.int64), 1
    for column in columns:
        codes = np.asarray(column, dtype=np.int64)
        codes = codes - codes.min(initial=0)
        span = int(codes.max(initial=0)) + 1
        if width * span > MOST:  # what lies far apart is numbered first
            codes, found = (np.unique(one, return_inverse=True)[1] for one in (codes, found))
            span, width = (int(one.max(initial=0)) + 1 for one in (codes, found))
        found, width = found * span + codes, width * span
    if width > PLACES_A_ROW * found.size:  # those that lie closely are counted, not sorted
        return np.unique(found, return_inverse=True)[1].astype(np.int64, copy=False)
    present = np.bincount(found, minlength=width) > 0
    return np.asarray(np.cumsum(present) - 1)[found]
