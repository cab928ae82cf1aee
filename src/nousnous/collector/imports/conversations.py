"""A file's rows as messages of conversations, as one query of the locked engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any, Final

import duckdb

from nousnous.base.clock import DAY_US
from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.engine import literal
from nousnous.collector.imports.events import person_id, raw_row
from nousnous.collector.imports.exports import as_messages, shape_of
from nousnous.collector.imports.mapping import checked_options, read_toml
from nousnous.collector.imports.tables import FileTable
from nousnous.collector.imports.values import Values, values_of

PACKAGED: Final = ("chatwoot", "freshdesk", "intercom", "zammad", "zendesk")
OPTIONS: Final = ("timezone", "time_format", "delimiter", "encoding")
SIDES: Final = {
    "customer": "customer user end-user enduser end_user contact lead visitor client requester incoming inbound in",
    "agent": "agent admin operator staff support employee human team teammate company outgoing outbound out",
    "bot": "bot assistant automation system workflow",
}
GUESSES: Final = {
    "conversation": "conversationid ticketid threadid chatid caseid conversation ticket thread",
    "message": "messageid commentid partid id",
    "time": "createdat timestamp sentat createdon created time datetime date tsus",
    "person": "customerid userid contactid requesterid personid customer",
    "author": "authorid senderid",
    "anonymous": "anonymousid visitorid",
    "side": "side role authortype authorrole sendertype sender direction from",
    "text": "text body message content comment",
    "channel": "channel via source",
    "topic": "topic category reason subject",
    "group": "agentgroup group team department inbox",
    "bot_version": "botversion",
    "language": "language locale lang",
}
NEEDED: Final = {"conversation": "which conversation it is", "time": "when it was written", "text": "what was written"}
MESSAGE_ROWS: Final = (
    "message_id", "conversation_id", "ts_us", "user_id", "anonymous_id", "side", "channel", "topic", "agent_group",
    "bot_version", "language", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConversationMapping:
    """What each field of a message is, as an expression, and which words of a file mean which side.

    `keep` is a condition: rows that do not fulfil it, such as internal notes, are left out unread.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: str = ""
    timezone: str = "UTC"
    time_format: str = ""
    delimiter: str = ""
    encoding: str = ""
    name: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The mapping as it is kept with an import: the same for the same meaning."""
        sides = {side: list(words) for side, words in sorted(self.sides.items())}
        options = {name: getattr(self, name) for name in OPTIONS}
        return {"fields": dict(sorted(self.fields.items())), "sides": sides, "keep": self.keep, **options}

    def with_columns(self, columns: Mapping[str, str]) -> "ConversationMapping":
        """With columns of the file for some fields, which go before what a mapping file says."""
        if unknown := sorted(set(columns) - set(GUESSES)):
            raise Refused(f"“{unknown[0]}” is no field of a message; fields are {', '.join(GUESSES)}.")
        quoted = {name: '"' + column.replace('"', '""') + '"' for name, column in columns.items()}
        return replace(self, fields={**self.fields, **quoted})

    def with_options(self, **options: str) -> "ConversationMapping":
        given: dict[str, Any] = {name: text for name, text in options.items() if text}
        checked_options(given)
        return replace(self, **given)


def conversation_mapping(text: str, name: str = "mapping") -> ConversationMapping:
    """Read a mapping of messages: `[message]`, `[sides]`, `[file]`.

    >>> conversation_mapping('message = {text = "body"}\\nsides = {bot = ["fin"]}').sides["bot"]
    ('fin',)
    """
    table = read_toml(text, name)
    fields, sides, options = (table.pop(part, {}) for part in ("message", "sides", "file"))
    _known(table, ("message", "sides", "file"), Place(name))
    _known(fields, (*GUESSES, "keep"), Place(name, field="message"))
    _known(sides, SIDES, Place(name, field="sides"))
    _known(options, OPTIONS, Place(name, field="file"))
    checked_options(options, name)
    keep = str(fields.pop("keep", ""))
    if any(not isinstance(words, list) for words in sides.values()):
        raise Refused('A side is a list of words, as in customer = ["visitor"].', Place(name, field="sides"))
    words = {side: tuple(str(word).lower() for word in found) for side, found in sides.items()}
    return ConversationMapping({key: str(one) for key, one in fields.items()}, words, keep, **options, name=name)


def packaged_mapping(name: str) -> ConversationMapping:
    """The mapping of a tool that comes with the product."""
    if name not in PACKAGED:
        raise Refused(f"There is no mapping “{name}” in the package; there are {', '.join(PACKAGED)}.")
    text = resources.files("nousnous.collector.imports").joinpath("mappings", f"{name}.toml").read_text("utf-8")
    return conversation_mapping(text, f"{name}.toml")


def map_messages(
    connection: duckdb.DuckDBPyConnection, table: FileTable, mapping: ConversationMapping, received_us: int
) -> ConversationMapping:
    """Make the view `judged`: a row of messages each; answers the mapping with every guess made."""
    shape = shape_of(table)
    if shape and not mapping.fields:
        table = as_messages(connection, table, shape)
        own = packaged_mapping(shape)
        mapping = replace(own, **{name: getattr(mapping, name) for name in (*OPTIONS, "name")})
    mapping = replace(mapping, fields=_guessed(table, mapping))
    places = {text: f"message.{name}" for name, text in (*mapping.fields.items(), ("keep", mapping.keep)) if text}
    values = values_of(connection, table, places, mapping.name)
    _value_view(connection, values, mapping)
    source = _with_customers(connection) if mapping.fields.get("author") else "valued"
    moment = values.moment(connection, mapping.fields["time"], '"#time"', mapping)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW judged AS FROM {source} SELECT * EXCLUDE (anonymous_id), {moment} AS ts_us, "
        "CASE WHEN user_id IS NULL THEN coalesce(anonymous_id, 'conversation:' || conversation_id) END "
        f'AS anonymous_id, {_why(received_us)} AS "#why", '
        'CASE WHEN message_id IS NULL THEN concat_ws(chr(31), conversation_id, ts_us, side, text) END AS "#content", '
        'CASE WHEN "#content" IS NOT NULL THEN hash("#content") END AS "#equals"'
    )
    return mapping


def _value_view(connection: duckdb.DuckDBPyConnection, values: Values, mapping: ConversationMapping) -> None:
    fields = mapping.fields
    text = {name: values.text(fields.get(name, "")) for name in GUESSES}
    said = f"lower({text['side']})"
    known = {side: (*SIDES[side].split(), *mapping.sides.get(side, ())) for side in SIDES}
    elsewhere = {word for words in mapping.sides.values() for word in words}
    whens = " ".join(
        f"WHEN {said} IN ({', '.join(literal(word) for word in words)}) THEN {literal(side)}"
        for side, words in (
            (side, [one for one in words if one in mapping.sides.get(side, ()) or one not in elsewhere])
            for side, words in known.items()
        )
        if words
    )
    person = person_id(text["author" if fields.get("author") else "person"])
    kept = f"coalesce(TRY_CAST({values.native(mapping.keep)} AS BOOLEAN), false)" if mapping.keep else "true"
    connection.execute(
        'CREATE OR REPLACE TEMP VIEW valued AS FROM typed SELECT "#row", "#fault", '
        f'{values.native(fields["time"])} AS "#time", {text["message"]} AS message_id, '
        f"{text['conversation']} AS conversation_id, {person} AS user_id, {text['anonymous']} AS anonymous_id, "
        f'{said} AS "#side", CASE {whens} END AS side, {text["channel"]} AS channel, {text["topic"]} AS topic, '
        f"{text['group']} AS agent_group, {text['bot_version']} AS bot_version, "
        f"{text['language']} AS language, {text['text']} AS text, "
        f'{raw_row(values.table)} AS "#raw" WHERE {kept} OR "#fault" IS NOT NULL'
    )


def _with_customers(connection: duckdb.DuckDBPyConnection) -> str:
    """Where rows name their author: the customer of a conversation is the author of its customers' messages."""
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW authored AS FROM valued LEFT JOIN (FROM valued "
        "SELECT conversation_id, min(user_id) AS customer WHERE side = 'customer' GROUP BY 1) USING (conversation_id) "
        'SELECT * EXCLUDE (user_id, customer), customer AS user_id ORDER BY "#row"'
    )
    return "authored"


