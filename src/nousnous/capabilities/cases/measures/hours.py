"""Working hours: when a clock runs, and when it will have run for a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LOOKED_AHEAD: Final = 60
"""Days after which nobody waits for somebody to be there."""
WEEK: Final = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Hours:
    """Days of the week (Monday is 0), minutes of the day from and to, and days on which all is closed.

    `end` at or before `begin` is on the next day. Minutes are those of clocks on the wall, whatever the season does.
    """

    timezone: str
    days: tuple[int, ...] = WEEK
    begin: int = 0
    end: int = 24 * 60
    closed: tuple[tuple[date, date], ...] = ()

    def windows(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The openings, from the one that holds an instant or follows it, in UTC.

        >>> berlin = Hours("Europe/Berlin", (0, 1, 2, 3, 4), 9 * 60, 17 * 60)
        >>> friday_evening = datetime(2026, 3, 27, 18, tzinfo=UTC)
        >>> [f"{one:%a %H:%M}" for one in next(berlin.windows(friday_evening))]
        ['Mon 07:00', 'Mon 15:00']
        """
        first = instant.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)
        for ahead in range(LOOKED_AHEAD + 2):
            day = first + timedelta(days=ahead)
            if day.weekday() not in self.days or any(begin <= day <= end for begin, end in self.closed):
                continue
            begin = self._on(day, self.begin)
            end = self._on(day + timedelta(days=int(self.end <= self.begin)), self.end)
            if end > instant and end > begin:
                yield begin, end

    def after(self, instant: datetime, span: timedelta) -> datetime | None:
        """When so much working time has passed; None where it will not within sixty days.

        >>> berlin = Hours("Europe/Berlin", (0, 1, 2, 3, 4), 9 * 60, 17 * 60)
        >>> due = berlin.after(datetime(2026, 3, 27, 15, 50, tzinfo=UTC), timedelta(minutes=30))
        >>> f"{due:%a %H:%M}"
        'Mon 07:20'
        """
        left = span
        for begin, end in self.windows(instant):
            start = max(begin, instant)
            if end - start >= left:
                return start + left
            left -= end - start
        return None

    def _on(self, day: date, minutes: int) -> datetime:
        days, rest = divmod(minutes, 24 * 60)
        day += timedelta(days=days)
        return datetime(day.year, day.month, day.day, *divmod(rest, 60), tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)


def meeting(hours: tuple[Hours, ...], instant: datetime) -> datetime | None:
    """The first moment from an instant on at which all of some hours are open; None where none is within sixty days.

    >>> berlin, tokyo = Hours("Europe/Berlin", WEEK, 9 * 60, 17 * 60), Hours("Asia/Tokyo", WEEK, 9 * 60, 18 * 60)
    >>> f"{meeting((berlin, tokyo), datetime(2026, 1, 5, 12, tzinfo=UTC)):%a %H:%M}"
    'Tue 08:00'
    """
    moment, limit = instant, instant + timedelta(days=LOOKED_AHEAD)
    while moment < limit:
        openings = [next(one.windows(moment), None) for one in hours]
        if None in openings:
            return None
        latest = max([moment, *(opening[0] for opening in openings if opening)])
        if latest == moment:
            return moment
        moment = latest
    return None
