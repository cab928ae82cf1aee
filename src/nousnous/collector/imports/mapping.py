"""What becomes of a file's columns: each field is a column, a constant or an expression; what is obvious is guessed."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nousnous.base.errors import Place, Refused
from nousnous.base.timezones import timezone_names
from nousnous.facts.events import PROMOTED

PROMOTED_NAMES = tuple(column.name for column in PROMOTED)
NUMBERS = tuple(column.name for column in PROMOTED if column.type == "number")
FIELDS = ("message_id", "type", "event", "timestamp", "ts_us", "user_id", "anonymous_id", *PROMOTED_NAMES)
OTHER_SPELLINGS = {
    "time": "timestamp",
    "ts": "timestamp",
    "user": "user_id",
    "userid": "user_id",
    "anonymous": "anonymous_id",
    "anonymousid": "anonymous_id",
    "id": "message_id",
    "messageid": "message_id",
    "sessionid": "session_id",
    "orderid": "order_id",
    "productid": "product_id",
}
GUESSES = {
    "message_id": "messageid insertid messageuuid eventuuid",
    "event": "event eventname eventtype action actionname activity",
    "ts_us": "tsus",
    "timestamp": "timestamp eventtimestamp eventtime time datetime occurredat createdat ts invoicedate orderdate date",
    "user_id": "userid customerid user customer clientid memberid personid distinctid",
    "anonymous_id": "anonymousid anonid visitorid deviceid cookieid userpseudoid",
    "type": "type",
    "screen": "screen screenname page pagepath path",
    "element": "element selector",
    "session_id": "sessionid session visitid",
    "order_id": "orderid ordernumber invoiceno invoiceid",
    "return_id": "returnid",
    "product_id": "productid sku stockcode",
    "campaign": "campaign utmcampaign",
    "platform": "platform devicetype",
}
DECIMAL_MARKS = (".", ",")
FILE_OPTIONS = ("timezone", "time_format", "delimiter", "encoding", "decimal", "keep")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from; `nothing` keeps a field from being guessed."""

    kind: Literal["column", "constant", "expression", "nothing"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class EventMapping:
    """Fields of an event and further properties, each with its source, and how the file is to be read."""

    fields: Mapping[str, Source] = field(default_factory=dict)
    properties: Mapping[str, Source] = field(default_factory=dict)
    timezone: str = "UTC"
    time_format: str = ""
    delimiter: str = ""
    encoding: str = ""
    decimal: str = ""
    keep: tuple[str, ...] | None = None
    name: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The mapping as it is kept with an import: the same for the same meaning."""
        sources = {"fields": self.fields, "properties": self.properties}
        texts = {name: getattr(self, name) for name in FILE_OPTIONS}
        return {
            **{kind: {name: [one.kind, one.text] for name, one in sorted(of.items())} for kind, of in sources.items()},
            **{name: list(text) if isinstance(text, tuple) else text for name, text in texts.items()},
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "EventMapping":
        fields, properties = (
            {name: Source(*pair) for name, pair in kept[kind].items()} for kind in ("fields", "properties")
        )
        keep = None if kept["keep"] is None else tuple(kept["keep"])
        return cls(fields, properties, keep=keep, **{name: kept[name] for name in FILE_OPTIONS if name != "keep"})

    def with_sources(self, pairs: Iterable[str], kind: Literal["column", "constant"]) -> "EventMapping":
        """With `field=column` or `field=value` of the command line, which go before what a mapping file says."""
        fields, properties = dict(self.fields), dict(self.properties)
        for pair in pairs:
            name, equals, text = pair.partition("=")
            if not equals or not name.strip():
                raise Refused(f"“{pair}” is no pair; write field={'column' if kind == 'column' else 'value'}.")
            _place(fields, properties, name.strip(), Source(kind, text.strip()))
        return replace(self, fields=fields, properties=properties)

    def with_options(self, **options: str) -> "EventMapping":
        """With what was said of the file: timezone, time_format, delimiter, encoding, decimal; empty says nothing."""
        given: dict[str, Any] = {name: text for name, text in options.items() if text}
        checked_options(given)
        return replace(self, **given)


def read_toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Refused("The mapping nests deeper than anybody can read.", Place(file=name)) from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"The mapping is no TOML: {error}.", Place(file=name)) from None


def event_mapping(text: str, name: str = "mapping") -> EventMapping:
    """Read a mapping file: `field = "expression"`, `[properties]`, and `[file]` with how to read it.

    >>> event_mapping('event = "lower(action)"').fields["event"].text
    'lower(action)'
    """
    table = read_toml(text, name)
    options = table.pop("file", {})
    if unknown := sorted(set(options) - set(FILE_OPTIONS)):
        raise Refused(f"“{unknown[0]}” is no option; options are {', '.join(FILE_OPTIONS)}.", Place(name, field="file"))
    keep = options.pop("keep", None)
    fields: dict[str, Source] = {}
    properties: dict[str, Source] = {}
    for key, value in table.pop("properties", {}).items():
        properties[key] = _source(value, Place(name, field=f"properties.{key}"))
    for key, value in table.items():
        _place(fields, properties, key, _source(value, Place(name, field=key)))
    checked_options(options, name)
    return EventMapping(fields, properties, **options, keep=None if keep is None else tuple(keep), name=name)


def checked_options(options: Mapping[str, Any], name: str = "") -> None:
    """Refuse a time zone or a decimal mark that is none."""
    timezone, decimal = options.get("timezone", "UTC"), options.get("decimal", "")
    if timezone not in timezone_names():
        raise Refused(f"“{timezone}” is no time zone; write one such as Europe/Paris.", Place(name or None))
    if decimal not in {"", *DECIMAL_MARKS}:
        raise Refused(f"“{decimal}” is no decimal mark; write . or , for it.", Place(name or None))


def guessed_fields(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Fields that columns obviously are, by their names; the first spelling of a field that is there wins.

    >>> guessed_fields(["CustomerID", "InvoiceDate", "Country"], [])
    {'timestamp': 'InvoiceDate', 'user_id': 'CustomerID', 'country': 'Country'}
    """
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    found = {}
    for wanted in FIELDS:
        spellings = GUESSES.get(wanted, _plain(wanted)).split()
        column = next((plain[spelling] for spelling in spellings if spelling in plain), None)
        if column is not None and wanted not in taken:
            found[wanted] = column
    if "ts_us" in found or "ts_us" in taken:
        found.pop("timestamp", None)
    if "timestamp" in taken:
        found.pop("ts_us", None)
    return found


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _place(fields: dict[str, Source], properties: dict[str, Source], name: str, source: Source) -> None:
    known = name if name in FIELDS else OTHER_SPELLINGS.get(_plain(name), name)
    (fields if known in FIELDS else properties)[known] = source


def _source(value: object, place: Place) -> Source:
    if isinstance(value, str):
        return Source("expression", value) if value.strip() else Source("nothing")
    if isinstance(value, bool | int | float):
        return Source("constant", str(value))
    raise Refused("The value of a field is an expression in quotes.", place)
