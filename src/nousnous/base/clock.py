"""The only place that reads the time of day."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from nousnous.base.errors import Refused

_frozen: ContextVar[int | None] = ContextVar("frozen", default=None)

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
FIRST_YEAR, LAST_YEAR = 1900, 2999
_PACE = re.compile(r"(\d{1,4})@(.+)")
_pace = (0, 1)


def now_us() -> int:
    """Microseconds since 1970 in UTC."""
    real_us, (since_us, factor) = _real_us(), _pace
    return real_us if real_us <= since_us or _frozen.get() is not None else since_us + (real_us - since_us) * factor


def now() -> datetime:
    """This instant, in UTC."""
    return from_us(now_us())


def real() -> datetime:
    """This instant however fast the clock runs: for leases, and for what others signed by their own clocks."""
    return from_us(_real_us())


def run_at(pace: str) -> None:
    """Let the clock of this process run many times as fast from an instant on; without a pace it runs as it does.

    Every process that is told the same pace tells the same time. Refused where a pace is none, such as
    `60@2026-11-28T09:00Z`.
    """
    global _pace  # noqa: PLW0603  # the one clock of a process
    if not pace:
        _pace = (0, 1)
        return
    found = _PACE.fullmatch(pace)
    try:
        since, factor = datetime.fromisoformat(found[2] if found else ""), int(found[1] if found else 0)
    except ValueError:
        factor = 0
    if not factor:
        raise Refused(f"“{pace}” is no pace of the clock; write one such as 60@2026-11-28T09:00Z.")
    _pace = (to_us(since), factor)


def from_us(moment_us: int) -> datetime:
    """An instant from its microseconds.

    >>> from_us(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    seconds, microseconds = divmod(moment_us, SECOND_US)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def to_us(instant: datetime) -> int:
    """Microseconds of an instant; one without a zone is UTC.

    >>> to_us(datetime(1970, 1, 1, 0, 0, 1))
    1000000
    """
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    delta = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND_US + delta.microseconds


def written(moment: datetime, timezone: str) -> datetime:
    """A moment that somebody wrote: in a time zone where it names none, and within what calendars can reckon with.

    >>> written(datetime(2024, 7, 1, 12), "Europe/Paris").isoformat()
    '2024-07-01T12:00:00+02:00'
    """
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Refused(f"A moment lies between the years {FIRST_YEAR} and {LAST_YEAR}, not in {moment.year}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))


def _real_us() -> int:
    frozen = _frozen.get()
    return time.time_ns() // 1000 if frozen is None else frozen


@contextmanager
def frozen(moment_us: int) -> Iterator[None]:
    """Let the clock stand still at a moment, for tests and for repeating a report."""
    token = _frozen.set(moment_us)
    try:
        yield
    finally:
        _frozen.reset(token)
