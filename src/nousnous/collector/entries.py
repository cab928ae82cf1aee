"""What a dialect makes of one entry, and how that becomes a row of the lake or an entry of quarantine."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from nousnous.base import clock
from nousnous.collector.parsing import Faulty, text_of
from nousnous.collector.times import moment_us
from nousnous.facts.events import EXPERIMENT_ID, EXPOSURE, VARIATION_ID

VOLATILE = {"sentAt", "sent_at", "writeKey", "api_key", "token", "_metadata"}
_NUMBERS = ("revenue", "total", "customer_minutes", "handling_minutes")
_TEXTS = ("order_id", "return_id", "product_id", "topic", "currency")


class Arrival(msgspec.Struct, frozen=True, array_like=True):
    """One accepted request, as the log keeps it; `body` is unpacked JSON."""

    workspace_id: str
    source: str
    dialect: str
    path: str
    received_us: int
    note: str = ""
    body: bytes = b""


@dataclass(slots=True)
class Entry:
    """One event in the product's words; `raw` and `sent` are what came."""

    type: str
    event: str | None
    raw_event: str | None
    raw: bytes
    sent: Mapping[str, Any]
    properties: Mapping[str, Any]
    message_id: str | None = None
    time: Any = None
    sent_at: Any = None
    late_ms: Any = None
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)


def identifier(value: Any) -> str | None:
    """An id as text; numbers are ids, too, and what is empty or no id is none.

    >>> identifier(12.0), identifier(" u1 "), identifier("")
    ('12', 'u1', None)
    """
    if isinstance(value, str):
        return value.strip() or None
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return str(value) if isinstance(value, int | float) else None


def row_of(entry: Entry, arrival: Arrival) -> dict[str, Any]:
    """The row of an event; Faulty with the reason when it cannot be kept."""
    if entry.user_id is None and entry.anonymous_id is None:
        raise Faulty("The event has neither a user id nor an anonymous id.")
    if entry.type == "track" and entry.event is None:
        raise Faulty("The event has no name.")
    return {
        "message_id": entry.message_id or made_id(entry, arrival),
        "type": entry.type,
        "event": entry.event,
        "raw_event": entry.raw_event,
        "ts_us": happened_us(entry, arrival.received_us),
        "received_us": arrival.received_us,
        "user_id": entry.user_id,
        "anonymous_id": entry.anonymous_id,
        "previous_id": entry.previous_id,
        **_promoted(entry),
        "properties": text_of({**entry.properties, "context": entry.context} if entry.context else entry.properties),
        "source": arrival.source,
    }


def made_id(entry: Entry, arrival: Arrival) -> str:
    """An id of an event's content; one that says no time either is told apart by the hour in which it came."""
    hour = arrival.received_us // clock.HOUR_US if entry.time is None else None
    content = {name: value for name, value in entry.sent.items() if name not in VOLATILE}
    return "made-" + digest(text_of([entry.type, hour, content], in_order=True).encode())


def digest(*parts: bytes) -> str:
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()


def happened_us(entry: Entry, received_us: int) -> int:
    """The event's own time, moved by what the client's clock is off: timestamp + (arrival − sentAt), Segment's rule."""
    if entry.time is None:
        late_us = entry.late_ms * 1000 if isinstance(entry.late_ms, int | float) else 0
        return received_us - round(late_us) if 0 <= late_us < 366 * clock.DAY_US else received_us
    happened_us = moment_us(entry.time)
    if happened_us is None:
        raise Faulty("The event's time cannot be read.")
    sent_us = moment_us(entry.sent_at)
    if sent_us is not None:
        happened_us += received_us - sent_us
    if happened_us > received_us + clock.DAY_US:
        raise Faulty("The event's time lies more than a day ahead of its arrival.")
    return happened_us


def _promoted(entry: Entry) -> dict[str, Any]:
    """The typed columns, from what the dialect found, the properties, the context; in this order."""
    properties, context, hints = entry.properties, entry.context, entry.hints
    device, campaign, location = (_part(context, name) for name in ("device", "campaign", "location"))
    row: dict[str, Any] = {name: _text(properties.get(name)) for name in _TEXTS}
    row |= {name: _number(properties.get(name)) for name in _NUMBERS}
    row["screen"] = _first(hints.get("screen"), properties.get("screen"), _part(context, "page").get("path"))
    row["element"] = _first(hints.get("element"), properties.get("element"))
    row["country"] = _first(properties.get("country"), hints.get("country"), location.get("country"))
    row["channel"] = _first(properties.get("channel"), hints.get("channel"), context.get("channel"))
    row["platform"] = _first(properties.get("platform"), hints.get("platform"), device.get("type"))
    row["session_id"] = _first(properties.get("session_id"), hints.get("session_id"), context.get("sessionId"))
    row["campaign"] = _first(properties.get("utm_campaign"), campaign.get("name"), properties.get("campaign"))
    if entry.event == EXPOSURE:
        row["experiment"] = _first(properties.get(EXPERIMENT_ID), hints.get("experiment"))
        row["variant"] = _first(properties.get(VARIATION_ID), hints.get("variant"))
    return row


def _part(context: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = context.get(name)
    return part if isinstance(part, dict) else {}


def _first(*values: Any) -> str | None:
    for value in values:
        if value is not None and (text := _text(value)) is not None:
            return text
    return None


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return identifier(value)


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
