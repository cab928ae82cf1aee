"""Cutting a report down to a segment, and splitting it by a property."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import ibis

from nousnous.capabilities.gaps.actions.reading import PART, Sources, property_and_value, property_text
from nousnous.capabilities.gaps.measures.assembly import Case, of_part

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

    def divide(self, sources: Sources) -> Sources:
        """The sources with a column that says in which part of the report each visit and answer belongs."""
        if self.segment is None:
            return sources
        return replace(sources, visits=self._marked(sources.visits), scores=self._marked(sources.scores))

    def cut(self, case: Case) -> Case:
        """The case of what is inside the segment."""
        return case if self.segment is None else of_part(case, self._values(case), self.segment)

    def rows(self, case: Case) -> Iterator[tuple[str, Case]]:
        """The case of each value of the splitting property."""
        for value in self._values(case) if self.by is not None else []:
            yield value, of_part(case, [value], f"{self.by}={value}")

    def _values(self, case: Case) -> list[str]:
        return [value for value in sorted(case.evidence.segments) if value != OUTSIDE]

    def _marked(self, table: Any) -> Any:
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
