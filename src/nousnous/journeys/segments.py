"""Segments as their TOML says: named conditions on people, all or any of which hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from nousnous.base.errors import Refused
from nousnous.facts.journeys import SEGMENT_PROPERTIES, STAGES, Condition
from nousnous.journeys.fields import Reader, Table, as_text, reader_of
from nousnous.journeys.lines import Path
from nousnous.journeys.matching import microseconds, span_text

RFM: Final = ("recency", "frequency", "monetary")
COUNTS: Final = ("at_least", "at_most")
NAME_LETTERS = 120


@dataclass(frozen=True, slots=True)
class Trait:
    """What the newest identify event that has it says about the person."""

    name: str
    values: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{self.name} is {' or '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Property:
    """Some event of the person carries it."""

    name: str
    values: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{self.name} was {' or '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Did:
    """How often the person did something, ever or in a span that ends with the newest event that is kept."""

    events: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    at_least: int | None = 1
    at_most: int | None = None
    within_us: int | None = None

    @property
    def words(self) -> str:
        name = " or ".join(self.events)
        where = "".join(f" with {one.property} {' or '.join(one.values)}" for one in self.where)
        last = f" in the last {span_text(self.within_us)}" if self.within_us else ""
        if self.at_most == 0:
            return f"did not do {name}{where}{last}"
        bounds = {"at least": self.at_least, "at most": self.at_most}
        times = " and ".join(f"{word} {number}" for word, number in bounds.items() if number)
        return f"did {name}{where}{last}" if times == "at least 1" else f"did {name}{where} {times} times{last}"


@dataclass(frozen=True, slots=True)
class Reached:
    """A visit of a step, or of any step of a stage; without a journey the only one there is."""

    step: str | None = None
    stage: str | None = None
    journey: str | None = None

    @property
    def words(self) -> str:
        of = f" of {self.journey}" if self.journey else ""
        return f"reached the step {self.step}{of}" if self.step else f"reached the stage {self.stage}{of}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A quintile among those who bought: 1 to 5, 5 is best."""

    name: str
    at_least: int
    at_most: int

    @property
    def words(self) -> str:
        return f"{self.name} from {self.at_least} to {self.at_most} of 5"


Demand = Trait | Property | Did | Reached | Ranked


@dataclass(frozen=True, slots=True)
class SegmentDefinition:
    """People for whom all (or any) of some demands hold."""

    name: str
    demands: tuple[Demand, ...]
    any_suffices: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        return (" or " if self.any_suffices else " and ").join(demand.words for demand in self.demands)


@dataclass(frozen=True, slots=True)
class SegmentStudy:
    """What a text says, if it says one thing, and all that is wrong with it."""

    definition: SegmentDefinition | None
    troubles: tuple[Refused, ...]


def parse_segment(text: str, file: str | None = None) -> SegmentDefinition:
    """The segment of a text; Refused with the place of the first trouble."""
    study = study_segment(text, file)
    if study.definition is None:
        raise study.troubles[0]
    return study.definition


def study_segment(text: str, file: str | None = None) -> SegmentStudy:
    """Read a text and tell everything that is wrong with it."""
    try:
        reader, document = reader_of(text, file)
    except Refused as trouble:
        return SegmentStudy(None, (trouble,))
    reader.only(document, (), ("segment", "condition"))
    head, path = reader.table(document, (), "segment"), ("segment",)
    reader.only(head, path, ("name", "match", "note"))
    name = reader.text(head, path, "name")
    if "=" in name or "/" in name:
        reader.refuse((*path, "name"), "A name has neither = nor /; country=DE means a property.")
    if len(name) > NAME_LETTERS:
        reader.refuse((*path, "name"), f"A name has at most {NAME_LETTERS} letters.")
    match = reader.text(head, path, "match", "all")
    if match not in {"all", "any"}:
        reader.refuse((*path, "match"), "“match” is all or any.")
    tables = reader.tables(document, "condition")
    if not tables:
        reader.refuse(("condition",), "A segment has at least one [[condition]].")
    demands = [_demand(reader, table, ("condition", place)) for place, table in enumerate(tables)]
    if reader.troubles:
        return SegmentStudy(None, tuple(reader.troubles))
    kept = tuple(demand for demand in demands if demand is not None)
    return SegmentStudy(SegmentDefinition(name, kept, match == "any", reader.text(head, path, "note", "")), ())


