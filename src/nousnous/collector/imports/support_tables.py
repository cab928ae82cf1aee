"""The tables of Zendesk and of Intercom, as a warehouse connector lays them out, joined into one table of messages.

A folder or a ZIP of CSV files or Parquet files, named as the tables are: `ticket_comment.csv`,
`ticket_comment_data.csv`.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

import duckdb

from nousnous.base.errors import Refused
from nousnous.collector.imports.encodings import LEAST_PLAIN_BYTES, MOST_EXPANSION
from nousnous.collector.imports.engine import first_line, identifier, literal
from nousnous.runs.scratch import scratch_folder

UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What the reader of ZIPs raises at bytes that are none."""
SUFFIXES: Final = (".csv", ".csv.gz", ".parquet")
WANTED: Final[dict[str, dict[str, str]]] = {
    "zendesk": {
        "ticket_comment": "id body created public ticket_id user_id",
        "ticket": "id requester_id group_id via_channel type",
        "user": "id role external_id locale",
        "group": "id name",
        "ticket_chat": "chat_id ticket_id user_id channel",
        "ticket_chat_event": "chat_id created_at actor_id chat_index message type original_message",
    },
    "intercom": {
        "conversation_part_history": "id conversation_id created_at updated_at author_id author_type part_type body "
        "_fivetran_active",
        "conversation_history": "id created_at updated_at source_id source_author_id source_author_type source_body "
        "source_delivered_as source_type assignee_id assignee_type _fivetran_active",
        "contact_history": "id external_id updated_at language_override _fivetran_active",
        "conversation_contact_history": "conversation_id contact_id _fivetran_active",
        "conversation_tag_history": "conversation_id tag_id _fivetran_active",
        "tag": "id name",
        "team": "id name",
        "team_admin": "admin_id team_id",
    },
}
NEEDED: Final = {"zendesk": "ticket_comment", "intercom": "conversation_part_history"}


def is_tables(path: Path) -> bool:
    """Whether a path is a folder or a ZIP of tables."""
    return path.is_dir() or (path.is_file() and zipfile.is_zipfile(path))


