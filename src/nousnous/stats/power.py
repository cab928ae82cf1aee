"""How many persons an experiment needs, and what it can see, before the start: 5 % two-sided, 80 % power."""

from math import ceil, inf, sqrt

from nousnous.base.errors import Refused
from nousnous.stats.estimate import Z
from nousnous.stats.sequential import always_valid

POWER_Z = 0.8416212335729143


def needed_for_shares(control: float, treated: float) -> int:
    """Persons per arm to tell two shares (0 to 1) apart.

    ⌈(z₀.₉₇₅ √(2 p̄ q̄) + z₀.₈ √(p₁q₁ + p₂q₂))²/(p₂ − p₁)²⌉ (Fleiss, Levin and Paik 2003). Raises `Refused` where a
    share lies outside of 0 to 1, or where both are the same.

    >>> needed_for_shares(0.10, 0.111), needed_for_shares(0.30, 0.42)
    (12242, 250)
    """
    if not (0 <= control <= 1 and 0 <= treated <= 1) or control == treated:
        raise Refused("Two different shares between 0 and 1 can be told apart; give such a pair.")
    middle = (control + treated) / 2
    together = Z * sqrt(2 * middle * (1 - middle))
    apart = POWER_Z * sqrt(control * (1 - control) + treated * (1 - treated))
    return ceil(round(((together + apart) / (treated - control)) ** 2, 6))


def needed_for_means(effect: float, variance: float, share: float = 0.5) -> int:
    """Persons in the smaller arm to see a difference of `effect` between means, `variance` that of one person.

    ⌈(z₀.₉₇₅ + z₀.₈)² variance (1 + s/(1 − s))/effect²⌉ with s the smaller arm's share of both. Raises `Refused`
    without an effect, or with a share outside of 0 to 0.5.

    >>> needed_for_means(0.1, 1.0)
    1570
    """
    if effect == 0 or not 0 < share <= 0.5 or variance < 0:
        raise Refused("Say an effect that is not 0, a variance of at least 0, and the smaller arm's share, up to 0.5.")
    return max(1, ceil((Z + POWER_Z) ** 2 * variance * (1 + share / (1 - share)) / effect**2))


def detectable(variance: float, persons: int, share: float = 0.5, planned: int | None = None) -> float:
    """The smallest difference that so many persons in both arms together will show in 4 of 5 experiments.

    (reach + z₀.₈)√(variance/(n s(1 − s))) in the unit of √variance; reach is z₀.₉₇₅, with `planned` that of
    always-valid intervals. Infinite without persons.

    >>> round(detectable(0.09, 24_484), 4), round(detectable(0.09, 24_484, planned=24_484), 4)
    (0.0107, 0.0149)
    """
    if persons < 1:
        return inf
    reach = Z if planned is None else always_valid(persons, planned)
    return (reach + POWER_Z) * sqrt(variance / (persons * share * (1 - share)))


def run_days(needed: int, arriving_a_day: float) -> int | None:
    """Whole days until so many persons have come; None where nobody comes, or not within a century.

    >>> run_days(24_484, 1_500.0)
    17
    """
    if arriving_a_day <= 0 or needed / arriving_a_day > 36_525:
        return None
    return max(1, ceil(needed / arriving_a_day))
