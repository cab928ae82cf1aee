"""What is known of the person of a firing: their newest traits, and what the event said that pulled the trigger."""

import json
from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from nousnous.facts.events import EVENTS, PROMOTED
from nousnous.facts.plays import Firing
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

_PROMOTED: Final = tuple(column.name for column in PROMOTED)


def newest_trait(source: Snapshot, identity_keys: Iterable[int], name: str) -> str | None:
    """A trait as the newest identify of a person says it; of several in one moment the smallest counts."""
    told = source.keyed(EVENTS, "identity_key", identity_keys, "ts_us", *_PROMOTED, "properties", type="identify")
    found = [(-row["ts_us"], text) for row in told if (text := _text(_said(row).get(name))) is not None]
    return min(found)[1] if found else None


def details_of(source: Snapshot, message_key: int) -> dict[str, Any] | None:
    """The properties of an event, those with columns and the rest; None where it is not there any more."""
    rows = source.keyed(EVENTS, "message_key", [message_key], *_PROMOTED, "properties")
    return _said(rows[0]) if rows else None


def _said(row: dict[str, Any]) -> dict[str, Any]:
    columns = {name: row[name] for name in _PROMOTED if row[name] is not None}
    return {**json.loads(row["properties"] or "{}"), **columns}


def _text(value: Any) -> str | None:
    """As it stands in a file: a text as it is, anything else as JSON has it."""
    return value if isinstance(value, str) or value is None else json.dumps(value)


def email_of(workspace: Workspace, firing: Firing) -> str:
    """The address that the person told, or an id of theirs that is one; empty where neither is there."""
    source = lake_of(workspace).snapshot(EVENTS)
    for address in (newest_trait(source, firing.identity_keys, "email"), firing.person):
        try:
            validate_email(address)
        except ValidationError:
            continue
        return str(address)
    return ""
