"""An experiment as its TOML says: arms, who takes part, what is measured, what must not get worse."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from nousnous.base import clock
from nousnous.base.errors import NousError, Refused
from nousnous.facts.journeys import Matcher
from nousnous.journeys.catalogue import metric_of
from nousnous.journeys.fields import Reader, Table, reader_of
from nousnous.journeys.lines import Path
from nousnous.journeys.matching import microseconds, read_matchers

Kind = Literal["did", "count", "sum", "ratio"]
Reading = Literal["at the end", "any time"]

KINDS: Final[tuple[Kind, ...]] = ("did", "count", "sum", "ratio")
AMOUNTS: Final = ("revenue", "total", "customer_minutes", "handling_minutes")
READINGS: Final[tuple[Reading, ...]] = ("at the end", "any time")
HEAD: Final = (
    "id", "name", "note", "start", "end", "traffic", "group", "country", "segment", "reading", "effect", "persons",
    "seen",
)  # fmt: skip
GOAL: Final = ("name", "catalogue", "step", "journey", *KINDS, "of", "per", "within", "better")
EFFECT, PERSONS, TOLERANCE = 0.10, 10_000, 0.05
MOST_VARIANTS = 20
_ID = re.compile(r"(?:play/|fix/)?\w[\w.:-]{0,99}")
_VARIANT = re.compile(r"\w[\w.:-]{0,59}")


@dataclass(frozen=True, slots=True)
class Variant:
    """An arm; the first one of an experiment is what the others are compared with."""

    id: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class EventGoal:
    """What people do after they were assigned: whether, how often, how much, or how often for each other event."""

    name: str
    kind: Kind
    events: tuple[Matcher, ...]
    per: tuple[Matcher, ...] = ()
    amount: str = ""
    direction: int = 1
    within_us: int | None = None
    tolerance: float = TOLERANCE


@dataclass(frozen=True, slots=True)
class StepGoal:
    """A metric of the catalogue at a step of a journey (None: the only one), over visits and answers afterwards."""

    name: str
    metric: str
    step: str
    journey: str | None = None
    within_us: int | None = None
    tolerance: float = TOLERANCE

    @property
    def direction(self) -> int:
        return metric_of(self.metric).direction


Goal = EventGoal | StepGoal


@dataclass(frozen=True, slots=True)
class ExperimentDefinition:
    """One experiment; moments are without a zone where the text names none, and mean the workspace's then."""

    id: str
    name: str
    variants: tuple[Variant, ...]
    goals: tuple[Goal, ...]
    guards: tuple[Goal, ...] = ()
    note: str = ""
    start: datetime | None = None
    end: datetime | None = None
    traffic: float = 1.0
    group: str = ""
    countries: tuple[str, ...] = ()
    segment: str = ""
    reading: Reading = "at the end"
    effect: float = EFFECT
    persons: int = PERSONS
    seen: str = ""

    @property
    def assigned_here(self) -> bool:
        """Plays hold people out themselves; what they did is only read out."""
        return not self.id.startswith("play/")

    @property
    def weights(self) -> dict[str, float]:
        return {variant.id: variant.weight for variant in self.variants}

    @property
    def frozen(self) -> tuple[Any, ...]:
        """What must not change once somebody may have been assigned."""
        who = (self.traffic, self.group, self.countries, self.segment)
        return (*who, self.weights, self.goals, self.guards, self.start, self.end, self.reading, self.persons)


@dataclass(frozen=True, slots=True)
class ExperimentStudy:
    """What a text says, if it says one thing, and all that is wrong with it."""

    definition: ExperimentDefinition | None
    troubles: tuple[Refused, ...]


def parse_experiment(text: str, file: str | None = None) -> ExperimentDefinition:
    """The experiment of a text; Refused with the place of the first trouble."""
    study = study_experiment(text, file)
    if study.definition is None:
        raise study.troubles[0]
    return study.definition


def study_experiment(text: str, file: str | None = None) -> ExperimentStudy:
    """Read a text and tell everything that is wrong with it."""
    try:
        reader, document = reader_of(text, file)
    except Refused as trouble:
        return ExperimentStudy(None, (trouble,))
    reader.only(document, (), ("experiment", "variant", "metric", "guard"))
    definition = _definition(reader, document)
    if reader.troubles:
        return ExperimentStudy(None, tuple(reader.troubles))
    return ExperimentStudy(definition, ())


def _definition(reader: Reader, document: Table) -> ExperimentDefinition:
    head, path = reader.table(document, (), "experiment"), ("experiment",)
    reader.only(head, path, HEAD)
    identity = reader.text(head, path, "id")
    if identity and not _ID.fullmatch(identity):
        reader.refuse((*path, "id"), f"“{identity}” is no id: letters, digits and -_.: without spaces, at most 100.")
    reading = reader.text(head, path, "reading", READINGS[0])
    if reading not in READINGS:
        reader.refuse((*path, "reading"), f"“reading” is {' or '.join(READINGS)}.")
    start, end = (reader.instant(head, path, key) for key in ("start", "end"))
    if start and end and _comparable(start) >= _comparable(end):
        reader.refuse((*path, "end"), "“end” is not after “start”.")
    if reading == "at the end" and end is None:
        reader.refuse((*path, "end"), '“end” is missing; say when it is read out, or write reading = "any time".')
    return ExperimentDefinition(
        identity,
        reader.text(head, path, "name", identity or None),
        _variants(reader, document),
        _goals(reader, document, "metric"),
        _goals(reader, document, "guard"),
        reader.text(head, path, "note", ""),
        start,
        end,
        _within(reader, head, path, ("traffic", 1.0, 1.0)),
        reader.text(head, path, "group", ""),
        _texts(reader, head, path, "country"),
        reader.text(head, path, "segment", ""),
        "any time" if reading == "any time" else "at the end",
        _within(reader, head, path, ("effect", EFFECT, 10.0)),
        int(_within(reader, head, path, ("persons", PERSONS, 10.0**9))),
        reader.text(head, path, "seen", ""),
    )


