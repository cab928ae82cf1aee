"""What expressions of a mapping mean in SQL, and the view `typed` that they stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import duckdb

from nousnous.base.errors import Place
from nousnous.collector.imports.engine import checked_expression
from nousnous.collector.imports.numbers import number_sql
from nousnous.collector.imports.study import Expression, dates_of, type_columns
from nousnous.collector.imports.tables import FileTable, TableColumn
from nousnous.collector.imports.times import text_us, typed_us


class Clock(Protocol):
    """What a mapping says of times."""

    @property
    def timezone(self) -> str: ...
    @property
    def time_format(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Values:
    """SQL of what a mapping names: a column as it was written, or an expression over typed columns."""

    table: FileTable
    columns: Mapping[str, TableColumn]
    kinds: Mapping[str, str]

    def text(self, expression: str) -> str:
        if not expression:
            return "CAST(NULL AS VARCHAR)"
        column = self.columns.get(expression)
        return column.text if column else f"nullif(trim(CAST(TRY({expression}) AS VARCHAR)), '')"

    def number(self, expression: str) -> str:
        """As the file writes numbers where it is a column."""
        return number_sql(self.text(expression), self.table.decimal if expression in self.columns else "")

    def json(self, expression: str) -> str:
        column = self.columns.get(expression)
        return column.json if column else f"nullif(CAST(to_json(TRY({expression})) AS VARCHAR), 'null')"

    def native(self, expression: str) -> str:
        if not expression:
            return "CAST(NULL AS VARCHAR)"
        column = self.columns.get(expression)
        return column.native if column else f"TRY({expression})"

    def kind(self, expression: str) -> str:
        column = self.columns.get(expression)
        return column.kind if column else self.kinds.get(expression, "VARCHAR")

    def moment(self, connection: duckdb.DuckDBPyConnection, expression: str, shown: str, clock: Clock) -> str:
        """Microseconds of a time that stands under the name `shown`."""
        kind = self.kind(expression)
        if kind not in {"VARCHAR", "JSON"}:
            return typed_us(shown, kind, clock.timezone)
        slashed, exact = dates_of(connection, self.table, self.columns.get(expression), clock.time_format)
        return text_us(shown, clock.timezone, slashed, exact)


def values_of(connection: duckdb.DuckDBPyConnection, table: FileTable, places: Mapping[str, str], file: str) -> Values:
    """Expressions, each with the place in a mapping file where it stands, and `typed` with the columns they name."""
    named = {column.name.lower(): column for column in table.columns}
    columns = {text: named[plain] for text in places if (plain := plain_name(text)) in named}
    expressions = []
    for text, field in places.items():
        if text and text not in columns:
            place = Place(file or None, field=field)
            checked_expression(text, place)
            expressions.append(Expression(text, place))
    return Values(table, columns, type_columns(connection, table, expressions))


def plain_name(name: str) -> str:
    return name.strip().strip('"').lower()
