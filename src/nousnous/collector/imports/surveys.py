"""A survey's rows as scores, one for each answer, as one query of the locked engine."""

from dataclasses import replace

import duckdb

from nousnous.base.clock import DAY_US
from nousnous.collector.imports.engine import literal
from nousnous.collector.imports.events import person_id, raw_row
from nousnous.collector.imports.numbers import decimal_of
from nousnous.collector.imports.questions import Question, SurveyMapping
from nousnous.collector.imports.tables import FileTable
from nousnous.collector.imports.values import Values, plain_name, values_of

SHARED = ("country", "channel", "screen")
SCORE_ROWS = (
    "score_id", "ts_us", "moment_us", "user_id", "anonymous_id", "metric", "step", "value", "scale_low", "scale_high",
    "weight", "country", "channel", "screen", "comment", "believed", "properties",
)  # fmt: skip


def map_scores(
    connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: SurveyMapping, received_us: int
) -> SurveyMapping:
    """Make the view `judged`: a row of scores for each answer; what is empty or means missing is none."""
    decimal = decimal_of(connection, table, _number_texts(table, mapping), mapping.decimal)
    values = _values(connection, replace(table, decimal=decimal), mapping)
    _value_view(connection, values, mapping)
    connection.execute(
        'CREATE OR REPLACE TEMP VIEW answered AS FROM (FROM valued SELECT * EXCLUDE ("#questions"), '
        f'{_moments(connection, values, mapping)}, unnest("#questions") AS "#question") '
        'SELECT * EXCLUDE ("#question"), unnest("#question"), ' + _row_why(received_us) + ' AS "#row why"'
    )
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW mapped AS FROM answered SELECT * EXCLUDE (answer, weight), "
        "CASE WHEN metric <> 'comment' THEN number END AS value, "
        "CASE WHEN metric = 'comment' THEN answer ELSE remark END AS comment, answer, "
        'believed, CASE WHEN "#weight" IS NULL THEN 1 ELSE weight END AS weight, '
        """'{' || concat_ws(',', "#members", '"question":' || to_json(question)) || '}' AS properties """
        'WHERE ("#row why" IS NULL AND answer IS NOT NULL AND NOT missing) OR ("#row why" IS NOT NULL AND place = 1)'
    )
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW judged AS FROM mapped SELECT *, "
        f'{_why()} AS "#why", CASE WHEN "#id" IS NOT NULL THEN "#id" || \':\' || question END AS score_id, '
        f'CASE WHEN "#id" IS NULL THEN {_content()} END AS "#content", '
        'CASE WHEN "#content" IS NOT NULL THEN hash("#content") END AS "#equals"'
    )
    return replace(mapping, decimal=decimal)


def _number_texts(table: FileTable, mapping: SurveyMapping) -> list[str]:
    """The columns that say how the file writes numbers."""
    named = {column.name.lower(): column.text for column in table.columns}
    scores = [question for question in mapping.questions if question.metric]
    wanted = [name for one in scores for name in (one.column, one.believed)] + [mapping.answer.get("weight", "")]
    return [named[plain] for name in wanted if (plain := plain_name(name)) in named]


def _values(connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: SurveyMapping) -> Values:
    places = {text: f"survey.{name}" for name, text in mapping.answer.items()}
    places |= {text: f"properties.{name}" for name, text in mapping.properties.items()}
    for question in mapping.questions:
        written = (question.column, question.comment, question.believed)
        places |= {text: f"score {question.column}" for text in written if text}
    return values_of(connection, table, places, mapping.name)


