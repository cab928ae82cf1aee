"""A file's rows as events, as one query of the locked engine."""

import json
from collections.abc import Mapping
from dataclasses import replace

import duckdb

from nousnous.base.clock import DAY_US
from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.engine import checked_expression, literal
from nousnous.collector.imports.mapping import (
    NUMBERS,
    PROMOTED_NAMES,
    EventMapping,
    Source,
    guessed_fields,
)
from nousnous.collector.imports.numbers import decimal_of, number_sql, number_test
from nousnous.collector.imports.study import Expression, all_match, columns_named, dates_of, type_columns
from nousnous.collector.imports.tables import FileTable, TableColumn
from nousnous.collector.imports.times import text_us, typed_us
from nousnous.facts.events import ASSIGNED, EXPERIMENT_ID, EXPOSURE, VARIATION_ID

MEANINGS = {"event": "what happened", "timestamp": "when it happened"}
TYPES = ("track", "page", "screen", "identify", "group", "alias")
OWN_EXPORT = {"message_id", "type", "event", "ts_us", "received_us", "user_id", "anonymous_id", "person_id"}
TEXTS = ("message_id", "type", "event", "user_id", "anonymous_id", *PROMOTED_NAMES)
CONTENT = ("type", "event", "ts_us", "user_id", "anonymous_id", *PROMOTED_NAMES)
ROWS = (
    "message_id", "type", "event", "raw_event", "ts_us", "user_id", "anonymous_id",
    *PROMOTED_NAMES, *(column.name for column in ASSIGNED), "properties",
)  # fmt: skip


def prepare_events(
    connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: EventMapping, received_us: int
) -> EventMapping:
    """Make `judged` of a file's events; answers the mapping with every guess made."""
    resolved = resolve(connection, table, mapping)
    decimal = decimal_of(connection, table, _number_texts(connection, table, resolved), mapping.decimal)
    map_events(connection, replace(table, decimal=decimal), resolved, received_us)
    return replace(resolved, decimal=decimal)


def resolve(connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: EventMapping) -> EventMapping:
    """The mapping with every guess made and every column found; refused where event or time would be missing."""
    fields = {name: _resolved(table, mapping, name, source) for name, source in mapping.fields.items()}
    properties = {name: _resolved(table, mapping, name, source) for name, source in mapping.properties.items()}
    direct = {source.text for source in (*fields.values(), *properties.values()) if source.kind == "column"}
    free = [column for column in table.columns if column.name not in direct]
    guessed = guessed_fields([column.name for column in free], fields)
    guessed = _plausible(connection, table, guessed)
    fields |= {name: Source("column", column) for name, column in guessed.items()}
    _require(table, fields, "event", ("event",))
    _require(table, fields, "timestamp", ("timestamp", "ts_us"))
    return replace(mapping, fields=fields, properties=properties)


def map_events(
    connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: EventMapping, received_us: int
) -> None:
    """Make the view `judged`: a row of events each, `#content` where it has no id, `#why` it cannot be kept."""
    sources = {**mapping.fields, **mapping.properties}
    kinds = type_columns(connection, table, _expressions(mapping, sources))
    values = {name: _text(table, source) for name, source in mapping.fields.items()}
    texts = ", ".join(f'{values.get(name, "NULL")} AS "{name}"' for name in TEXTS)
    members = _properties(table, mapping)
    properties = f"nullif({json_object(members)}, '{{}}')"
    rest = f"hash({', '.join(_cheaply(table, members)) or 'NULL'})"
    moment = _moment(mapping, table)
    connection.execute(
        f'CREATE OR REPLACE TEMP VIEW valued AS FROM typed SELECT "#row", "#fault", {moment} AS "#time", '
        f'{texts}, {properties} AS "properties", {rest} AS "#rest", {raw_row(table)} AS "#raw"'
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW mapped AS {_mapped(connection, table, mapping, kinds)}")
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW judged AS FROM mapped SELECT *, event AS raw_event, {_assigned()}, "
        f'{_why(received_us)} AS "#why", CASE WHEN message_id IS NULL THEN {_content()} END AS "#content", '
        f'CASE WHEN message_id IS NULL THEN hash({", ".join(CONTENT)}, "#rest") END AS "#equals"'
    )


