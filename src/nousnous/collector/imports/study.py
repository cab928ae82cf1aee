"""What the whole of a file says of its columns: the types that expressions may rely on, how its dates are written.

The view `typed` shows the columns under their own names, with a type only where every value of the whole file has it,
so that no result depends on the order of the lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.engine import first_line, identifier, literal, types_of
from nousnous.collector.imports.numbers import number_sql, number_test
from nousnous.collector.imports.tables import FileTable, TableColumn
from nousnous.collector.imports.times import DAY_FIRST, MONTH_FIRST, SLASHED

WHOLE = r"^-?(0|[1-9]\d{0,17})$"
DECIMAL = r"^[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][-+]?\d+)?$"
ORDERS = {"day-first": DAY_FIRST, "month-first": MONTH_FIRST}
MOMENT = r"^\d{4}-\d{1,2}-\d{1,2}"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression over the columns, and the place where it was written."""

    text: str
    place: Place


def type_columns(
    connection: duckdb.DuckDBPyConnection, table: FileTable, expressions: Iterable[Expression]
) -> dict[str, str]:
    """Make the view `typed`; answer the type of each expression. A column is text where its type would not do."""
    wanted = list(expressions)
    kinds = _kinds(connection, table, columns_named(table, wanted))
    _typed_view(connection, table, kinds)
    for expression in wanted:
        try:
            _type_of(connection, expression)
        except Refused:
            for column in columns_named(table, [expression]):
                kinds.pop(column.name, None)
            _typed_view(connection, table, kinds)
            _type_of(connection, expression)
    return {expression.text: _type_of(connection, expression) for expression in wanted}


def dates_of(
    connection: duckdb.DuckDBPyConnection, table: FileTable, column: TableColumn | None, time_format: str
) -> tuple[tuple[str, ...], str]:
    """The forms of dates with slashes in a column, and the one form that was asked for; either may be none."""
    if time_format and time_format not in ORDERS:
        return (), time_format
    if column is None:
        return (ORDERS[time_format] if time_format else ()), ""
    return _date_forms(connection, table, column.text, time_format), ""


def all_match(connection: duckdb.DuckDBPyConnection, columns: Iterable[TableColumn], condition: str) -> set[str]:
    """The columns of which every value fulfils a condition on `{}`."""
    chosen = list(columns)
    if not chosen:
        return set()
    tests = ", ".join(
        f"coalesce(bool_and({condition.format(one.text)}) FILTER (WHERE {one.text} IS NOT NULL), false)"
        for one in chosen
    )
    answers = connection.sql(f"FROM raw SELECT {tests}").fetchall()[0]
    return {column.name for column, answer in zip(chosen, answers, strict=True) if answer}


def columns_named(table: FileTable, expressions: Iterable[Expression]) -> list[TableColumn]:
    """The columns that expressions may mean: those whose names stand in them."""
    text = " ".join(expression.text for expression in expressions).lower()
    return [column for column in table.columns if column.name.lower() in text]


def _date_forms(connection: duckdb.DuckDBPyConnection, table: FileTable, text: str, said: str) -> tuple[str, ...]:
    """Whether dates with slashes have the day or the month first: as said, or as seen."""
    pattern = literal(SLASHED)
    found = connection.sql(
        f"FROM (FROM raw SELECT regexp_extract({text}, {pattern}, ['first', 'second', 'year']) AS parts "
        f"WHERE regexp_matches({text}, {pattern})) SELECT count(*), max(try_cast(parts.first AS INTEGER)), "
        "max(try_cast(parts.second AS INTEGER)), max(length(parts.year))"
    ).fetchall()
    count, first, second, digits = found[0]
    if not count:
        return ()
    if not said and first <= 12 and second <= 12:
        raise Refused(
            "Days and months cannot be told apart in the times; say which comes first, by --time-format day-first or "
            "month-first (in a mapping: [file] time_format).",
            Place(table.file.name),
        )
    forms = ORDERS[said] if said else DAY_FIRST if first > 12 else MONTH_FIRST
    return forms if digits == 4 else tuple(form.replace("%Y", "%y") for form in forms)


def _kinds(connection: duckdb.DuckDBPyConnection, table: FileTable, columns: Iterable[TableColumn]) -> dict[str, str]:
    texts = [column for column in columns if column.kind == "VARCHAR"]
    tests = {"BIGINT": _cast_test(WHOLE, "BIGINT"), "DOUBLE": _cast_test(DECIMAL, "DOUBLE")}
    if table.decimal == ",":
        tests["DOUBLE"] = number_test(table.decimal)
    tests["TIMESTAMP"] = _cast_test(MOMENT, "TIMESTAMP")
    kinds: dict[str, str] = {}
    for kind, condition in tests.items():
        left = [column for column in texts if column.name not in kinds]
        kinds |= dict.fromkeys(all_match(connection, left, condition), kind)
    return kinds


def _cast_test(pattern: str, kind: str) -> str:
    escaped = literal(pattern).replace("{", "{{").replace("}", "}}")
    return f"regexp_matches({{0}}, {escaped}) AND try_cast({{0}} AS {kind}) IS NOT NULL"


def _typed_view(connection: duckdb.DuckDBPyConnection, table: FileTable, kinds: Mapping[str, str]) -> None:
    visible = [f"{_typed(column, kinds, table.decimal)} AS {identifier(column.name)}" for column in table.columns]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW typed AS FROM raw SELECT *, {', '.join(visible)}")


def _typed(column: TableColumn, kinds: Mapping[str, str], decimal: str) -> str:
    if kinds.get(column.name) == "DOUBLE" and decimal == ",":
        return number_sql(column.text, decimal)
    if column.name in kinds:
        return f"try_cast({column.text} AS {kinds[column.name]})"
    return column.text if column.kind == "VARCHAR" else column.native


def _type_of(connection: duckdb.DuckDBPyConnection, expression: Expression) -> str:
    try:
        return types_of(connection, f"FROM typed SELECT TRY({expression.text})")[0]
    except duckdb.Error as error:
        sentence = f"“{expression.text}” cannot be computed: {first_line(error)}."
        raise Refused(sentence, expression.place) from None
