"""What a play would have done: for whom it would have fired in the last thirty days of what is kept."""

from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict
from zoneinfo import ZoneInfo

import ibis

from nousnous.base import clock
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import People, persons_in, segment_of
from nousnous.plays.actions.calendar import people_of
from nousnous.plays.definition import Play as Definition
from nousnous.plays.measures import would_have_fired
from nousnous.plays.ports import measured
from nousnous.plays.registry import trigger_named
from nousnous.plays.timing import Calendar, Threshold
from nousnous.runs.schedules import next_time
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

DAYS: Final = 30
MOST_SHOWN: Final = 20


class NewestShape(TypedDict):
    person: str
    moment: str


class DryRunShape(TypedDict):
    """What a play would have done; `newest` for those who may see people."""

    days: int
    persons: int
    events: int
    next_at: str | None
    passings: tuple[str, ...] | None
    said: str
    newest: NotRequired[list[NewestShape]]


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many people and events; the newest of the people with the moment that would have pulled the trigger.

    `next_at` is when the calendar fires next; `passings` are the days on which a metric passed its value, and `seen`
    what it is now.
    """

    persons: int
    events: int
    holdout: float
    newest: tuple[tuple[str, str], ...] = ()
    next_at: str = ""
    passings: tuple[str, ...] | None = None
    seen: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.headline}. {self.seen}".strip()

    @property
    def headline(self) -> str:
        if self.passings is not None:
            times = {0: "never", 1: "once"}.get(len(self.passings), f"{len(self.passings)} times")
            days = f": {', '.join(self.passings)}" if self.passings else ""
            return f"It would have fired {times} in the last {DAYS} days{days}"
        when = f"next, {self.next_at}" if self.next_at else f"in the last {DAYS} days"
        would = "would fire" if self.next_at else "would have fired"
        if not self.persons:
            return f"It {would} for nobody {when}"
        people = "1 person" if self.persons == 1 else f"{self.persons} people"
        alone = round(self.persons * self.holdout)
        held = f", some {alone} of them left alone to compare" if alone else ""
        return f"It {would} for {people} {when}{held}"

    def as_dict(self, *, people: bool) -> DryRunShape:
        told: DryRunShape = {
            "days": DAYS,
            "persons": self.persons,
            "events": self.events,
            "next_at": self.next_at or None,
            "passings": self.passings,
            "said": self.sentence,
        }
        if people:
            told["newest"] = [{"person": person, "moment": moment} for person, moment in self.newest]
        return told


def dry_run(workspace: Workspace, definition: Definition) -> DryRun:
    """Look through the last thirty days of what is kept; limits between plays are left aside."""
    if definition.trigger.threshold:
        return _passings(workspace, definition.trigger.threshold)
    if definition.trigger.calendar:
        return _next(workspace, definition, definition.trigger.calendar)
    source = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    events = source.events()
    newest_us = events.ts_us.max().to_pyarrow().as_py()
    if newest_us is None:
        return DryRun(0, 0, definition.holdout)
    since_us = newest_us - DAYS * clock.DAY_US
    if definition.trigger.fact:
        found = _told(workspace, definition, since_us, _identities_in(source))
    else:
        found = would_have_fired(events, definition, since_us, newest_us)
        found = found.mutate(person=found.user_id.fill_null(found.anonymous_id))
    if definition.audience:
        segment = segment_of(workspace, definition.audience)
        found = found.semi_join(persons_in(workspace, segment, People(events, source.resolved(SCORES))), "person_key")
    people = found.group_by("person_key").agg(n=found.count(), moment_us=found.ts_us.max(), person=found.person.max())
    totals = people.agg(persons=people.count(), events=people.n.sum()).to_pyarrow().to_pylist()[0]
    newest = people.order_by(people.moment_us.desc(), people.person).limit(MOST_SHOWN).to_pyarrow().to_pylist()
    shown = tuple((row["person"], clock.from_us(row["moment_us"]).isoformat()) for row in newest)
    return DryRun(totals["persons"], int(totals["events"] or 0), definition.holdout, shown)


def _passings(workspace: Workspace, threshold: Threshold) -> DryRun:
    found = measured(workspace, threshold.watched, DAYS + 1)
    passed, days = bool(found) and threshold.passed(found[0][1].low, found[0][1].high), []
    for until_us, estimate in found[1:]:
        before, known = passed, estimate.low is not None or estimate.high is not None
        passed = threshold.passed(estimate.low, estimate.high) if known else before
        if passed and not before:
            days.append(_written(workspace, until_us))
    seen = f"Now {threshold.seen(found[-1][1].as_dict())}." if found else "No day with data is over yet."
    return DryRun(0, len(days), 0.0, passings=tuple(days), seen=seen)


def _written(workspace: Workspace, moment_us: int, form: str = "%-d %B") -> str:
    return clock.from_us(moment_us).astimezone(ZoneInfo(workspace.timezone)).strftime(form)


def _next(workspace: Workspace, definition: Definition, calendar: Calendar) -> DryRun:
    zone = calendar.timezone or workspace.timezone
    next_at = next_time(calendar.cron, zone, clock.now()).strftime(f"%-d %B, %H:%M ({zone})")
    rows = people_of(workspace, definition.audience)
    shown = tuple((row["person"], "") for row in rows[:MOST_SHOWN])
    return DryRun(len(rows), len(rows), definition.holdout, shown, next_at=next_at)


def _identities_in(source: Snapshot) -> Any:
    """Each identity with the person to whom it belongs and an id to show."""
    rows = ibis.union(*(_identities(source.resolved(table)) for table in (EVENTS, SCORES)))
    return rows.group_by("identity_key").agg(person_key=rows.person_key.max(), person=rows.person.max())


def _identities(rows: Any) -> Any:
    known = rows.filter(rows.person_key.notnull())
    return known.select("identity_key", "person_key", person=known.user_id.fill_null(known.anonymous_id))


def _told(workspace: Workspace, definition: Definition, since_us: int, identities: Any) -> Any:
    """The people of whom the fact was told since a moment, and when."""
    past = trigger_named(definition.trigger.fact).past(workspace, since_us)
    told = [one for one in past if definition.trigger.fits(one.details)]
    columns = {"identity_key": [one.identity_key for one in told], "ts_us": [one.moment_us for one in told]}
    return ibis.memtable(columns, schema={"identity_key": "int64", "ts_us": "int64"}).join(identities, "identity_key")