def person_id(text: str) -> str:
    """An id without the `.0` that spreadsheets and data frames append to whole numbers."""
    return (
        f"CASE WHEN ends_with({text}, '.0') AND regexp_full_match({text}, '\\d+\\.0') THEN {text}[:-3] ELSE {text} END"
    )


def raw_row(table: FileTable) -> str:
    """The row as it was written, for the reject file."""
    if table.file.form == "jsonl":
        return '"#line"'
    return json_object({column.name: column.json for column in table.columns})


def json_object(members: Mapping[str, str]) -> str:
    """A JSON object of SQL values that are JSON, members by name; what is null is left out."""
    if not members:
        return "'{}'"
    names = {name: literal(json.dumps(name, ensure_ascii=False) + ":") for name in sorted(members)}
    parts = [f"{written} || {members[name]}" for name, written in names.items()]
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"


def source_column(table: FileTable, source: Source) -> TableColumn | None:
    return table.column(source.text) if source.kind == "column" else None


def _resolved(table: FileTable, mapping: EventMapping, name: str, source: Source) -> Source:
    """A column by its own spelling; an expression that is only a column's name is that column."""
    if source.kind == "column":
        return Source("column", table.column(source.text).name)
    if source.kind != "expression":
        return source
    plain = source.text.strip().strip('"').lower()
    for column in table.columns:
        if column.name.lower() == plain:
            return Source("column", column.name)
    return Source("expression", checked_expression(source.text, Place(mapping.name or None, field=name)))


def _plausible(connection: duckdb.DuckDBPyConnection, table: FileTable, guessed: dict[str, str]) -> dict[str, str]:
    """Without the guesses that the values contradict: a total that is no number, a type that is none of ours."""
    numbers = [table.column(guessed[name]) for name in NUMBERS if name in guessed]
    typed = [table.column(guessed["type"])] if "type" in guessed else []
    condition = "lower({}) IN (" + ", ".join(literal(one) for one in TYPES) + ")"
    fitting = all_match(connection, numbers, number_test()) | all_match(connection, typed, condition)
    doubtful = {*NUMBERS, "type"}
    return {name: column for name, column in guessed.items() if name not in doubtful or column in fitting}


def _number_texts(connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: EventMapping) -> list[str]:
    """The columns that say how the file writes numbers: those of number fields, or named in their expressions."""
    sources = [mapping.fields[name] for name in NUMBERS if name in mapping.fields]
    direct = [column for source in sources if (column := source_column(table, source))]
    written = [Expression(source.text, Place()) for source in sources if source.kind == "expression"]
    named = columns_named(table, written)
    numeric = all_match(connection, named, number_test())
    return [column.text for column in (*direct, *(one for one in named if one.name in numeric))]


def _number(table: FileTable, mapping: EventMapping, name: str) -> str:
    column = source_column(table, mapping.fields.get(name, Source("nothing")))
    return number_sql(f'"{name}"', table.decimal if column else "")


def _require(table: FileTable, fields: Mapping[str, Source], name: str, any_of: tuple[str, ...]) -> None:
    if not any(one in fields and fields[one].kind != "nothing" for one in any_of):
        columns = ", ".join(column.name for column in table.columns)
        sentence = (
            f"No column is obviously {MEANINGS[name]}; say which it is (on the page below, or `--map {name}=COLUMN`). "
            f"The columns are {columns}. Answers of a survey are another kind of file (`nous import survey`)."
        )
        raise Refused(sentence, Place(table.file.name, field=name))


def _expressions(mapping: EventMapping, sources: Mapping[str, Source]) -> list[Expression]:
    return [
        Expression(source.text, Place(mapping.name or None, field=name))
        for name, source in sources.items()
        if source.kind == "expression"
    ]


def _text(table: FileTable, source: Source) -> str:
    if source.kind == "nothing":
        return "NULL"
    if source.kind == "constant":
        return literal(source.text)
    column = source_column(table, source)
    return column.text if column else f"nullif(trim(CAST(TRY({source.text}) AS VARCHAR)), '')"


def _json(table: FileTable, source: Source) -> str:
    if source.kind == "column":
        return table.column(source.text).json
    if source.kind == "constant":
        return f"to_json({literal(source.text)})"
    return f"nullif(CAST(to_json(TRY({source.text})) AS VARCHAR), 'null')"


