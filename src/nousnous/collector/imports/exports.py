"""Zendesk's and Intercom's own JSON exports, a ticket or a conversation a line, as a table of messages.

The columns of that table are named as the packaged mappings `zendesk.toml` and `intercom.toml` name them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import duckdb

from nousnous.collector.imports.engine import identifier, literal
from nousnous.collector.imports.tables import FileTable, TableColumn, without_blanks

COLUMNS: Final = (
    "conversation_id", "message_id", "created_at", "customer_id", "side", "body", "public", "channel", "topic",
    "agent_group", "bot_version", "language",
)  # fmt: skip
MARKS: Final = {
    "zendesk": {"comments", "tickets"},
    "intercom": {"conversation_parts", "conversations"},
}


def shape_of(table: FileTable) -> str:
    """Whose export a file of JSON lines is, by its members; empty for any other."""
    if table.file.form != "jsonl":
        return ""
    names = {column.label for column in table.columns}
    return next((shape for shape, marks in MARKS.items() if names & marks), "")


def as_messages(connection: duckdb.DuckDBPyConnection, table: FileTable, shape: str) -> FileTable:
    """Replace the view `raw` by one row for each message; a line that cannot be read stays one row."""
    query = {"zendesk": _zendesk, "intercom": _intercom}[shape]()
    values = ", ".join(f"{identifier(name)} AS {literal_name(at)}" for at, name in enumerate(COLUMNS))
    connection.execute(
        f'CREATE OR REPLACE TEMP VIEW raw AS FROM ({query}) SELECT "#row", "#fault", '
        f'coalesce("#unread", CAST(message AS VARCHAR)) AS "#line", {values}'
    )
    columns = []
    for at, name in enumerate(COLUMNS):
        text = without_blanks(literal_name(at))
        columns.append(TableColumn(name, name, text, f"to_json({text})", text))
    return replace(table, columns=tuple(columns))


def literal_name(at: int) -> str:
    return f'"@{at}"'


def _documents(wrapper: str) -> str:
    """Each ticket or conversation: one a line, or the pages of an API below one name."""
    path = literal(f"$.{wrapper}")
    return (
        '(FROM source SELECT "#row", "#fault", "#line", unnest(CASE WHEN "#document" IS NULL THEN [NULL::JSON] '
        f"""WHEN json_exists("#document", {path}) THEN CAST(json_extract("#document", {path}) AS JSON[]) """
        'ELSE ["#document"::JSON] END) AS document)'
    )


def _apart(wrapper: str, shared: Mapping[str, str], messages: str) -> str:
    """One row for each message, with what its conversation says once: a long one is not read for each of its messages.

    Of a line that cannot be read, the row holds the line.
    """
    told = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in shared.items())
    return (
        f'(FROM (FROM {_documents(wrapper)} SELECT "#row", "#fault", '
        f'CASE WHEN document IS NULL THEN "#line" END AS "#unread", {told}, '
        f"CASE WHEN document IS NULL THEN [NULL::JSON] ELSE {messages} END AS messages) "
        "SELECT * EXCLUDE (messages), unnest(messages) AS message)"
    )


def _zendesk() -> str:
    """By Zendesk's documentation of JSON exports: the description of a ticket is its first comment."""
    shared = {
        "conversation_id": "'zendesk:' || (document ->> '$.id')",
        "customer_id": "coalesce(document ->> '$.requester.external_id', "
        "'zendesk:' || coalesce(document ->> '$.requester.id', document ->> '$.requester_id'))",
        "requester": "coalesce(document ->> '$.requester.id', document ->> '$.requester_id')",
        "ticket_channel": "document ->> '$.via.channel'",
        "topic": "coalesce(document ->> '$.topic', document ->> '$.type')",
        "agent_group": "coalesce(document ->> '$.group.name', document ->> '$.group_id')",
        "bot_version": "document ->> '$.bot_version'",
        "language": "document ->> '$.requester.locale'",
    }
    comments = "coalesce(CAST(json_extract(document, '$.comments') AS JSON[]), [])"
    return f"""
    FROM {_apart("tickets", shared, comments)}
    SELECT *, 'zendesk:' || (message ->> '$.id') AS message_id, message ->> '$.created_at' AS created_at,
        CASE WHEN (message ->> '$.author_id') IN ('-1', '0') THEN 'system'
            WHEN (message ->> '$.author_id') = requester THEN 'customer'
            WHEN (message ->> '$.author.role') = 'end-user' THEN 'customer'
            WHEN (message ->> '$.author_id') IS NOT NULL THEN 'agent' END AS side,
        coalesce(message ->> '$.plain_body', message ->> '$.body', message ->> '$.html_body') AS body,
        message ->> '$.public' AS public, coalesce(message ->> '$.via.channel', ticket_channel) AS channel
    """


def _intercom() -> str:
    """By Intercom's reference of conversations: the source is the first message, the parts are the others."""
    contact = "json_extract_string(document, '$.contacts.contacts[0].{}')"
    shared = {
        "conversation_id": "'intercom:' || (document ->> '$.id')",
        "customer_id": f"coalesce({contact.format('external_id')}, 'intercom:' || {contact.format('id')}, "
        "CASE WHEN (document ->> '$.source.author.type') IN ('user', 'lead', 'contact') "
        "THEN 'intercom:' || (document ->> '$.source.author.id') END)",
        "channel": "coalesce(document ->> '$.source.delivered_as', document ->> '$.source.type')",
        "topic": "coalesce(document ->> '$.ai_topic', document ->> '$.topic', "
        "json_extract_string(document, '$.tags.tags[0].name'))",
        "agent_group": "coalesce(document ->> '$.team_assignee.name', document ->> '$.team_assignee_id')",
        "bot_version": "document ->> '$.bot_version'",
        "language": contact.format("language"),
    }
    parts = (
        "list_concat([json_merge_patch(json_extract(document, '$.source'), "
        "json_object('created_at', json_extract(document, '$.created_at'), 'part_type', 'source'))], "
        "CAST(coalesce(json_extract(document, '$.conversation_parts.conversation_parts'), "
        "json_extract(document, '$.conversation_parts'), '[]') AS JSON[]))"
    )
    return f"""
    FROM {_apart("conversations", shared, parts)}
    SELECT *, 'intercom:' || (message ->> '$.id') AS message_id, message ->> '$.created_at' AS created_at,
        message ->> '$.author.type' AS side, message ->> '$.body' AS body,
        CASE WHEN (message ->> '$.part_type') LIKE 'note%' OR (message ->> '$.body') IS NULL
            THEN 'false' ELSE 'true' END AS public
    """