def _why(received_us: int) -> str:
    return (
        'CASE WHEN "#fault" IS NOT NULL THEN [\'line\', "#fault"] '
        "WHEN conversation_id IS NULL THEN ['conversation', 'has no conversation'] "
        "WHEN \"#time\" IS NULL THEN ['time', 'has no time'] "
        "WHEN ts_us IS NULL THEN ['time', 'is no time that can be read'] "
        f"WHEN ts_us > {received_us + DAY_US} THEN ['time', 'lies more than a day ahead'] "
        "WHEN \"#side\" IS NULL THEN ['side', 'does not say who wrote it'] "
        "WHEN side IS NULL THEN ['side', '“' || \"#side\" || '” is none of customer, agent and bot; "
        "say under [sides] what it is'] END"
    )


def _guessed(table: FileTable, mapping: ConversationMapping) -> dict[str, str]:
    """The fields with those that columns obviously are; refused where what is needed would be missing."""
    fields = {name: text for name, text in mapping.fields.items() if text}
    plain: dict[str, str] = {}
    for column in table.columns:
        plain.setdefault("".join(letter for letter in column.name.lower() if letter.isalnum()), column.name)
    taken = {text.strip().strip('"').lower() for text in fields.values()}
    for name, spellings in GUESSES.items():
        found = next((plain[one] for one in spellings.split() if one in plain), None)
        if found and name not in mapping.fields and found.lower() not in taken:
            fields[name] = '"' + found.replace('"', '""') + '"'
            taken.add(found.lower())
    if "person" in fields and "author" not in mapping.fields:
        fields.pop("author", None)
    if "side" not in fields:
        raise Refused(
            "No column says who wrote a message; name it: [message] side, an expression that gives customer, agent "
            "or bot.",
            Place(table.file.name, field="side"),
        )
    for name, meaning in NEEDED.items():
        if name not in fields:
            names = ", ".join(column.name for column in table.columns)
            sentence = f"No column says {meaning}; name it: [message] {name}. The columns are {names}."
            raise Refused(sentence, Place(table.file.name, field=name))
    return fields


def _known(given: Iterable[str], names: Iterable[str], place: Place) -> None:
    if unknown := sorted(set(given) - set(names)):
        raise Refused(f"“{unknown[0]}” is not known here; known are {', '.join(names)}.", place)
