"""Did the arms get the people that they should have got? If not, no readout of them means anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from nousnous.base.errors import Refused
from nousnous.stats.estimate import MINIMUM_PERSONS

BLOCKS_BELOW = 0.001


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Persons per arm beside what the weights promise; `p` is 0 to 1, None before 5 persons an arm are expected."""

    counts: tuple[int, ...]
    expected: tuple[float, ...]
    p: float | None

    @property
    def blocks(self) -> bool:
        return self.p is not None and self.p < BLOCKS_BELOW


def mismatch(counts: Sequence[int], weights: Sequence[float]) -> Mismatch:
    """Sample-ratio mismatch: chi-square of persons per arm against weights (both aligned); p < 0.001 blocks a readout.

    Fabijan et al. (2019). p is None where an arm expects fewer than 5 persons: the chi-square does not hold there yet.
    Raises `Refused` where the lengths differ, or where a weight is not above 0.

    >>> mismatch([821588, 815482], [1, 1]).blocks, mismatch([5010, 4990], [1, 1]).blocks
    (True, False)
    """
    if len(counts) != len(weights) or not all(weight > 0 for weight in weights):
        raise Refused("Each arm needs a count of persons and a weight above 0.")
    everybody = sum(counts)
    expected = tuple(everybody * weight / sum(weights) for weight in weights)
    if len(counts) < 2 or min(expected) < MINIMUM_PERSONS:
        return Mismatch(tuple(counts), expected, None)
    from scipy import special  # slow to load, and most commands measure nothing

    square = sum((count - one) ** 2 / one for count, one in zip(counts, expected, strict=True))
    return Mismatch(tuple(counts), expected, float(special.chdtrc(len(counts) - 1, square)))