def _demand(reader: Reader, table: Table, path: Path) -> Demand | None:
    kinds: dict[str, Callable[[Reader, Table, Path], Demand | None]] = {
        "trait": _trait,
        "property": _property,
        "event": _did,
        "step": _reached,
        "stage": _reached,
        "rfm": _ranked,
    }
    named = [kind for kind in kinds if kind in table]
    if len(named) != 1:
        reader.refuse(path, f"A condition names exactly one of {', '.join(kinds)}.")
        return None
    return kinds[named[0]](reader, table, path)


def _values(reader: Reader, table: Table, path: Path) -> tuple[str, ...]:
    given: Any = table.get("is")
    texts = [as_text(one) for one in (given if isinstance(given, list) else [given])]
    if not texts or None in texts:
        reader.refuse((*path, "is"), "“is” is a text, a number, true or false, or a list of them.")
    return tuple(text for text in texts if text is not None)


def _trait(reader: Reader, table: Table, path: Path) -> Trait:
    reader.only(table, path, ("trait", "is"))
    return Trait(reader.text(table, path, "trait"), _values(reader, table, path))


def _property(reader: Reader, table: Table, path: Path) -> Property:
    reader.only(table, path, ("property", "is"))
    name = reader.text(table, path, "property")
    if name and name not in SEGMENT_PROPERTIES:
        reader.refuse((*path, "property"), f"“{name}” is not kept by segment; choose {', '.join(SEGMENT_PROPERTIES)}.")
    return Property(name, _values(reader, table, path))


def _did(reader: Reader, table: Table, path: Path) -> Did:
    reader.only(table, path, ("event", "where", "did", "within", *COUNTS))
    given = table["event"]
    names = given if isinstance(given, list) else [given]
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        reader.refuse((*path, "event"), "“event” is a name in quotes, or a list of names.")
        names = []
    at_least, at_most = (_count(reader, table, path, key) for key in COUNTS)
    if "did" in table and (at_least is not None or at_most is not None):
        reader.refuse((*path, "did"), "Say either “did” or a count.")
    if "did" in table and not reader.flag(table, path, "did"):
        at_most = 0
    if at_least is not None and at_most is not None and at_least > at_most:
        reader.refuse((*path, "at_most"), "“at_most” is below “at_least”.")
    where = reader.table(table, path, "where")
    conditions = tuple(Condition(key, _values(reader, {"is": value}, path)) for key, value in where.items())
    default = 1 if at_most is None else None
    return Did(tuple(names), conditions, at_least or default, at_most, _span(reader, table, path))


def _count(reader: Reader, table: Table, path: Path, key: str) -> int | None:
    number = reader.number(table, path, key)
    if number is not None and (number < 0 or number != int(number)):
        reader.refuse((*path, key), f"“{key}” is a whole number from 0 up.")
        return None
    return None if number is None else int(number)


def _span(reader: Reader, table: Table, path: Path) -> int | None:
    if "within" not in table:
        return None
    span_us = microseconds(reader.text(table, path, "within"))
    if not span_us:
        reader.refuse((*path, "within"), "“within” is a span above 0, such as 30d.")
    return span_us


def _reached(reader: Reader, table: Table, path: Path) -> Reached:
    key = "step" if "step" in table else "stage"
    reader.only(table, path, (key, "journey"))
    name = reader.text(table, path, key)
    if key == "stage" and name not in STAGES:
        reader.refuse((*path, "stage"), f"There is no stage “{name}”; stages are {', '.join(STAGES)}.")
    journey = reader.text(table, path, "journey", "") or None
    return Reached(name, None, journey) if key == "step" else Reached(None, name, journey)


def _ranked(reader: Reader, table: Table, path: Path) -> Ranked:
    reader.only(table, path, ("rfm", *COUNTS))
    name = reader.text(table, path, "rfm")
    if name not in RFM:
        reader.refuse((*path, "rfm"), f"“{name}” is none of {', '.join(RFM)}.")
    low, high = (_count(reader, table, path, key) for key in COUNTS)
    low, high = 1 if low is None else low, 5 if high is None else high
    if not 1 <= low <= high <= 5:
        reader.refuse(path, "Quintiles go from 1 to 5, 5 is best.")
    return Ranked(name, low, high)
