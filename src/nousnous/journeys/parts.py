"""Which part of the answers and visits is meant: a segment, and the property that splits it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ibis

from nousnous.base.errors import Place, Refused
from nousnous.facts.journeys import SEGMENT_PROPERTIES

UNKNOWN = "unknown"
# The column that a report about a segment is split by.
PART = "part"
INSIDE, OUTSIDE = "inside", "\uffff"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the visits a report is about, and the property that splits it.

    `segment` is a property's value (country=DE), or the name of a saved segment whose `members` are a table of persons.
    """

    by: str | None = None
    segment: str | None = None
    members: Any = None

    @property
    def split(self) -> str | None:
        """What visits are told apart by."""
        return PART if self.segment is not None else self.by

    def marked(self, table: Any) -> Any:
        """The table with a column that says in which part of the report each row belongs, where it is about one."""
        if self.segment is None:
            return table
        if self.members is not None:
            members = self.members.select("person_key").distinct().mutate(belongs=True)
            joined = table.left_join(members, "person_key")
            table = joined.mutate(belongs=joined.belongs.fill_null(False))  # noqa: FBT003  # Ibis takes it so
            table = table.drop(*[name for name in table.columns if name.endswith("_right")])
        else:
            name, value = property_and_value(self.segment)
            table = table.mutate(belongs=property_text(table, str(name)) == value)
        inside = ibis.literal(INSIDE) if self.by is None else property_text(table, self.by)
        return table.mutate(**{PART: ibis.ifelse(table.belongs, inside, OUTSIDE)}).drop("belongs")

    @staticmethod
    def values(segments: Iterable[str]) -> list[str]:
        """The values of the splitting property that lie inside."""
        return [value for value in sorted(segments) if value != OUTSIDE]


def with_property(table: Any, name: str | None) -> Any:
    """The table with `segment`: a property as text, or nothing to tell apart."""
    if name is None:
        return table.mutate(segment=ibis.literal(""))
    return table.mutate(segment=property_text(table, name))


def property_text(table: Any, name: str) -> Any:
    """A property as text; unknown where it is missing or where rows of this kind have none."""
    if name not in {*SEGMENT_PROPERTIES, PART}:
        refuse_split(name)
    return ibis.coalesce(table[name], UNKNOWN) if name in table.columns else ibis.literal(UNKNOWN)


def refuse_split(name: str) -> None:
    """Say by what reports can be split."""
    known = ", ".join(SEGMENT_PROPERTIES)
    raise Refused(f"Reports cannot be split by “{name}”; choose one of {known}.", Place(field="by"))


def property_and_value(segment: str | None) -> tuple[str | None, str]:
    """country=DE as its two halves."""
    if not segment:
        return None, ""
    name, equals, value = segment.partition("=")
    if not equals or not name or not value:
        raise Refused(f"“{segment}” is no segment; write country=DE.", Place(field="segment"))
    return name, value
