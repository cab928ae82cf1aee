"""Windows and observed time. All times are µs; days are those of the time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracle.identity import timelines

DAY = 86_400 * 1_000_000
YEAR_DAYS = 365.25


def _date(us, zone):
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).astimezone(ZoneInfo(zone)).date()


def midnight(date, zone):
    """The beginning of a day in µs."""
    moment = datetime(date.year, date.month, date.day, tzinfo=ZoneInfo(zone))
    return round(moment.timestamp()) * 1_000_000


def written(us):
    """A time as ISO 8601 in UTC."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).isoformat()


def default_window(events, zone="UTC", now_us=None):
    """The 90 days that end with the last day that is over and holds an event that has a person."""
    days = {_date(event["ts_us"], zone) for line in timelines(events).values() for event in line}
    over = [day for day in days if now_us is None or midnight(day + timedelta(days=1), zone) <= now_us]
    end = max(over) + timedelta(days=1)
    return midnight(end - timedelta(days=90), zone), midnight(end, zone)


def last_full_week(until_us, zone="UTC"):
    """The last week from Monday 00:00 to Monday 00:00 that is over at `until_us`."""
    day = _date(until_us, zone)
    monday = day - timedelta(days=day.weekday())
    return midnight(monday - timedelta(days=7), zone), midnight(monday, zone)


def verdict_window(now_us, zone="UTC"):
    """The 90 days before the last Monday 00:00: what a stored verdict is about."""
    _, monday = last_full_week(now_us, zone)
    return midnight(_date(monday, zone) - timedelta(days=90), zone), monday


def observed(window, first_us, newest_us):
    """Observed µs of the window: [max(from, first event), min(to, newest event + 1 µs)]."""
    return max(0, min(window[1], newest_us + 1) - max(window[0], first_us))


def per_year(observed_us):
    """The factor to a year of 365.25 days; None under 28 observed days."""
    return None if observed_us < 28 * DAY else YEAR_DAYS * DAY / observed_us
