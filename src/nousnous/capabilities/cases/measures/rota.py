"""The rota as its TOML says: who takes cases, when they work, how many a day, and by when somebody is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from nousnous.base.timezones import timezone_names
from nousnous.capabilities.cases.measures.hours import Hours, meeting
from nousnous.journeys.fields import Reader, Table, reader_of
from nousnous.journeys.lines import Path

ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS: Final = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who takes cases: by their address here, and their name in Slack where it is another."""

    email: str
    slack: str
    hours: Hours
    a_day: int


@dataclass(frozen=True, slots=True)
class Rota:
    """One team: its hours, its clock in minutes, where it talks, which survey asks afterwards, and its members."""

    id: str
    name: str
    hours: Hours
    minutes: int
    remind: int
    slack: str
    survey: str
    members: tuple[Member, ...]

    def email_of(self, name: str) -> str:
        """The address of who has a name in Slack; the name itself where none of them has it."""
        return next((one.email for one in self.members if name.lower() in {one.slack.lower(), one.email}), name)


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has: cases that are not closed, and when cases were given to them lately."""

    open: int = 0
    given: tuple[datetime, ...] = field(default=())


def choose(rota: Rota, instant: datetime, loads: Mapping[str, Load], besides: str = "") -> Member | None:
    """Who takes the next case: of those at work with room on their day the one with fewest open cases, then fewest of
    the day, then by address; None where nobody is there."""
    if not _opens_now((rota.hours,), instant):
        return None
    there = [one for one in rota.members if one.email != besides and _opens_now((one.hours,), instant)]
    free = [one for one in there if _today(one, instant, loads) < one.a_day]
    ranked = sorted(free, key=lambda one: (_open(one, loads), _today(one, instant, loads), one.email))
    return ranked[0] if ranked else None


def next_on_duty(rota: Rota, instant: datetime, loads: Mapping[str, Load]) -> datetime | None:
    """From when on somebody can take a case: the team is open, and a member is at work with room on their day."""
    found = [meeting((rota.hours, one.hours), _room_from(one, instant, loads)) for one in rota.members]
    return min((moment for moment in found if moment is not None), default=None)


def parse_rota(text: str, file: str | None = None) -> Rota:
    """The rota of a text; Refused with the place of the first trouble."""
    reader, document = reader_of(text, file)
    reader.only(document, (), ("rota", "member"))
    head, path = reader.table(document, (), "rota"), ("rota",)
    known = ("id", "name", "minutes", "remind", "slack", "survey")
    reader.only(head, path, (*known, "timezone", "days", "hours", "closed"))
    rota_id = reader.text(head, path, "id")
    if rota_id and not ID.fullmatch(rota_id):
        reader.refuse((*path, "id"), "“id” is small letters, digits, - and _, at most 60.")
    hours = _hours(reader, head, path, "closed", Hours("UTC", WORKDAYS))
    minutes = _whole(reader, head, path, ("minutes", 30, 1, 24 * 60))
    remind = _whole(reader, head, path, ("remind", max(1, minutes // 2), 1, minutes))
    name, slack, survey = (reader.text(head, path, key, "") for key in ("name", "slack", "survey"))
    tables = list(enumerate(reader.tables(document, "member")))
    members = tuple(_member(reader, table, ("member", at), hours) for at, table in tables)
    emails = [one.email for one in members]
    if not members or len(set(emails)) < len(emails):
        reader.refuse(("member",), "A rota has members, each once: write [[member]] with an email.")
    if reader.troubles:
        raise reader.troubles[0]
    return Rota(rota_id, name or rota_id, hours, minutes, remind, slack, survey, members)


def _member(reader: Reader, table: Table, path: Path, team: Hours) -> Member:
    reader.only(table, path, ("email", "slack", "timezone", "days", "hours", "away", "a_day"))
    email = reader.text(table, path, "email").lower()
    if email and "@" not in email:
        reader.refuse((*path, "email"), "“email” is the address with which they sign in.")
    hours = _hours(reader, table, path, "away", team)
    slack = reader.text(table, path, "slack", email.partition("@")[0] or "-")
    return Member(email, slack, hours, _whole(reader, table, path, ("a_day", 20, 1, 1_000)))


def _hours(reader: Reader, table: Table, path: Path, away: str, usual: Hours) -> Hours:
    """What is not said is as usual, but for the days off."""
    zone = reader.text(table, path, "timezone", usual.timezone)
    if zone not in timezone_names():
        reader.refuse((*path, "timezone"), f"There is no time zone “{zone}”; write one such as Europe/Berlin.")
        zone = "UTC"
    begin, end = usual.begin, usual.end
    if "hours" in table:
        found = SPAN.fullmatch(reader.text(table, path, "hours"))
        if found is None:
            reader.refuse((*path, "hours"), '“hours” is from when to when: hours = "09:00-17:00".')
        else:
            numbers = [int(part) for part in found.groups()]
            begin, end = numbers[0] * 60 + numbers[1], min(numbers[2] * 60 + numbers[3], 24 * 60)
    return Hours(zone, _days(reader, table, path, usual.days), begin, end, _closed(reader, table, path, away))


def _days(reader: Reader, table: Table, path: Path, usual: tuple[int, ...]) -> tuple[int, ...]:
    given = table.get("days")
    if given is None:
        return usual
    if not isinstance(given, list) or not given or not set(map(str, given)) <= set(DAYS):
        reader.refuse((*path, "days"), f"“days” is a list of {', '.join(DAYS)}.")
        return usual
    return tuple(sorted(DAYS.index(one) for one in set(given)))


def _closed(reader: Reader, table: Table, path: Path, key: str) -> tuple[tuple[date, date], ...]:
    found = []
    given = table.get(key, [])
    for one in given if isinstance(given, list) else [given]:
        first, _, last = str(one).partition("/")
        try:
            span = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            span = (date.max, date.min)
        if span[0] > span[1]:
            reader.refuse((*path, key), f'“{key}” is a list of days: "2026-12-24" or "2026-12-24/2027-01-01".')
            return ()
        found.append(span)
    return tuple(found)


def _whole(reader: Reader, table: Table, path: Path, asked: tuple[str, int, int, int]) -> int:
    key, usual, least, most = asked
    value = reader.number(table, path, key) if key in table else usual
    if value is None or not least <= value <= most or value != int(value):
        reader.refuse((*path, key), f"“{key}” is a whole number from {least} to {most}.")
        return usual
    return int(value)


def _opens_now(hours: tuple[Hours, ...], instant: datetime) -> bool:
    return meeting(hours, instant) == instant


def _open(member: Member, loads: Mapping[str, Load]) -> int:
    return loads.get(member.email, Load()).open


def _today(member: Member, instant: datetime, loads: Mapping[str, Load]) -> int:
    zone = ZoneInfo(member.hours.timezone)
    today = instant.astimezone(zone).date()
    return sum(one.astimezone(zone).date() == today for one in loads.get(member.email, Load()).given)


def _room_from(member: Member, instant: datetime, loads: Mapping[str, Load]) -> datetime:
    """The instant, or their next midnight where their day is full."""
    if _today(member, instant, loads) < member.a_day:
        return instant
    zone = ZoneInfo(member.hours.timezone)
    day = instant.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


class RotaShape(TypedDict):
    id: str
    name: str
    timezone: str
    minutes: int
    remind: int
    slack: str | None
    survey: str | None
    members: list[str]


def words_of(rota: Rota) -> RotaShape:
    """What a rota says, for pages and programs."""
    return {
        "id": rota.id,
        "name": rota.name,
        "timezone": rota.hours.timezone,
        "minutes": rota.minutes,
        "remind": rota.remind,
        "slack": rota.slack or None,
        "survey": rota.survey or None,
        "members": [one.email for one in rota.members],
    }
