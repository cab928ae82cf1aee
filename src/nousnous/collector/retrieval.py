"""Stored events read back: a page at a time, or all of them as a stream."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

import ibis
import ibis.expr.datatypes as dt
import numpy as np
import pyarrow as pa

from nousnous.base.clock import to_us
from nousnous.base.errors import Place, Refused
from nousnous.base.shapes import Page
from nousnous.collector.landing import identity_keys
from nousnous.facts.events import EVENTS, LINKS, PROMOTED
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.paging import Paging, cursor_of, place_of

COLUMNS = (
    "message_id", "type", "event", "ts_us", "received_us", "user_id", "anonymous_id", "person_id", "properties",
)  # fmt: skip
CHUNK_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: from a moment (included) to a moment (excluded), of one person; None leaves it open."""

    from_us: int | None = None
    to_us: int | None = None
    person: str | None = None


def _to_json(_value: Any) -> Any:
    """DuckDB's own: a text as JSON."""


def _json_exists(_document: Any, _path: Any) -> Any:
    """DuckDB's own: whether a document has a member."""


_json = ibis.udf.scalar.builtin(_to_json, name="to_json", signature=((dt.string,), dt.string))
_has = ibis.udf.scalar.builtin(_json_exists, name="json_exists", signature=((dt.string, dt.string), dt.boolean))


def wanted_events(workspace: Workspace, from_: str = "", to: str = "", person: str = "") -> Wanted:
    """Read what was asked for: dates and times in the workspace's time zone where they name none."""
    return Wanted(_moment(workspace, from_, "from"), _moment(workspace, to, "to"), person or None)


def stored_events(workspace: Workspace, wanted: Wanted) -> Iterator[Any]:
    """All wanted events as Arrow tables of `COLUMNS`, by time; a part of the time at once."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS).embedded()
    if EVENTS.name not in snapshot.versions:
        return
    events = _chosen(workspace, snapshot, wanted)
    names = _names(snapshot)
    moments = np.sort(events.select("ts_us").to_pyarrow()["ts_us"].to_numpy())
    starts = np.unique(moments[::CHUNK_ROWS])
    for start, end in zip(starts, [*starts[1:], None], strict=False):
        part = events.filter(events.ts_us >= int(start))
        part = part if end is None else part.filter(part.ts_us < int(end))
        yield _shown(part, names).order_by("ts_us", "message_id").select(*COLUMNS).to_pyarrow()


class EventShape(TypedDict):
    """One stored event."""

    message_id: str
    type: str
    event: str
    ts_us: int
    received_us: int
    user_id: str | None
    anonymous_id: str | None
    person_id: str | None
    properties: dict[str, Any]


def event_page(workspace: Workspace, wanted: Wanted, paging: Paging) -> Page[EventShape]:
    """One page of events by time, and the cursor of the next."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS).embedded()
    if EVENTS.name not in snapshot.versions:
        return {"items": [], "next": None}
    events = _after(_chosen(workspace, snapshot, wanted), paging.cursor)
    found = events.order_by("ts_us", "message_key").limit(paging.limit + 1).to_pyarrow()
    page = found.slice(0, paging.limit)
    names = _names(snapshot, page["person_key"].drop_null().unique().to_pylist())
    items = _shown(ibis.memtable(page), names).order_by("ts_us", "message_key").to_pyarrow().to_pylist()
    more = found.num_rows > paging.limit
    shown: Any = [
        {name: row[name] for name in COLUMNS} | {"properties": json.loads(row["properties"])} for row in items
    ]
    return {
        "items": shown,
        "next": cursor_of(items[-1]["ts_us"], items[-1]["message_key"]) if more else None,
    }


def as_lines(events: Any) -> str:
    """Arrow events as JSON lines, each a line."""
    columns = ibis.memtable(events)
    values = [(name, columns[name] if name == "properties" else _member(columns[name])) for name in COLUMNS]
    parts = [ibis.literal(f'"{name}":') + value.fill_null("null") for name, value in values]
    line = ibis.literal("{") + ibis.literal(",").join(parts) + ibis.literal("}")
    texts = columns.order_by("ts_us", "message_id").select(line=line).to_pyarrow()["line"].to_pylist()
    return "".join(f"{text}\n" for text in texts)


def _moment(workspace: Workspace, text: str, field: str) -> int | None:
    if not text:
        return None
    try:
        return to_us(workspace.instant(datetime.fromisoformat(text)))
    except ValueError:
        raise Refused(
            f"“{text}” is no date or time; write 2024-01-31 or 2024-01-31T12:00.", Place(field=field)
        ) from None


def _chosen(workspace: Workspace, snapshot: Snapshot, wanted: Wanted) -> Any:
    events = snapshot.events()
    if wanted.person is not None:
        given, none = pa.array([wanted.person]), pa.nulls(1, pa.string())
        keys = [identity_keys(workspace, *pair)[0].as_py() for pair in ((given, none), (none, given))]
        mine = events.filter(events.identity_key.isin(keys)).select("person_key").distinct()
        events = events.semi_join(mine, "person_key")
    if wanted.from_us is not None:
        events = events.filter(events.ts_us >= wanted.from_us)
    return events if wanted.to_us is None else events.filter(events.ts_us < wanted.to_us)


def _after(events: Any, cursor: str) -> Any:
    place = place_of(cursor)
    if not place:
        return events
    if len(place) != 2 or not all(isinstance(part, int) for part in place):
        raise Refused("This is no cursor; take `next` of the page before.", Place(field="cursor"))
    ts_us, key = place
    return events.filter((events.ts_us > ts_us) | ((events.ts_us == ts_us) & (events.message_key > key)))


def _names(snapshot: Snapshot, person_keys: list[int] | None = None) -> Any:
    """The id by which a person is shown: the smallest known one, else the smallest anonymous one."""
    events = snapshot.events()
    named = events.filter(events.person_key.notnull() if person_keys is None else events.person_key.isin(person_keys))
    names = named.group_by(name_key=named.person_key).agg(known=named.user_id.min(), device=named.anonymous_id.min())
    return names.select("name_key", person_id=ibis.coalesce(names.known, names.device))


def _shown(events: Any, names: Any) -> Any:
    """Events with `person_id`, and with properties that hold the promoted columns, too."""
    joined = events.left_join(names, events.person_key == names.name_key)
    promoted = [_promoted(joined, column.name) for column in PROMOTED]
    members = ibis.literal("").join([ibis.literal("{"), *promoted, joined.properties.fill_null("{}").substr(1)])
    return joined.mutate(properties=members.re_replace(r",\}$", "}"))


def _promoted(joined: Any, name: str) -> Any:
    absent = ~_has(joined.properties.fill_null("{}"), f"$.{name}")
    member = ibis.literal(f'"{name}":') + _member(joined[name]) + ibis.literal(",")
    return ibis.ifelse(joined[name].notnull() & absent, member, ibis.literal(""))


def _member(value: Any) -> Any:
    return _json(value).cast("string") if value.type().is_string() else value.cast("string")
