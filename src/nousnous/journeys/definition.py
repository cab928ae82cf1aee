"""A journey as its TOML text says: read with the line of every trouble, all of them told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from nousnous.base.errors import Refused
from nousnous.base.timezones import timezone_names
from nousnous.facts.beliefs import Statement
from nousnous.facts.journeys import DEFAULT, PAUSE_US, SIGNALS, STAGES, Amplification, Journey, Matcher, Step
from nousnous.journeys.beliefs import read_beliefs
from nousnous.journeys.fields import Reader, Table, is_number, reader_of
from nousnous.journeys.lines import Path
from nousnous.journeys.matching import alternatives, microseconds, read_matchers

JOURNEY_FIELDS: Final = (
    "id",
    "name",
    "currency",
    "hourly_wage",
    "amplification",
    "frustration",
    "timezone",
    "owner",
    "champion",
    "defender",
)
STEP_FIELDS: Final = (
    "id",
    "name",
    "stage",
    "channel",
    "owner",
    "designed",
    "backstage",
    "service",
    "starts",
    "completes",
    "fails",
    "within",
    "clock",
    "reference_s",
)
_ID = re.compile(r"\w[\w.:-]{0,119}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a file says: the journey, what teams believe about it, and what may be meant otherwise."""

    journey: Journey
    beliefs: tuple[Statement, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """What a text says, if it says one thing, and all that is wrong with it."""

    definition: Definition | None
    troubles: tuple[Refused, ...]


def parse_journey(text: str, file: str | None = None) -> Definition:
    """The journey of a text; Refused with the place of the first trouble."""
    study = study_journey(text, file)
    if study.definition is None:
        raise study.troubles[0]
    return study.definition


def study_journey(text: str, file: str | None = None) -> Study:
    """Read a text and tell everything that is wrong with it, in the order of its lines."""
    try:
        reader, document = reader_of(text, file)
    except Refused as trouble:
        return Study(None, (trouble,))
    reader.only(document, (), ("journey", "step", "belief"))
    journey = _journey(reader, document)
    beliefs = read_beliefs(reader, document, journey)
    if reader.troubles:
        ordered = sorted(reader.troubles, key=lambda one: (one.place.line or 0) if one.place else 0)
        return Study(None, tuple(ordered))
    return Study(Definition(journey, beliefs, tuple(_warnings(journey))), ())


def _journey(reader: Reader, document: Table) -> Journey:
    table, path = reader.table(document, (), "journey"), ("journey",)
    if not table:
        reader.refuse(
            path,
            "The file has no [journey] with id, currency and hourly_wage; `nous journey template shop` prints one.",
        )
    reader.only(table, path, JOURNEY_FIELDS)
    identity = _identity(reader, table, path)
    frustration = read_matchers(reader, table, path, "frustration")
    return Journey(
        identity,
        reader.text(table, path, "name", identity or None),
        _currency(reader, table, path),
        _steps(reader, document),
        _wages(reader, table, path),
        _amplification(reader, table, path),
        frustration or (Matcher(SIGNALS),),
        _timezone(reader, table, path),
        *(reader.text(table, path, key, "") for key in ("owner", "champion", "defender")),
    )


def _identity(reader: Reader, table: Table, path: Path) -> str:
    identity = reader.text(table, path, "id")
    if identity and not _ID.fullmatch(identity):
        reader.refuse((*path, "id"), f"“{identity}” is no id: letters, digits and -_.: without spaces, at most 120.")
    return identity


def _currency(reader: Reader, table: Table, path: Path) -> str:
    currency = reader.text(table, path, "currency")
    if currency and not _CURRENCY.fullmatch(currency):
        reader.refuse((*path, "currency"), f"“{currency}” is no currency; write three letters such as USD.")
    return currency


def _timezone(reader: Reader, table: Table, path: Path) -> str | None:
    name = reader.text(table, path, "timezone", "")
    if name and name not in timezone_names():
        reader.refuse((*path, "timezone"), f"“{name}” is no time zone; write one such as Europe/Paris.")
    return name or None


def _wages(reader: Reader, table: Table, path: Path) -> Mapping[str, float]:
    place = (*path, "hourly_wage")
    given: Any = table.get("hourly_wage")
    if given is None:
        reader.refuse(
            place, "“hourly_wage” is missing; say what an hour of a customer is worth, such as hourly_wage = 25.0."
        )
        return {}
    if isinstance(given, dict) and DEFAULT not in given:
        reader.refuse(
            place, "Wages by country need a “default” for all other countries: { default = 25.0, DE = 28.0 }."
        )
    wages = given if isinstance(given, dict) else {DEFAULT: given}
    wrong = [country for country, wage in wages.items() if not is_number(wage) or wage < 0]
    for country in wrong:
        where = (*place, country) if isinstance(given, dict) else place
        reader.refuse(where, "A wage is a number from 0 up, or a table of numbers by country with a “default”.")
    return {} if wrong else {country: float(wage) for country, wage in wages.items()}


def _amplification(reader: Reader, table: Table, path: Path) -> Amplification:
    place = (*path, "amplification")
    given = reader.table(table, path, "amplification")
    reader.only(given, place, ("share", "reach", "carry"))
    most = {"share": 1.0, "reach": float("inf"), "carry": 1.0}
    factors = {}
    for name, high in most.items():
        number = reader.number(given, place, name)
        if number is not None and not 0 <= number <= high:
            reader.refuse((*place, name), f"“{name}” is from 0 {'up' if high > 1 else 'to 1'}, not {number:g}.")
        if number is not None:
            factors[name] = number
    return Amplification(**factors)


def _steps(reader: Reader, document: Table) -> tuple[Step, ...]:
    tables = reader.tables(document, "step")
    if not tables:
        reader.refuse(("step",), "A journey has at least one [[step]]; add one with id, starts and completes.")
    steps: dict[str, Step] = {}
    for position, table in enumerate(tables):
        step = _step(reader, table, ("step", position))
        if step.id in steps:
            reader.refuse(
                ("step", position, "id"), f"There are two steps with the id “{step.id}”; give one of them another."
            )
        steps[step.id or str(position)] = step
    return tuple(steps.values())


def _step(reader: Reader, table: Table, path: Path) -> Step:
    reader.only(table, path, STEP_FIELDS)
    identity = _identity(reader, table, path)
    starts, completes, fails = (read_matchers(reader, table, path, key) for key in ("starts", "completes", "fails"))
    if starts and alternatives(starts) == alternatives(completes):
        reader.refuse(
            (*path, "completes"), "The start equals the completion; leave “completes” out if a start suffices."
        )
    if not starts and "starts" not in table and (completes or fails):
        reader.refuse(
            (*path, "starts"), '“starts” is missing, so no visit could begin; write starts = { event = "…" }.'
        )
    stage = reader.text(table, path, "stage", "")
    if stage and stage not in STAGES:
        reader.refuse((*path, "stage"), f"There is no stage “{stage}”; stages are {', '.join(STAGES)}.")
    return Step(
        identity,
        reader.text(table, path, "name", identity or None),
        starts,
        completes,
        fails,
        _within(reader, table, path),
        stage or None,
        reader.text(table, path, "channel", "") or None,
        reader.text(table, path, "owner", "") or None,
        reader.text(table, path, "designed", ""),
        reader.text(table, path, "backstage", ""),
        reader.flag(table, path, "service"),
        _active_clock(reader, table, path),
        _reference_us(reader, table, path),
    )


def _within(reader: Reader, table: Table, path: Path) -> int:
    text = reader.text(table, path, "within", "30m")
    span_us = microseconds(text)
    if isinstance(table.get("within", ""), str) and not span_us:
        wrong = (
            f"“{text}” is no span; write 45s, 30m, 2h or 1d."
            if span_us is None
            else "“within” must be above 0; write 45s, 30m, 2h or 1d."
        )
        reader.refuse((*path, "within"), wrong)
    return span_us or PAUSE_US


def _active_clock(reader: Reader, table: Table, path: Path) -> bool:
    clock = reader.text(table, path, "clock", "elapsed")
    if clock not in {"elapsed", "active"}:
        reader.refuse((*path, "clock"), f"There is no clock “{clock}”; write elapsed or active.")
    return clock == "active"


def _reference_us(reader: Reader, table: Table, path: Path) -> int | None:
    seconds = reader.number(table, path, "reference_s")
    if seconds is None:
        return None
    if seconds < 0:
        reader.refuse((*path, "reference_s"), f"A reference is from 0 seconds up, not {seconds:g}.")
    return round(seconds * 1_000_000)


@lru_cache(maxsize=256)
def journey_in(text: str) -> Journey:
    """The journey of a text that was applied once; its beliefs, and today's catalogue, are not looked at."""
    reader, document = reader_of(text, None)
    journey = _journey(reader, document)
    if reader.troubles:
        raise reader.troubles[0]
    return journey


def _warnings(journey: Journey) -> list[str]:
    silent = [step.name for step in journey.steps if not step.starts]
    return [f"{name} has no start: it has no visits, only answers can be told of it." for name in silent]