def _properties(table: FileTable, mapping: EventMapping) -> dict[str, str]:
    """Every column that is no field under its own name, and the properties that were asked for."""
    used = {
        source.text for source in (*mapping.fields.values(), *mapping.properties.values()) if source.kind == "column"
    }
    kept = None if mapping.keep is None else {name.lower() for name in mapping.keep}
    members: dict[str, str] = {}
    own_export = {column.name for column in table.columns} >= OWN_EXPORT
    for column in table.columns:
        if column.name in used or (kept is not None and column.name.lower() not in kept):
            continue
        if own_export and column.name in OWN_EXPORT:
            continue
        members[column.label if column.label not in members else column.name] = column.json
    asked = {name: source for name, source in mapping.properties.items() if source.kind != "nothing"}
    members |= {name: _json(table, source) for name, source in asked.items()}
    return members


def _cheaply(table: FileTable, members: Mapping[str, str]) -> list[str]:
    """Values that are equal where and only where the members are; the columns of a CSV need not become JSON for it."""
    texts = {column.json: column.text for column in table.columns} if table.file.form == "csv" else {}
    return [texts.get(json, json) for _, json in sorted(members.items())]


def _moment(mapping: EventMapping, table: FileTable) -> str:
    source = mapping.fields.get("ts_us") or mapping.fields["timestamp"]
    if source.kind == "expression":
        return f"TRY({source.text})"
    column = source_column(table, source)
    return column.native if column else literal(source.text)


def _mapped(
    connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: EventMapping, kinds: Mapping[str, str]
) -> str:
    ts_us = 'try_cast("#time" AS BIGINT)'
    if "ts_us" not in mapping.fields:
        source = mapping.fields["timestamp"]
        ts_us = moment_us(connection, table, source, kinds, mapping)
    read = {name: _number(table, mapping, name) for name in NUMBERS}
    numbers = ", ".join(f'{number} AS "{name}"' for name, number in read.items())
    unread = ", ".join(f"""CASE WHEN "{name}" IS NOT NULL AND {number} IS NULL THEN '{name}' END"""
                       for name, number in read.items())  # fmt: skip
    return (
        f"FROM valued SELECT * REPLACE ({numbers}, lower(coalesce(type, 'track')) AS type, "
        f"{person_id('user_id')} AS user_id, {person_id('anonymous_id')} AS anonymous_id), "
        f'{ts_us} AS ts_us, coalesce({unread}) AS "#number"'
    )


def moment_us(
    connection: duckdb.DuckDBPyConnection,
    table: FileTable,
    source: Source,
    kinds: Mapping[str, str],
    mapping: EventMapping,
) -> str:
    """Microseconds of the column `#time`, which holds what a source says."""
    column = source_column(table, source)
    kind = column.kind if column else kinds.get(source.text, "VARCHAR")
    if kind not in {"VARCHAR", "JSON"}:
        return typed_us('"#time"', kind, mapping.timezone)
    slashed, exact = dates_of(connection, table, column, mapping.time_format)
    return text_us('"#time"', mapping.timezone, slashed, exact)


def _why(received_us: int) -> str:
    types = ", ".join(literal(one) for one in TYPES)
    return (
        'CASE WHEN "#fault" IS NOT NULL THEN [\'line\', "#fault"] '
        "WHEN event IS NULL THEN ['event', 'has no name'] "
        "WHEN \"#time\" IS NULL THEN ['timestamp', 'has no time'] "
        "WHEN ts_us IS NULL THEN ['timestamp', 'is no time that can be read'] "
        f"WHEN ts_us > {received_us + DAY_US} THEN ['timestamp', 'lies more than a day ahead'] "
        f"WHEN type NOT IN ({types}) THEN ['type', 'is none of {', '.join(TYPES)}'] "
        'WHEN "#number" IS NOT NULL THEN ["#number", \'is no number such as 1234.50 or 1.234,50\'] END'
    )


def _assigned() -> str:
    return ", ".join(
        f"CASE WHEN event = {literal(EXPOSURE)} THEN json_extract_string(properties, '$.{name}') END AS {column.name}"
        for name, column in zip((EXPERIMENT_ID, VARIATION_ID), ASSIGNED, strict=True)
    )


def _content() -> str:
    texts = [f"coalesce(CAST({name} AS VARCHAR), '')" for name in (*CONTENT, "properties")]
    return f"concat_ws(chr(31), {', '.join(texts)})"
