"""What is known of the person of a firing: their newest traits, and what the event said that pulled the trigger."""

import json
from typing import Any

from nousnous.facts.events import EVENTS, PROMOTED
from nousnous.journeys.measures import property_text


def newest_trait(events: Any, name: str) -> str | None:
    """A trait as the newest identify of some events says it."""
    told = events.filter(events.type == "identify")
    told = told.mutate(told_text=property_text(told, name))
    rows = told.filter(told.told_text.notnull()).order_by(told.ts_us.desc(), told.told_text).limit(1)
    found = rows.select("told_text").to_pyarrow().to_pylist()
    return str(found[0]["told_text"]) if found else None


def details_of(source: Any, message_key: int) -> dict[str, Any]:
    """The properties of an event, those with columns and the rest."""
    names = [column.name for column in PROMOTED]
    rows = source.matching(EVENTS, "message_key", [message_key]).select(*names, "properties").limit(1)
    row = rows.to_pyarrow().to_pylist()[0]
    rest = json.loads(row.pop("properties") or "{}")
    return {**rest, **{name: value for name, value in row.items() if value is not None}}
