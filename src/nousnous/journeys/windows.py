"""Which period a report is about, in the workspace's own days and weeks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nousnous.base import clock
from nousnous.base.errors import Place, Refused
from nousnous.journeys.periods import Period

WINDOW_DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """What was asked for; None: the default. `own_verdict`: it ends in the past, so it is judged by itself."""

    from_us: int | None = None
    to_us: int | None = None

    @property
    def own_verdict(self) -> bool:
        return self.to_us is not None and self.to_us <= clock.now_us()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked: journey (None: the only one), days or instants, property that splits, segment."""

    journey: str | None = None
    from_text: str | None = None
    to_text: str | None = None
    by: str | None = None
    segment: str | None = None


def parsed(text: str | None, timezone: str, field: str) -> int | None:
    """A day (its midnight in the workspace's zone) or an ISO instant (without a zone: the workspace's)."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as trouble:
        raise Refused(f"“{text}” is not a day; write it as 2024-01-31.", Place(field=field)) from trouble
    return clock.to_us(clock.written(instant, timezone))


def window_of(from_text: str | None, to_text: str | None, timezone: str) -> Window:
    """What `--from` and `--to` (or the fields of a page) say."""
    window = Window(parsed(from_text, timezone, "from"), parsed(to_text, timezone, "to"))
    if window.from_us is not None and window.to_us is not None and window.from_us >= window.to_us:
        raise Refused("The period ends before it begins; give --from a day before --to.", Place(field="to"))
    return window


def period_of(window: Window, last_event_us: int | None, timezone: str) -> Period:
    """[from, to): by default the 90 days that end with the last day that is over and holds an event of a person.

    `last_event_us` is the newest event of a person on a day that is over.
    """
    zone = ZoneInfo(timezone)
    to_us = window.to_us
    if to_us is None:
        last = clock.now_us() - clock.DAY_US if last_event_us is None else last_event_us
        to_us = midnight_us(clock.from_us(last).astimezone(zone).date() + timedelta(days=1), zone)
    if window.from_us is not None:
        return Period(window.from_us, max(to_us, window.from_us))
    return Period(days_before_us(to_us, WINDOW_DAYS, zone), to_us)


def days_before_us(moment_us: int, days: int, zone: ZoneInfo) -> int:
    """The same time of day so many days before, whatever the clocks did meanwhile."""
    local = clock.from_us(moment_us).astimezone(zone).replace(tzinfo=None)
    return clock.to_us((local - timedelta(days=days)).replace(tzinfo=zone))


def midnight_us(day: date, zone: ZoneInfo) -> int:
    return clock.to_us(datetime(day.year, day.month, day.day, tzinfo=zone))


def start_of_today_us(timezone: str) -> int:
    zone = ZoneInfo(timezone)
    return midnight_us(clock.now().astimezone(zone).date(), zone)


def last_monday(moment_us: int, timezone: str) -> date:
    """The Monday on which the last week closed at or before a moment."""
    day = clock.from_us(moment_us).astimezone(ZoneInfo(timezone)).date()
    return day - timedelta(days=day.weekday())


def last_full_week(moment_us: int, timezone: str) -> Period:
    """Monday to Monday, both 00:00, the last such week that is over at a moment."""
    zone, monday = ZoneInfo(timezone), last_monday(moment_us, timezone)
    return Period(midnight_us(monday - timedelta(days=7), zone), midnight_us(monday, zone))


def window_before(monday: date, timezone: str) -> Period:
    """The 90 days before a Monday, which are judged when its week closes."""
    zone = ZoneInfo(timezone)
    return Period(midnight_us(monday - timedelta(days=WINDOW_DAYS), zone), midnight_us(monday, zone))


def written(moment_us: int, timezone: str) -> str:
    return clock.from_us(moment_us).astimezone(ZoneInfo(timezone)).isoformat()
