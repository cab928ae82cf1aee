"""What the whole of a file says of its columns: the types that expressions may rely on, how its dates are written.

The view `typed` shows the columns under their own names, with a type only where every value of the whole file has it,
so that no result depends on the order of the lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.engine import first_line, identifier, literal, types_of
from nousnous.collector.imports.tables import FileTable, TableColumn
from nousnous.collector.imports.times import DAY_FIRST, MONTH_FIRST, SLASHED

WHOLE = r"^-?(0|[1-9]\d{0,17})$"
DECIMAL = r"^[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][-+]?\d+)?$"
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
    kinds = _kinds(connection, _named_in(table, wanted))
    _typed_view(connection, table, kinds)
    for expression in wanted:
        try:
            _type_of(connection, expression)
        except Refused:
            for column in _named_in(table, [expression]):
                kinds.pop(column.name, None)
            _typed_view(connection, table, kinds)
            _type_of(connection, expression)
    return {expression.text: _type_of(connection, expression) for expression in wanted}


def date_forms(connection: duckdb.DuckDBPyConnection, table: FileTable, text: str) -> tuple[str, ...]:
    """How dates with slashes are written in a column: with the day or with the month first."""
    pattern = literal(SLASHED)
    found = connection.sql(
        f"FROM (FROM raw SELECT regexp_extract({text}, {pattern}, ['first', 'second', 'year']) AS parts "
        f"WHERE regexp_matches({text}, {pattern})) SELECT count(*), max(try_cast(parts.first AS INTEGER)), "
        "max(try_cast(parts.second AS INTEGER)), max(length(parts.year))"
    ).fetchall()
    count, first, second, digits = found[0]
    if not count:
        return ()
    if first <= 12 and second <= 12:
        sentence = "Days and months cannot be told apart in the times"
        raise Refused(
            f"{sentence}; say how they are written by --time-format '%d/%m/%Y %H:%M'.", Place(table.file.name)
        )
    forms = DAY_FIRST if first > 12 else MONTH_FIRST
    return forms if digits == 4 else tuple(form.replace("%Y", "%y") for form in forms)


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


def number_test() -> str:
    return "regexp_matches({}, " + literal(DECIMAL).replace("{", "{{").replace("}", "}}") + ")"


def _named_in(table: FileTable, expressions: Iterable[Expression]) -> list[TableColumn]:
    text = " ".join(expression.text for expression in expressions).lower()
    return [column for column in table.columns if column.name.lower() in text]


def _kinds(connection: duckdb.DuckDBPyConnection, columns: Iterable[TableColumn]) -> dict[str, str]:
    texts = [column for column in columns if column.kind == "VARCHAR"]
    tests = {"BIGINT": WHOLE, "DOUBLE": DECIMAL, "TIMESTAMP": MOMENT}
    kinds: dict[str, str] = {}
    for kind, pattern in tests.items():
        escaped = literal(pattern).replace("{", "{{").replace("}", "}}")
        condition = f"regexp_matches({{0}}, {escaped}) AND try_cast({{0}} AS {kind}) IS NOT NULL"
        left = [column for column in texts if column.name not in kinds]
        kinds |= dict.fromkeys(all_match(connection, left, condition), kind)
    return kinds


def _typed_view(connection: duckdb.DuckDBPyConnection, table: FileTable, kinds: Mapping[str, str]) -> None:
    visible = [f"{_typed(column, kinds)} AS {identifier(column.name)}" for column in table.columns]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW typed AS FROM raw SELECT *, {', '.join(visible)}")


def _typed(column: TableColumn, kinds: Mapping[str, str]) -> str:
    if column.name in kinds:
        return f"try_cast({column.text} AS {kinds[column.name]})"
    return column.text if column.kind == "VARCHAR" else column.native


def _type_of(connection: duckdb.DuckDBPyConnection, expression: Expression) -> str:
    try:
        return types_of(connection, f"FROM typed SELECT TRY({expression.text})")[0]
    except duckdb.Error as error:
        sentence = f"“{expression.text}” cannot be computed: {first_line(error)}."
        raise Refused(sentence, expression.place) from None