@contextmanager
def joined_tables(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The messages of a folder or a ZIP of tables as one Parquet file, and whose tables they are."""
    with scratch_folder() as scratch:
        with nullcontext(path) if path.is_dir() else _unzipped(path, scratch / "tables", name) as folder:
            files = _tables_in(folder)
            tool = next((one for one, needed in NEEDED.items() if needed in files), "")
            if not tool:
                raise Refused(
                    f"{name} holds no tables of conversations; wanted are ticket_comment.csv and those beside it "
                    "(Zendesk), or conversation_part_history.csv and those beside it (Intercom)."
                )
            target = scratch / "messages.parquet"
            _join(files, tool, target, name)
        yield target, tool


def _join(files: Mapping[str, Path], tool: str, target: Path, name: str) -> None:
    connection = duckdb.connect(
        config={
            "memory_limit": "1GB",
            "temp_directory": str(target.parent),
            "autoinstall_known_extensions": "false",
        }
    )
    try:
        for table, columns in WANTED[tool].items():
            _view(connection, table, columns.split(), files.get(table))
        query = {"zendesk": _ZENDESK, "intercom": _INTERCOM}[tool]
        connection.execute(f"COPY ({query} ORDER BY conversation_id, created_at, message_id) TO {literal(str(target))}")
    except duckdb.Error as error:
        raise Refused(f"The tables of {name} cannot be read: {first_line(error)}.") from None
    finally:
        connection.close()


def _view(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], path: Path | None) -> None:
    """A table with the columns that are wanted of it; what is missing is null."""
    if path is None:
        nothing = ", ".join(f"NULL::VARCHAR AS {identifier(one)}" for one in columns)
        connection.execute(f"CREATE VIEW {identifier(table)} AS SELECT {nothing} WHERE false")
        return
    read = "read_parquet({})" if path.suffix == ".parquet" else "read_csv({}, all_varchar = true)"
    source = read.format(literal(str(path)))
    there = {one.lower() for one in connection.sql(f"FROM {source} LIMIT 0").columns}
    chosen = ", ".join(
        f"CAST({identifier(one)} AS VARCHAR) AS {identifier(one)}" if one in there else f"NULL::VARCHAR AS {one}"
        for one in columns
    )
    connection.execute(f"CREATE VIEW {identifier(table)} AS FROM {source} SELECT {chosen}")


def _tables_in(folder: Path) -> dict[str, Path]:
    found = {_table_of(path.name): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {table: path for table, path in found.items() if table}


@contextmanager
def _unzipped(path: Path, folder: Path, name: str) -> Iterator[Path]:
    """Only tables that are wanted are taken out, each under its own last name."""
    folder.mkdir()
    try:
        with zipfile.ZipFile(path) as packed:
            members = [one for one in packed.infolist() if _table_of(one.filename)]
            if sum(one.file_size for one in members) > max(LEAST_PLAIN_BYTES, MOST_EXPANSION * path.stat().st_size):
                raise Refused(
                    f"{name} unpacks to more than {MOST_EXPANSION} times its size, as no tables do; unpack it "
                    "yourself, look at them, and import the folder."
                )
            for member in members:
                member.filename = Path(member.filename).name
                packed.extract(member, folder)
    except UNREADABLE as error:
        raise Refused(f"{name} cannot be unpacked: {error}; make it again, without a password.") from None
    yield folder


def _table_of(path: str) -> str:
    """Which table a file is by its name; none of those that are wanted is empty."""
    name = Path(path).name.lower()
    suffix = next((one for one in SUFFIXES if name.endswith(one)), None)
    table = name.removesuffix(suffix).removesuffix("_data") if suffix else ""
    return table if any(table in tables for tables in WANTED.values()) else ""


_ZENDESK: Final = """
WITH people AS (SELECT id, any_value(role) AS role, any_value(external_id) AS external_id,
        any_value(locale) AS locale FROM "user" GROUP BY id),
    tickets AS (SELECT id, any_value(requester_id) AS requester_id, any_value(group_id) AS group_id,
        any_value(via_channel) AS via_channel, any_value(type) AS type FROM ticket GROUP BY id),
    groups AS (SELECT id, any_value(name) AS name FROM "group" GROUP BY id),
    openers AS (SELECT ticket_id, arg_min(user_id, created || id) AS opener FROM ticket_comment GROUP BY 1),
    chats AS (SELECT chat_id, min(ticket_id) AS ticket_id, any_value(user_id) AS user_id,
        any_value(channel) AS channel FROM ticket_chat GROUP BY 1),
    said AS (
        SELECT 'zendesk:' || id AS message_id, ticket_id, created AS created_at, body, public, user_id AS author,
            NULL AS told_side, NULL AS chat_user, NULL AS chat_channel FROM ticket_comment
        UNION ALL BY NAME
        SELECT 'zendesk:chat:' || event.chat_id || ':' || created_at || ':' || coalesce(chat_index, '') AS message_id,
            coalesce(chats.ticket_id, event.chat_id) AS ticket_id, created_at, message AS body, 'true' AS public,
            regexp_replace(actor_id, '^agent:', '') AS author,
            CASE WHEN actor_id LIKE '\\_\\_%' ESCAPE '\\' OR original_message LIKE '%zd:answerBot%' THEN 'bot'
                WHEN actor_id LIKE 'agent:%' THEN 'agent' END AS told_side,
            chats.user_id AS chat_user, chats.channel AS chat_channel
        FROM ticket_chat_event AS event LEFT JOIN chats USING (chat_id)
        WHERE event.type = 'ChatMessage' AND trim(coalesce(message, '')) <> '')
SELECT DISTINCT ON (message_id) 'zendesk:' || said.ticket_id AS conversation_id, message_id, created_at,
    coalesce(customer.external_id, 'zendesk:' || coalesce(requester_id, chat_user, opener, author)) AS customer_id,
    coalesce(told_side, CASE WHEN author IN ('-1', '0') THEN 'bot' WHEN author = requester_id THEN 'customer'
        WHEN writer.role = 'end-user' THEN 'customer' WHEN writer.role IS NOT NULL THEN 'agent'
        WHEN chat_user IS NOT NULL THEN 'customer'
        WHEN requester_id IS NULL AND author = opener THEN 'customer' WHEN author IS NOT NULL THEN 'agent' END) AS side,
    body, public, coalesce(via_channel, chat_channel) AS channel, nullif(tickets.type, '') AS topic,
    groups.name AS agent_group, NULL AS bot_version, customer.locale AS language
FROM said LEFT JOIN tickets ON tickets.id = said.ticket_id LEFT JOIN openers ON openers.ticket_id = said.ticket_id
    LEFT JOIN people AS customer ON customer.id = coalesce(requester_id, chat_user, opener)
    LEFT JOIN people AS writer ON writer.id = author LEFT JOIN groups ON groups.id = group_id
"""

_INTERCOM: Final = """
WITH talks AS (SELECT DISTINCT ON (id) * FROM conversation_history
        ORDER BY id, coalesce(lower(_fivetran_active), 'true') DESC, updated_at DESC),
    parts AS (SELECT DISTINCT ON (id) * FROM conversation_part_history
        ORDER BY id, coalesce(lower(_fivetran_active), 'true') DESC, updated_at DESC),
    people AS (SELECT DISTINCT ON (id) * FROM contact_history
        ORDER BY id, coalesce(lower(_fivetran_active), 'true') DESC, updated_at DESC),
    members AS (SELECT conversation_id, min(contact_id) AS contact_id FROM conversation_contact_history GROUP BY 1),
    topics AS (SELECT conversation_id, min(trim(tag.name)) AS topic FROM conversation_tag_history
        JOIN tag ON tag.id = tag_id WHERE coalesce(lower(_fivetran_active), 'true') = 'true' GROUP BY 1),
    teams AS (SELECT admin_id, min(team.name) AS name FROM team_admin JOIN team ON team.id = team_id GROUP BY 1),
    said AS (
        SELECT source_id AS id, id AS conversation_id, created_at, source_author_type AS side, source_body AS body,
            'source' AS part_type, source_author_id AS author FROM talks
        UNION ALL BY NAME
        SELECT id, conversation_id, created_at, author_type AS side, body, part_type, author_id AS author FROM parts)
SELECT 'intercom:' || said.conversation_id AS conversation_id, 'intercom:' || said.id AS message_id, said.created_at,
    coalesce(people.external_id, 'intercom:' || coalesce(contact_id, talks.source_author_id,
        CASE WHEN said.side IN ('user', 'lead', 'contact') THEN author END)) AS customer_id, side, body,
    CASE WHEN part_type LIKE 'note%' THEN 'false' ELSE 'true' END AS public,
    coalesce(source_delivered_as, source_type) AS channel, topics.topic AS topic, teams.name AS agent_group,
    NULL AS bot_version, people.language_override AS language
FROM said LEFT JOIN talks ON talks.id = said.conversation_id
    LEFT JOIN members ON members.conversation_id = said.conversation_id
    LEFT JOIN people ON people.id = coalesce(contact_id,
        CASE WHEN source_author_type IN ('user', 'lead', 'contact') THEN source_author_id END)
    LEFT JOIN topics ON topics.conversation_id = said.conversation_id
    LEFT JOIN teams ON teams.admin_id = talks.assignee_id
WHERE trim(coalesce(body, '')) <> ''
"""
