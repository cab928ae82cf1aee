"""How a stored table is described: pure names, types and meanings, turned into Arrow by `warehouse`."""

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "integer", "number", "flag", "bytes", "integers", "numbers", "texts"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `identifies` marks ids of people: they carry no statistics in the lake."""

    name: str
    type: ColumnType
    meaning: str
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One stored table; `version` rises when its columns change, `time` names the column of retention."""

    name: str
    version: int
    meaning: str
    columns: tuple[Column, ...]
    time: str | None = "ts_us"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)
