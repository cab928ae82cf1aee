"""A play as its TOML says: what pulls the trigger, for whom, what is done, who is left alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nousnous.base.errors import Refused
from nousnous.base.timezones import timezone_names
from nousnous.facts.journeys import Condition, Matcher
from nousnous.journeys.fields import Reader, Table, reader_of
from nousnous.journeys.lines import Path
from nousnous.journeys.matching import in_words, microseconds, read_matchers, span_text
from nousnous.plays.timing import Calendar, Threshold, read_calendar, read_threshold, refuse_people

ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
MOST_ACTIONS: Final = 10
MOST_MONEY: Final = 1e9
ACTED: Final = "acted"
HELD_OUT: Final = "held_out"
"""The arms of a play without variants, as `Experiment Viewed` names them."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event pulls it; with `without`, only where none of these followed within a span.

    Or a fact of a capability, the calendar, or a metric that passes a value, which concerns no person.
    """

    starts: tuple[Matcher, ...] = ()
    without: tuple[Matcher, ...] = ()
    within_us: int = 0
    fact: str = ""
    where: tuple[Condition, ...] = ()
    calendar: Calendar | None = None
    threshold: Threshold | None = None

    def fits(self, details: Mapping[str, Any]) -> bool:
        """Whether the details of a fact hold what the file asks of them."""
        return all(str(details.get(one.property)) in one.values for one in self.where)

    @property
    def words(self) -> str:
        timed = self.calendar or self.threshold
        if timed:
            return timed.words
        if self.fact:
            held = " and ".join(f"{one.property} is {' or '.join(one.values)}" for one in self.where)
            return f"When {self.fact.replace('_', ' ')}{' where ' if held else ''}{held}"
        event = " or ".join(in_words(one) for one in self.starts)
        if not self.without:
            return f"When a person does {event}"
        absent = " or ".join(in_words(one) for one in self.without)
        return f"When a person does {event} and not {absent} within {span_text(self.within_us)}"


@dataclass(frozen=True, slots=True)
class Limits:
    """Whom a play leaves alone: who was reached by any play in the last `every_us`, and everybody in quiet hours.

    `quiet` are minutes of the day, from and to, in the person's time zone, else in `timezone`, else in the workspace's.
    `budget_cents` is what it may spend in a month; `cost_cents` what one person costs, where actions do not tell.
    """

    every_us: int = 0
    quiet: tuple[int, int] | None = None
    timezone: str = ""
    most_a_day: int | None = None
    once: bool = True
    budget_cents: int | None = None
    cost_cents: int | None = None

    @property
    def words(self) -> str:
        said = ["each person once"] if self.once else []
        if self.every_us:
            said.append(f"nobody whom any play reached in the last {span_text(self.every_us)}")
        if self.quiet:
            said.append(
                "not between {:02}:{:02} and {:02}:{:02}".format(*divmod(self.quiet[0], 60), *divmod(self.quiet[1], 60))
            )
        if self.most_a_day is not None:
            said.append(f"at most {self.most_a_day} a day")
        if self.budget_cents is not None:
            said.append(f"at most {self.budget_cents / 100:,.2f} a month")
        return ", ".join(said) or "no limits"


@dataclass(frozen=True, slots=True)
class Step:
    """One action and what the file says of it; with `only`, for one variant alone."""

    action: str
    parameters: Mapping[str, Any]
    only: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """One version of a play."""

    id: str
    name: str
    trigger: Trigger
    steps: tuple[Step, ...]
    audience: str = ""
    holdout: float = 0.1
    limits: Limits = Limits()
    variants: tuple[tuple[str, float], ...] = ()

    @property
    def arms(self) -> dict[str, float]:
        """Into which arm of its experiment how large a share of people comes."""
        variants = self.variants or ((ACTED, 1.0),)
        total = sum(weight for _, weight in variants)
        return {HELD_OUT: self.holdout} | {arm: (1 - self.holdout) * weight / total for arm, weight in variants}

    def places(self, arm: str) -> tuple[int, ...]:
        """Which of its actions are taken for an arm."""
        return tuple(at for at, step in enumerate(self.steps) if step.only in {"", arm} and arm != HELD_OUT)

    @property
    def experiment(self) -> str:
        """Under this id its arms are read out."""
        return f"play/{self.id}"

    @property
    def events(self) -> frozenset[str]:
        """The names of the events that it waits for."""
        return frozenset(name for one in (*self.trigger.starts, *self.trigger.without) for name in one.events)


def parse_play(text: str, file: str | None = None) -> Play:
    """The play of a text; Refused with the place of the first trouble."""
    play, troubles = study_play(text, file)
    if play is None:
        raise troubles[0]
    return play


def study_play(text: str, file: str | None = None) -> tuple[Play | None, tuple[Refused, ...]]:
    """Read a text, and tell everything that is wrong with it."""
    try:
        reader, document = reader_of(text, file)
    except Refused as trouble:
        return None, (trouble,)
    reader.only(document, (), ("play", "trigger", "limits", "holdout", "variants", "do"))
    head = reader.table(document, (), "play")
    reader.only(head, ("play",), ("id", "name", "audience"))
    play_id = reader.text(head, ("play",), "id")
    if play_id and not ID.fullmatch(play_id):
        reader.refuse(("play", "id"), "“id” is small letters, digits, - and _, at most 60.")
    name = reader.text(head, ("play",), "name", play_id or None)
    audience = reader.text(head, ("play",), "audience", "")
    trigger = _trigger(reader, document)
    if trigger.threshold:
        refuse_people(reader, document)
    elif trigger.calendar and not audience and not reader.troubles:
        reader.refuse(("play", "audience"), 'The calendar reaches everybody of a segment: audience = "…".')
    limits = _limits(reader, document, once=not (trigger.calendar or trigger.threshold))
    holdout = 0.0 if trigger.threshold else _holdout(reader, document)
    steps = tuple(_step(reader, table, ("do", at)) for at, table in enumerate(reader.tables(document, "do")))
    if not 1 <= len(steps) <= MOST_ACTIONS:
        reader.refuse(("do",), f"A play does something: write [[do]] with an action, at most {MOST_ACTIONS} of them.")
    variants = _variants(reader, document, steps)
    if reader.troubles:
        return None, tuple(reader.troubles)
    return Play(play_id, name[:200], trigger, steps, audience, holdout, limits, variants), ()


def _trigger(reader: Reader, document: Table) -> Trigger:
    table, path = reader.table(document, (), "trigger"), ("trigger",)
    if "fact" in table:
        return _told(reader, table, path)
    if "schedule" in table:
        return Trigger(calendar=read_calendar(reader, table, path))
    if "metric" in table:
        return Trigger(threshold=read_threshold(reader, table, path))
    reader.only(table, path, ("event", "where", "without", "within"))
    own = {name: table[name] for name in ("event", "where") if name in table}
    starts = read_matchers(reader, {"on": own}, path, "on") if own else ()
    if not own:
        reader.refuse(path, 'A trigger names an event: event = "Signed Up", or a fact: fact = "attrition_signalled".')
    elif "event" not in table:
        reader.refuse(path, "A trigger names an event, and not only conditions under “where”.")
    without = read_matchers(reader, _wrapped(table), path, "without")
    within_us = _span(reader, table, path, "within") if "within" in table else 0
    if bool(without) != bool(within_us) and not reader.troubles:
        reader.refuse(path, 'An absence says what did not come and how soon: without = "Signed In" and within = "48h".')
    return Trigger(starts, without, within_us)


def _told(reader: Reader, table: Table, path: Path) -> Trigger:
    reader.only(table, path, ("fact", "where"))
    where = read_matchers(reader, {"on": {"where": table["where"]}}, path, "on") if "where" in table else ()
    return Trigger(fact=reader.text(table, path, "fact"), where=where[0].where if where else ())


def _wrapped(table: Table) -> dict[str, Any]:
    """A name alone is a matcher, too."""
    given = table.get("without")
    listed = given if isinstance(given, list) else [given]
    named = [{"event": one} if isinstance(one, str) else one for one in listed]
    return {"without": named} if given is not None else {}


def _limits(reader: Reader, document: Table, *, once: bool) -> Limits:
    table, path = reader.table(document, (), "limits"), ("limits",)
    reader.only(table, path, ("every", "quiet", "timezone", "most_a_day", "once", "budget", "cost"))
    zone = reader.text(table, path, "timezone", "")
    if zone and zone not in timezone_names():
        reader.refuse((*path, "timezone"), f"There is no time zone “{zone}”; write one such as Europe/Berlin.")
    most = reader.number(table, path, "most_a_day")
    if most is not None and (most < 1 or most != int(most)):
        reader.refuse((*path, "most_a_day"), "“most_a_day” is a whole number from 1 up.")
        most = None
    return Limits(
        _span(reader, table, path, "every") if "every" in table else 0,
        _quiet(reader, table, path),
        zone,
        None if most is None else int(most),
        reader.flag(table, path, "once") if "once" in table else once,
        _cents(reader, table, path, "budget"),
        _cents(reader, table, path, "cost"),
    )


def _cents(reader: Reader, table: Table, path: Path, key: str) -> int | None:
    amount = reader.number(table, path, key)
    if amount is not None and not 0 < amount <= MOST_MONEY:
        reader.refuse((*path, key), f"“{key}” is an amount of money above 0: {key} = 2.50.")
    return None if amount is None else round(amount * 100)


def _quiet(reader: Reader, table: Table, path: Path) -> tuple[int, int] | None:
    if "quiet" not in table:
        return None
    found = CLOCK.fullmatch(reader.text(table, path, "quiet"))
    if found is None:
        reader.refuse((*path, "quiet"), '“quiet” is from when to when nobody is disturbed: quiet = "21:00-08:00".')
        return None
    hours = [int(part) for part in found.groups()]
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]


def _holdout(reader: Reader, document: Table) -> float:
    table, path = reader.table(document, (), "holdout"), ("holdout",)
    reader.only(table, path, ("share",))
    share = reader.number(table, path, "share") if "share" in table else 0.1
    if share is not None and not 0 <= share <= 0.9:
        reader.refuse((*path, "share"), "“share” is the part of people who are left alone: 0 to 0.9, 0.1 unless said.")
    return 0.1 if share is None else share


def _variants(reader: Reader, document: Table, steps: tuple[Step, ...]) -> tuple[tuple[str, float], ...]:
    table, path = reader.table(document, (), "variants"), ("variants",)
    found = []
    for name in table:
        weight = reader.number(table, path, name)
        if not ID.fullmatch(name) or name in {ACTED, HELD_OUT} or weight is None or weight <= 0:
            reader.refuse((*path, name), "A variant is a name in small letters and its weight: restitution = 0.5.")
        elif not any(step.only in {"", name} for step in steps):
            reader.refuse((*path, name), f"Nothing is done for “{name}”.")
        else:
            found.append((name, float(weight)))
    if len(table) == 1:
        reader.refuse(path, "One variant compares with nothing; write two or more, or none.")
    for at, step in enumerate(steps):
        if step.only and step.only not in table:
            reader.refuse(("do", at, "only"), f"There is no variant “{step.only}”; name it under [variants].")
    return tuple(found)


def _step(reader: Reader, table: Table, path: Path) -> Step:
    parameters = {name: value for name, value in table.items() if name not in {"action", "only"}}
    return Step(reader.text(table, path, "action"), parameters, reader.text(table, path, "only", ""))


def _span(reader: Reader, table: Table, path: Path, key: str) -> int:
    span_us = microseconds(reader.text(table, path, key))
    if not span_us:
        reader.refuse((*path, key), f"“{key}” is a span above 0, such as 48h or 30d.")
    return span_us or 0