def _comparable(moment: datetime) -> datetime:
    return clock.written(moment, "UTC")


def _within(reader: Reader, table: Table, path: Path, asked: tuple[str, float, float]) -> float:
    """A number above 0 and up to a most, or the default."""
    key, default, most = asked
    number = reader.number(table, path, key)
    if number is not None and not 0 < number <= most:
        reader.refuse((*path, key), f"“{key}” is a number above 0, at most {most:g}.")
        return default
    return default if number is None else number


def _texts(reader: Reader, table: Table, path: Path, key: str) -> tuple[str, ...]:
    given = table.get(key, [])
    texts = given if isinstance(given, list) else [given]
    if not all(isinstance(one, str) and one for one in texts):
        reader.refuse((*path, key), f"“{key}” is a text in quotes, or a list of them.")
        return ()
    return tuple(texts)


def _variants(reader: Reader, document: Table) -> tuple[Variant, ...]:
    found: list[Variant] = []
    for place, table in enumerate(reader.tables(document, "variant")):
        path = ("variant", place)
        reader.only(table, path, ("id", "name", "weight"))
        identity = reader.text(table, path, "id")
        if identity and (not _VARIANT.fullmatch(identity) or identity in {one.id for one in found}):
            reader.refuse((*path, "id"), f"“{identity}” is no id of its own: letters, digits and -_.: without spaces.")
        name = reader.text(table, path, "name", identity or None)
        found.append(Variant(identity, name, _within(reader, table, path, ("weight", 1.0, 1e6))))
    if not 2 <= len(found) <= MOST_VARIANTS:
        reader.refuse(("variant",), "An experiment has at least two [[variant]]s; the first is the one compared with.")
    return tuple(found)


def _goals(reader: Reader, document: Table, key: str) -> tuple[Goal, ...]:
    tables = reader.tables(document, key)
    found = [_goal(reader, table, (key, place)) for place, table in enumerate(tables)]
    return tuple(one for one in found if one is not None)


def _goal(reader: Reader, table: Table, path: Path) -> Goal | None:
    reader.only(table, path, (*GOAL, "tolerance") if path[0] == "guard" else GOAL)
    kinds = [kind for kind in ("catalogue", *KINDS) if kind in table]
    if len(kinds) != 1:
        reader.refuse(path, f"A {path[0]} has exactly one of {', '.join(('catalogue', *KINDS))}.")
        return None
    within_us = microseconds(reader.text(table, path, "within")) if "within" in table else None
    if "within" in table and not within_us:
        reader.refuse((*path, "within"), "“within” is a span above 0, such as 7d.")
    tolerance = _within(reader, table, path, ("tolerance", TOLERANCE, 1.0))
    if kinds[0] == "catalogue":
        return _step_goal(reader, table, path, (within_us, tolerance))
    return _event_goal(reader, table, path, (within_us, tolerance))


def _step_goal(reader: Reader, table: Table, path: Path, limits: tuple[int | None, float]) -> StepGoal | None:
    for key in ("of", "per", "better"):
        if key in table:
            reader.refuse((*path, key), f"“{key}” goes with an event; a metric of the catalogue says it itself.")
    metric, step = reader.text(table, path, "catalogue"), reader.text(table, path, "step")
    try:
        metric_of(metric)
    except NousError as trouble:
        reader.refuse((*path, "catalogue"), trouble.sentence)
        return None
    journey = reader.text(table, path, "journey", "") or None
    return StepGoal(reader.text(table, path, "name", f"{metric} of {step}"), metric, step, journey, *limits)


def _event_goal(reader: Reader, table: Table, path: Path, limits: tuple[int | None, float]) -> EventGoal:
    kind = next(kind for kind in KINDS if kind in table)
    events, per = read_matchers(reader, table, path, kind), read_matchers(reader, table, path, "per")
    if (kind == "ratio") != bool(per):
        reader.refuse((*path, "per"), "A ratio needs “per”, the events it is divided by; nothing else has one.")
    amount = reader.text(table, path, "of", "revenue" if kind == "sum" else "")
    if (kind == "sum" and amount not in AMOUNTS) or (kind != "sum" and amount):
        reader.refuse((*path, "of"), f"A sum is “of” {', '.join(AMOUNTS)}; nothing else has one.")
    better = reader.text(table, path, "better", "higher")
    if better not in {"higher", "lower"}:
        reader.refuse((*path, "better"), "“better” is higher or lower.")
    name = reader.text(table, path, "name", " or ".join(name for one in events for name in one.events) or kind)
    return EventGoal(name, kind, events, per, amount, 1 if better == "higher" else -1, *limits)
