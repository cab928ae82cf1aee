"""The engine in which files are read and mapped: a DuckDB that reaches one file and nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from nousnous.base.errors import Place, Refused
from nousnous.runs.scratch import scratch_folder


@contextmanager
def locked_engine(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may read one file; its settings cannot be changed any more, nor Python's variables seen."""
    with scratch_folder() as spill:
        connection = duckdb.connect(config={"python_enable_replacements": False})
        try:
            for statement in (
                "SET TimeZone = 'UTC'",
                "SET enable_progress_bar = false",
                "SET memory_limit = '1GB'",
                "SET autoinstall_known_extensions = false",
                "SET autoload_known_extensions = false",
                f"SET temp_directory = {literal(str(spill))}",
                f"SET allowed_paths = [{literal(str(path))}]",
                "SET enable_external_access = false",
                "SET lock_configuration = true",
            ):
                connection.execute(statement)
            yield connection
        finally:
            connection.close()


def literal(text: str) -> str:
    """A text as an SQL literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier.

    >>> identifier('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def checked_expression(text: str, place: Place) -> str:
    """One SQL expression, as the parser reads it; refused when it is none, or more than one."""
    try:
        parsed = str(duckdb.SQLExpression(text))
    except duckdb.Error as error:
        raise Refused(f"“{text}” is no expression: {first_line(error)}.", place) from None
    if parsed.strip() == "*" or re.match(r"(?i)(\*|columns\()", parsed.strip()):
        raise Refused(f"“{text}” names many columns; name one.", place)
    return parsed


def first_line(error: Exception) -> str:
    """What went wrong, in one line and without the engine's advice."""
    return str(error).splitlines()[0].rstrip(".!")


def types_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """The types of the columns that a query answers; nothing is read."""
    relation: Any = connection.sql(query)
    return [str(kind) for kind in relation.types]
