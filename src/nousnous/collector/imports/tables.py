"""A file as a table of the locked engine: every column as it was written.

The view `source` numbers the rows (`#row`) in the order of the file and holds each column under `#<position>`; `#fault`
says why a row is unreadable. The view `raw` adds what JSON documents hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import duckdb

from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.engine import first_line, identifier, literal
from nousnous.collector.imports.files import MOST_COLUMNS, ImportFile
from nousnous.collector.imports.limits import LONGEST_LINE, Shape, require_readable, shape_of

REJECTS = ", store_rejects = true, rejects_limit = 0"
IGNORED = ", ignore_errors = true"
BLANK = "is blank"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its name in expressions and as a property, its SQL as text, as JSON and as it is, its type."""

    name: str
    label: str
    text: str
    json: str
    native: str
    kind: str = "VARCHAR"


@dataclass(frozen=True, slots=True)
class FileTable:
    """The columns of a file whose view `raw` stands in the engine, and the decimal mark of its numbers."""

    file: ImportFile
    columns: tuple[TableColumn, ...]
    shape: Shape
    decimal: str = ""

    def column(self, name: str) -> TableColumn:
        """The column of that name, in whatever case it is written."""
        for column in self.columns:
            if column.name.lower() == name.strip().lower():
                return column
        names = ", ".join(column.name for column in self.columns)
        raise Refused(f"There is no column “{name}”; the columns are {names}.", Place(file=self.file.name))


def open_table(connection: duckdb.DuckDBPyConnection, file: ImportFile) -> FileTable:
    """Make the view `raw` of a file and name its columns."""
    try:
        _source(connection, file, IGNORED)
        table = FileTable(file, _columns(connection, file), shape_of(file))
        if file.form == "jsonl":
            table = replace(table, columns=_members(connection, file, '"#document"', 0, ()))
        table = _with_properties(connection, table)
        connection.execute(f"CREATE TEMP VIEW raw AS FROM {_newest_layer(connection)}")
    except duckdb.Error as error:
        raise Refused(f"The file cannot be read: {first_line(error)}.", Place(file=file.name)) from None
    return table


def store_rejects(connection: duckdb.DuckDBPyConnection, table: FileTable, *, wanted: bool) -> None:
    """Say whether reading notes in `reject_errors` what the reader itself cannot read."""
    if wanted:
        _source(connection, table.file, IGNORED)
        require_readable(connection, table.file, table.shape)
    _source(connection, table.file, REJECTS if wanted else IGNORED)


def position(at: int) -> str:
    return f'"#{at}"'


def without_blanks(value: str) -> str:
    return f"nullif(trim({value}), '')"


def _columns(connection: duckdb.DuckDBPyConnection, file: ImportFile) -> tuple[TableColumn, ...]:
    if file.form == "csv":
        return tuple(_text_column(at, name) for at, name in enumerate(file.header))
    if file.form == "jsonl":
        return ()
    relation = connection.sql(f"FROM read_parquet({literal(str(file.path))})")
    _require_few(len(relation.columns), file)
    kinds = [str(kind) for kind in relation.types]
    return tuple(_native(at, name, kinds[at]) for at, name in enumerate(relation.columns))


def _source(connection: duckdb.DuckDBPyConnection, file: ImportFile, rejects: str) -> None:
    makers = {"csv": _csv, "jsonl": _json_lines, "parquet": _parquet}
    query = makers[file.form](connection, file, rejects)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW source AS {query}")


def _csv(_: duckdb.DuckDBPyConnection, file: ImportFile, rejects: str) -> str:
    columns = ", ".join(f"'#{at}': 'VARCHAR'" for at in range(len(file.header)))
    blank = " AND ".join(f"{without_blanks(position(at))} IS NULL" for at in range(len(file.header)))
    return (
        f"FROM read_csv({_options(file, rejects)}, columns = {{{columns}}}, header = true, skip = {file.skip}, "
        f"delim = {literal(file.delimiter)}, quote = '\"', escape = '\"') "
        f'SELECT row_number() OVER () AS "#row", CASE WHEN {blank} THEN {literal(BLANK)} END AS "#fault", *'
    )


def _json_lines(_: duckdb.DuckDBPyConnection, file: ImportFile, rejects: str) -> str:
    """Each line is one text first, so that one line that is no JSON costs no other."""
    lines = (
        f"read_csv({_options(file, rejects)}, columns = {{'#line': 'VARCHAR'}}, header = false, delim = '\x01', "
        "quote = '', escape = '', strict_mode = false)"
    )
    return (
        f'FROM (FROM (FROM {lines} SELECT row_number() OVER () AS "#row", "#line") '
        """SELECT *, coalesce(TRY(json_type("#line")), '') = 'OBJECT' AS "#readable" WHERE trim("#line") <> '') """
        """SELECT "#row", "#line", CASE WHEN NOT "#readable" THEN 'is no JSON object' END AS "#fault", """
        'CASE WHEN "#readable" THEN "#line" END AS "#document"'
    )