def _value_view(connection: duckdb.DuckDBPyConnection, values: Values, mapping: SurveyMapping) -> None:
    answer = mapping.answer
    user_id, anonymous_id = values.text(answer.get("person", "")), values.text(answer.get("anonymous", ""))
    shared = ", ".join(f"{values.text(answer.get(name, ''))} AS {name}" for name in SHARED)
    members = [f"{literal(_key(name))} || {values.json(text)}" for name, text in sorted(mapping.properties.items())]
    questions = [_question(values, question, at) for at, question in enumerate(mapping.questions, start=1)]
    weighted = literal("weighted") if answer.get("weight") else "CAST(NULL AS VARCHAR)"
    connection.execute(
        'CREATE OR REPLACE TEMP VIEW valued AS FROM typed SELECT "#row", "#fault", '
        f'{values.native(answer["time"])} AS "#time", {values.native(answer.get("moment", ""))} AS "#moment", '
        f"{person_id(user_id)} AS user_id, {person_id(anonymous_id)} AS anonymous_id, "
        f'{shared}, {values.text(answer.get("id", ""))} AS "#id", {weighted} AS "#weight", '
        f"{values.number(answer.get('weight', ''))} AS weight, "
        f'concat_ws(\',\', {", ".join(members) or "NULL"}) AS "#every", nullif("#every", \'\') AS "#members", '
        f'{raw_row(values.table)} AS "#raw", [{", ".join(questions)}] AS "#questions"'
    )


def _question(values: Values, question: Question, place: int) -> str:
    text = values.text(question.column)
    codes = ", ".join(literal(code) for code in question.missing)
    numbers = ", ".join(code for code in question.missing if _is_number(code))
    missing = f"coalesce({text} IN ({codes}), false)" if codes else "false"
    if numbers:
        missing += f" OR coalesce({values.number(question.column)} IN ({numbers}), false)"
    members = {
        "place": str(place),
        "question": literal(question.column),
        "metric": literal(question.metric or "comment"),
        "step": literal(question.step) if question.step else "CAST(NULL AS VARCHAR)",
        "scale_low": _number(question.low),
        "scale_high": _number(question.high),
        "answer": text,
        "number": values.number(question.column),
        "missing": missing,
        "remark": values.text(question.comment),
        "believed": values.number(question.believed),
    }
    return "{" + ", ".join(f"'{name}': {sql}" for name, sql in members.items()) + "}"


def _moments(connection: duckdb.DuckDBPyConnection, values: Values, mapping: SurveyMapping) -> str:
    """Microseconds of when it was answered, and of the moment it is about."""
    return ", ".join(
        f"""{values.moment(connection, mapping.answer.get(name, ""), f'"#{name}"', mapping)} AS {target}"""
        for name, target in (("time", "ts_us"), ("moment", "moment_us"))
    )


def _row_why(received_us: int) -> str:
    return (
        'CASE WHEN "#fault" IS NOT NULL THEN [\'line\', "#fault"] '
        "WHEN \"#time\" IS NULL THEN ['time', 'has no time'] "
        "WHEN ts_us IS NULL THEN ['time', 'is no time that can be read'] "
        f"WHEN ts_us > {received_us + DAY_US} THEN ['time', 'lies more than a day ahead'] "
        "WHEN \"#weight\" IS NOT NULL AND (weight IS NULL OR weight < 0) THEN ['weight', 'is no weight'] END"
    )


def _why() -> str:
    return (
        'CASE WHEN "#row why" IS NOT NULL THEN "#row why" '
        "WHEN metric <> 'comment' AND value IS NULL THEN [question, 'is no number, and no code that means missing'] "
        "WHEN metric <> 'comment' AND NOT value BETWEEN scale_low AND scale_high "
        "THEN [question, 'lies off the scale'] END"
    )


def _content() -> str:
    texts = [f"coalesce(CAST({name} AS VARCHAR), '')" for name in SCORE_ROWS[1:]]
    return f"concat_ws(chr(31), {', '.join(texts)})"


def _key(name: str) -> str:
    return f'"{name}":'


def _number(value: float | None) -> str:
    return "CAST(NULL AS DOUBLE)" if value is None else f"CAST({value!r} AS DOUBLE)"


def _is_number(code: str) -> bool:
    return code.replace(".", "", 1).removeprefix("-").isdigit()
