"""A fix as its TOML says: what was changed at which step, when it was chosen, when and where it shipped."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.journeys.catalogue import METRICS, metric_of
from nousnous.journeys.fields import Reader, Table, reader_of

PROVABLE: Final = ("completion", "failure_rate", "frustration_rate")
HEAD: Final = ("id", "name", "note", "journey", "step", "metric", "chosen", "shipped", "weeks", "country")
WEEKS, MOST_WEEKS = 6, 26
_ID = re.compile(r"\w[\w.:-]{0,99}")


@dataclass(frozen=True, slots=True)
class FixDefinition:
    """One fix; `countries` are those in which it shipped, none means everywhere. Its random half is `fix/<id>`."""

    id: str
    name: str
    journey: str
    step: str
    metric: str
    chosen: datetime
    shipped: datetime
    weeks: int = WEEKS
    countries: tuple[str, ...] = ()
    note: str = ""

    @property
    def experiment(self) -> str:
        return f"fix/{self.id}"

    @property
    def direction(self) -> int:
        return metric_of(self.metric).direction


@dataclass(frozen=True, slots=True)
class FixStudy:
    """What a text says, if it says one thing, and all that is wrong with it."""

    definition: FixDefinition | None
    troubles: tuple[Refused, ...]


def parse_fix(text: str, file: str | None = None) -> FixDefinition:
    """The fix of a text; Refused with the place of the first trouble."""
    study = study_fix(text, file)
    if study.definition is None:
        raise study.troubles[0]
    return study.definition


def study_fix(text: str, file: str | None = None) -> FixStudy:
    """Read a text and tell everything that is wrong with it."""
    try:
        reader, document = reader_of(text, file)
    except Refused as trouble:
        return FixStudy(None, (trouble,))
    reader.only(document, (), ("fix",))
    definition = _definition(reader, reader.table(document, (), "fix"))
    return FixStudy(definition if not reader.troubles else None, tuple(reader.troubles))


def _definition(reader: Reader, head: Table) -> FixDefinition | None:
    path = ("fix",)
    reader.only(head, path, HEAD)
    identity = reader.text(head, path, "id")
    if identity and not _ID.fullmatch(identity):
        reader.refuse((*path, "id"), f"“{identity}” is no id: letters, digits and -_.: without spaces, at most 100.")
    metric = reader.text(head, path, "metric")
    if metric and (metric not in PROVABLE or metric not in METRICS):
        reader.refuse((*path, "metric"), f"“{metric}” cannot be compared between steps; choose {', '.join(PROVABLE)}.")
    chosen, shipped = (reader.instant(head, path, key) for key in ("chosen", "shipped"))
    for key, moment in (("chosen", chosen), ("shipped", shipped)):
        if moment is None and key not in head:
            reader.refuse((*path, key), f"“{key}” is missing; write a day such as {key} = 2026-01-05.")
    if chosen and shipped and clock.written(chosen, "UTC") >= clock.written(shipped, "UTC"):
        reader.refuse((*path, "shipped"), "“shipped” is not after “chosen”: between both lies the baseline.")
    weeks = reader.number(head, path, "weeks")
    if weeks is not None and not (1 <= weeks <= MOST_WEEKS and weeks == int(weeks)):
        reader.refuse((*path, "weeks"), f"“weeks” is a whole number from 1 to {MOST_WEEKS}.")
    country = head.get("country", [])
    countries = country if isinstance(country, list) else [country]
    if not all(isinstance(one, str) and one for one in countries):
        reader.refuse((*path, "country"), "“country” is a text in quotes, or a list of them.")
    name, note = reader.text(head, path, "name", identity or None), reader.text(head, path, "note", "")
    journey, step = reader.text(head, path, "journey"), reader.text(head, path, "step")
    if reader.troubles or chosen is None or shipped is None:
        return None
    return FixDefinition(
        identity, name, journey, step, metric, chosen, shipped, int(weeks or WEEKS), tuple(countries), note
    )