def _parquet(connection: duckdb.DuckDBPyConnection, file: ImportFile, _: str) -> str:
    source = f"read_parquet({literal(str(file.path))})"
    names = connection.sql(f"FROM {source}").columns
    values = ", ".join(f"{identifier(name)} AS {position(at)}" for at, name in enumerate(names))
    return f'FROM {source} SELECT row_number() OVER () AS "#row", CAST(NULL AS VARCHAR) AS "#fault", {values}'


def _options(file: ImportFile, rejects: str) -> str:
    compression = "gzip" if file.gzipped else "none"
    return (
        f"{literal(str(file.path))}, auto_detect = false, compression = '{compression}', "
        f"max_line_size = {LONGEST_LINE}{rejects}"
    )


def _text_column(at: int, name: str) -> TableColumn:
    text = without_blanks(position(at))
    return TableColumn(name, name, text, f"to_json({text})", text)


def _native(at: int, name: str, kind: str) -> TableColumn:
    value = position(at)
    if kind in {"VARCHAR", "JSON"}:
        return _text_column(at, name)
    known = f"isfinite({value})" if kind in {"DOUBLE", "FLOAT"} else f"{value} IS NOT NULL"
    json = f"CAST(CASE WHEN {known} THEN to_json({value}) END AS VARCHAR)"
    return TableColumn(name, name, without_blanks(f"CAST({value} AS VARCHAR)"), json, value, kind)


def _with_properties(connection: duckdb.DuckDBPyConnection, table: FileTable) -> FileTable:
    """Where a column `properties` holds JSON objects, their members are columns, too."""
    found = [column for column in table.columns if column.name.lower() == "properties" and column.kind == "VARCHAR"]
    if not found:
        return table
    text, layer = found[0].text, _newest_layer(connection)
    only_objects = connection.sql(
        f"FROM {layer} SELECT bool_and(coalesce(TRY(json_type({text})), '') = 'OBJECT') WHERE {text} IS NOT NULL"
    ).fetchall()
    if not only_objects[0][0]:
        return table
    others = [column for column in table.columns if column is not found[0]]
    members = _members(connection, table.file, text, 1, [column.name for column in others])
    return replace(table, columns=(*others, *members))


def _members(
    connection: duckdb.DuckDBPyConnection, file: ImportFile, document: str, layer: int, taken: Iterable[str]
) -> tuple[TableColumn, ...]:
    """The members of the JSON objects in a column, each document parsed once; a name that is taken gets a number."""
    below = _newest_layer(connection)
    every = f"FROM {below} SELECT DISTINCT unnest(json_keys({document})) AS key LIMIT {MOST_COLUMNS + 1}"
    keys = connection.sql(f"FROM ({every}) ORDER BY key").fetchall()
    used = {name.lower() for name in taken}
    _require_few(len(keys), file)
    columns, pointers = [], []
    for (key,) in keys:
        name, copy = key, 2
        while name.lower() in used:
            name, copy = f"{key} {copy}", copy + 1
        used.add(name.lower())
        pointers.append(literal("/" + key.replace("~", "~0").replace("/", "~1")))
        text = without_blanks(f'"#texts{layer}"[{len(pointers)}]')
        json = f"""nullif(nullif(CAST("#jsons{layer}"[{len(pointers)}] AS VARCHAR), 'null'), '""')"""
        columns.append(TableColumn(name, key, text, json, text))
    wanted = f"CAST([{', '.join(pointers)}] AS VARCHAR[])"
    connection.execute(
        f"CREATE TEMP VIEW layer{layer} AS FROM {below} SELECT *, json_extract_string({document}, {wanted}) "
        f'AS "#texts{layer}", json_extract({document}, {wanted}) AS "#jsons{layer}"'
    )
    return tuple(columns)


def _require_few(columns: int, file: ImportFile) -> None:
    if columns > MOST_COLUMNS:
        raise Refused(f"The file names more than {MOST_COLUMNS:,} columns; import it in parts.", Place(file=file.name))


def _newest_layer(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.sql("FROM duckdb_views() SELECT view_name WHERE view_name LIKE 'layer%' ORDER BY 1").fetchall()
    return str(rows[-1][0]) if rows else "source"
