"""Numbers as files write them: with a decimal comma or point, decided once for all number columns of a file.

`1,5` and `1.234,56` can mean one thing; `1.234` and `1,234` can mean two, a thousand apart.
"""

from collections.abc import Iterable

import duckdb

from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.engine import literal
from nousnous.collector.imports.mapping import DECIMAL_MARKS
from nousnous.collector.imports.tables import FileTable

MIXED = "mixed"
SIGN, POWER = "[-+]?", r"([eE][-+]?\d+)?"
BETWEEN_THOUSANDS = r"[ \x{00A0}\x{202F}'’]"


def decimal_of(connection: duckdb.DuckDBPyConnection, table: FileTable, texts: Iterable[str], said: str) -> str:
    """The decimal mark of number columns: what was said, else what their values show; refused where they cannot."""
    columns = list(dict.fromkeys(texts))
    if table.file.form != "csv" or said or not columns:
        return said
    tests = (_certain(","), _certain("."), _either(","), _either("."))
    examples = ", ".join(f"min(text) FILTER (WHERE regexp_full_match(text, {literal(test)}))" for test in tests)
    values = " UNION ALL ".join(f"FROM raw SELECT {_joined(text)} AS text" for text in columns)
    comma, point, *either = connection.sql(f"FROM ({values}) SELECT {examples}").fetchall()[0]
    if comma and point:
        return MIXED
    doubtful = either[0] or (either[1] if table.file.delimiter == ";" else None)
    if doubtful and not comma and not point:
        raise Refused(
            f"Decimals and thousands cannot be told apart in numbers such as {doubtful}; "
            "say which mark comes before decimals, by --decimal , or --decimal . (in a mapping: [file] decimal).",
            Place(table.file.name),
        )
    return "," if comma else "."


def number_sql(text: str, decimal: str) -> str:
    """A text as a number; null where it is none, or could be two."""
    joined = _joined(text)
    comma = f"try_cast(replace(replace({joined}, '.', ''), ',', '.') AS DOUBLE)"
    point = f"try_cast(replace({joined}, ',', '') AS DOUBLE)"
    if decimal == MIXED:
        return (
            f"CASE WHEN {_matches(joined, _certain(','))} THEN {comma} "
            f"WHEN {_matches(joined, _certain('.'))} OR {_matches(joined, SIGN + '[0-9]+')} THEN {point} END"
        )
    if decimal:
        read = comma if decimal == "," else point
        return f"CASE WHEN {_matches(joined, _written(decimal))} THEN {read} END"
    return f"try_cast({text} AS DOUBLE)"


def number_test(decimal: str = "") -> str:
    """The condition on `{}` that it is a number, with that decimal mark, or with either."""
    marks = [decimal] if decimal in DECIMAL_MARKS else DECIMAL_MARKS
    written = "|".join(f"({_written(mark)})" for mark in marks)
    return _matches(_joined("{}"), written).replace("{", "{{").replace("}", "}}").replace("{{}}", "{}")


def _joined(text: str) -> str:
    return f"regexp_replace({text}, {literal(BETWEEN_THOUSANDS)}, '', 'g')"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"


def _written(mark: str) -> str:
    """Any number with that decimal mark."""
    decimal, group = _escaped(mark)
    return rf"{SIGN}(\d{{1,3}}({group}\d{{3}})+({decimal}\d*)?|\d+({decimal}\d*)?|{decimal}\d+){POWER}"


def _certain(mark: str) -> str:
    """A number that has that decimal mark, and could not have the other."""
    decimal, group = _escaped(mark)
    return (
        rf"{SIGN}(\d*{decimal}(\d{{1,2}}|\d{{4,}})|0?{decimal}\d+|\d{{4,}}{decimal}\d+|\d*{decimal}\d+[eE][-+]?\d+"
        rf"|\d{{1,3}}({group}\d{{3}})+{decimal}\d+|\d{{1,3}}({group}\d{{3}}){{2,}})"
    )


def _either(mark: str) -> str:
    return rf"{SIGN}[1-9]\d{{0,2}}{_escaped(mark)[0]}\d{{3}}"


def _escaped(mark: str) -> tuple[str, str]:
    return (",", r"\.") if mark == "," else (r"\.", ",")
