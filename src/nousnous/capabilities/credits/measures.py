"""What one month of a subscription costs, from what an event says of it."""

from typing import Final

MONTHS: Final = {
    **dict.fromkeys(("", "month", "monthly"), 1),
    **dict.fromkeys(("quarter", "quarterly"), 3),
    **dict.fromkeys(("year", "yearly", "annual", "annually"), 12),
}
"""Months that an amount pays for, by the property `interval` of the event; none is a month."""


def month_price(amount: float | None, interval: str) -> int | None:
    """One month's price in cents, rounded down; None where the amount is none or the interval is not known.

    >>> month_price(120.0, "year"), month_price(19.99, ""), month_price(5.0, "fortnight")
    (1000, 1999, None)
    """
    months = MONTHS.get(interval.strip().lower())
    if amount is None or not 0 < amount < 1e12 or months is None:
        return None
    return round(amount * 100) // months
