"""Moments as clients write them."""

from datetime import datetime
from typing import Any

from nousnous.base import clock

_EARLIEST_US = -62_135_596_800_000_000  # the year 1
_LATEST_US = 253_402_300_800_000_000  # the year 10000


def moment_us(value: Any) -> int | None:
    """Microseconds of an ISO text or of a number since 1970 (seconds to nanoseconds by its size); None if unreadable.

    >>> moment_us("2026-11-22T03:53:53.518Z") == moment_us(1795319633518) == moment_us("1795319633.518")
    True
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _of_number(value)
    if not isinstance(value, str) or not (text := value.strip()):
        return None
    try:
        return clock.to_us(datetime.fromisoformat(text)) if not _is_number(text) else _of_number(float(text))
    except (ValueError, OverflowError):
        return None


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def _of_number(number: float) -> int | None:
    size = abs(number)
    if size < 1e11:
        scale = 1e6
    elif size < 1e14:
        scale = 1e3
    elif size < 1e17:
        scale = 1
    elif size < 1e20:
        scale = 1e-3
    else:
        return None
    us = round(number * scale) if isinstance(number, float) or scale < 1 else number * int(scale)
    return us if _EARLIEST_US <= us < _LATEST_US else None
