"""Who belongs to which arm: a hash of the experiment's key and the person decides, the same for ever and everywhere."""

import hashlib
from collections.abc import Mapping
from itertools import accumulate
from math import isfinite

from nousnous.base.errors import Refused

PRECISION = 53


def share_of(key: str, unit: str) -> float:
    """Where a unit (a person) stands under a key (an experiment), in [0, 1): stable, uniform, independent between keys.

    The first 53 bits of BLAKE2b over the length of the key, the key and the unit, as a fraction: exact in double
    precision. The length keeps ("ab", "c") apart from ("a", "bc").

    >>> share_of("checkout", "anna")
    0.5158170687031566
    """
    named = key.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(digest_size=8)
    digest.update(len(named).to_bytes(4, "big") + named + unit.encode("utf-8", "surrogatepass"))
    return float((int.from_bytes(digest.digest(), "big") >> (64 - PRECISION)) / 2**PRECISION)


def arm_of(key: str, unit: str, weights: Mapping[str, float]) -> str:
    """The arm of a unit under a key: arms in the order given, each as wide as its weight is of their sum.

    Only the borders between arms move when weights do: of two arms the growing one takes in people and lets go of none.
    Raises `Refused` where no weight is above 0, or one is negative or no number.

    >>> arm_of("checkout", "anna", {"control": 1, "short": 1})
    'short'
    """
    if not weights or not all(isfinite(weight) and weight >= 0 for weight in weights.values()):
        raise Refused("An arm needs a weight of at least 0; give each one.")
    arms = [arm for arm, weight in weights.items() if weight > 0]
    if not arms:
        raise Refused("No arm has a weight above 0; give at least one.")
    edges = list(accumulate(weights[arm] for arm in arms))
    place = share_of(key, unit) * edges[-1]
    return next((arm for arm, edge in zip(arms, edges, strict=True) if place < edge), arms[-1])
