"""Looking at any time: intervals that hold at every look together, wider than those of one look set beforehand."""

from math import exp, log, sqrt

from nousnous.base.errors import Refused

ALPHA = 0.05


def always_valid(persons: int, planned: int) -> float:
    """How many standard errors an always-valid 95 % interval reaches to each side, of `persons` in both arms together.

    Normal mixture (Robbins 1970; as an asymptotic confidence sequence Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
    2024): √((Nρ² + 1)/(Nρ²) · log((Nρ² + 1)/α²)), with ρ² = (−2 log α + log(1 − 2 log α))/N* that makes it narrowest
    near N* = `planned`, which must not depend on what was seen. Raises `Refused` where one of both is below 1.

    >>> round(always_valid(10_000, 10_000), 3), round(always_valid(1_000, 10_000), 3)
    (3.035, 3.855)
    """
    information = _information(persons, planned)
    return sqrt((information + 1) / information * log((information + 1) / ALPHA**2))


def always_valid_p(z: float, persons: int, planned: int) -> float:
    """The chance that goes with z standard errors, 0 to 1, at most 5 % exactly where `always_valid` excludes 0.

    p = √(Nρ² + 1) exp(−z²/2 · Nρ²/(Nρ² + 1)): one over the mixture likelihood ratio (Johari, Koomen, Pekelis and Walsh
    2022), at most 1.

    >>> round(always_valid_p(always_valid(500, 1_000), 500, 1_000), 6)
    0.05
    """
    information = _information(persons, planned)
    exponent = 0.5 * log(information + 1) - z * z / 2 * information / (information + 1)
    return exp(min(0.0, exponent))


def _information(persons: int, planned: int) -> float:
    """Nρ²."""
    if persons < 1 or planned < 1:
        raise Refused("An always-valid interval needs at least one person, and a planned number of at least one.")
    return persons * (-2 * log(ALPHA) + log(1 - 2 * log(ALPHA))) / planned
