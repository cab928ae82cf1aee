"""Who may be asked now: the one rule for every way."""

from collections.abc import Iterable
from dataclasses import dataclass

DAY_US = 86_400_000_000
REST_DAYS = 14
"""Between two surveys that are no survey of the relationship."""
SLOT_DAYS = 90
"""Between two surveys of the relationship."""
APART_DAYS = 7
"""Between a survey of the relationship and any other."""


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody was asked before: when, and whether about the relationship."""

    asked_us: int
    relationship: bool


def rest_until(history: Iterable[Asked], now_us: int, *, relationship: bool) -> int | None:
    """The moment (µs) until which somebody is left alone, None who may be asked now.

    `history` is what they were asked before, in any order; what was never answered counts as well.

    >>> rest_until([Asked(0, relationship=False)], 3 * DAY_US, relationship=True) == 7 * DAY_US
    True
    >>> rest_until([Asked(0, relationship=False)], 14 * DAY_US, relationship=False) is None
    True
    """
    ends = [one.asked_us + _rest_days(one, relationship=relationship) * DAY_US for one in history]
    last = max(ends, default=now_us)
    return last if last > now_us else None


def _rest_days(before: Asked, *, relationship: bool) -> int:
    if before.relationship != relationship:
        return APART_DAYS
    return SLOT_DAYS if relationship else REST_DAYS
