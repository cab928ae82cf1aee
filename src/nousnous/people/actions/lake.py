"""Erasing a person from the lake: their rows, and their ids in rows of others.

Deletions and rewritings name surrogate keys alone, for the log of a table keeps their words. Files that no version
names any more go at once.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pyarrow as pa

from nousnous.base.errors import Missing
from nousnous.base.mentions import NAMELESS, Mentions
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS, LINKS, RETRACTIONS
from nousnous.facts.messages import QUARANTINE
from nousnous.people.identity import OF_PEOPLE, Person
from nousnous.warehouse.engine import batches
from nousnous.warehouse.lake import Lake, Snapshot
from nousnous.warehouse.maintenance import delete_keys, retract, rewrite_keys, tables_with, vacuum
from nousnous.warehouse.objects import objects_of, sweep_recordings

ROWS_A_BATCH = 1_000
UNMISTAKABLE = 16
"""An id that is an e-mail address or as long as this stands for nothing else wherever it is written."""

Row = dict[str, Any]


def erase_from_lake(lake: Lake, person: Person) -> dict[str, int]:
    """Erase a person; answers how many rows of which table. The caller holds the locks of the visits and the lake."""
    keys = person.identities
    retract(lake, _spans(lake, keys))
    rows: dict[str, int] = {}
    for column in ("identity_key", "person_key", "target_key"):
        for table in tables_with(lake, column):
            if table.name == RETRACTIONS.name:
                continue
            rows[table.name] = rows.get(table.name, 0) + delete_keys(lake, table, column, (*keys, person.key))
    for table in (*OF_PEOPLE, LINKS):
        rows[table.name] = rows.get(table.name, 0) + _erase_from_others(lake, table, person)
    mentioned = delete_keys(lake, QUARANTINE, "quarantine_key", quarantine_keys(lake, person.mentions))
    rows[QUARANTINE.name] = rows.get(QUARANTINE.name, 0) + mentioned
    rows["replays"] = _clean_objects(lake, person)
    for name in rows.keys() & set(lake.names()):
        vacuum(lake, name, hours=0)
    return {name: count for name, count in rows.items() if count}


def _clean_objects(lake: Lake, person: Person) -> int:
    """Sweep the person's recordings, and take their ids out of those of others; answers how many of those."""
    sweep_recordings(lake)
    objects, unmistakable, changed = objects_of(lake), Mentions(_unmistakable(person)), 0
    for key in objects.standing():
        with suppress(Missing):  # a damaged one cannot be read by anybody
            body = objects.get(key)
            if unmistakable.stand_in(body):
                objects.put(key, _cleaned_bytes(body, unmistakable))
                changed += 1
    return changed


def quarantine_keys(lake: Lake, mentions: Mentions) -> list[int]:
    """The entries of quarantine whose body names one of some ids."""
    rows = lake.snapshot(QUARANTINE).table(QUARANTINE).select("quarantine_key", "body")
    return [
        key
        for part in batches(rows, ROWS_A_BATCH)
        for key, body in zip(part["quarantine_key"].to_pylist(), part["body"].to_pylist(), strict=True)
        if body is not None and mentions.stand_in(body)
    ]


def _spans(lake: Lake, keys: tuple[int, ...]) -> Any:
    """Where the events of some identities lie, also for the persons they ever belonged to: the log forgets that."""
    snapshot = lake.snapshot(EVENTS, LINKS)
    events, log = snapshot.table(EVENTS), snapshot.table(LINKS)
    mine = events.filter(events.identity_key.isin(list(keys)))
    own = mine.group_by("identity_key").agg(from_us=mine.ts_us.min(), to_us=mine.ts_us.max())
    owners = log.filter(log.identity_key.isin(list(keys))).select("identity_key", "person_key").distinct()
    of_owners = own.inner_join(owners, "identity_key").select("from_us", "to_us", identity_key="person_key")
    return own.union(of_owners.select(*own.columns), distinct=True).to_pyarrow()


def _erase_from_others(lake: Lake, table: Table, person: Person) -> int:
    """Take the person's ids out of what is left: a device they shared, a link that was undone, a text that names them.

    Only the few rows that may name them are looked at one by one.
    """
    snapshot = lake.snapshot(table)
    if table.name not in snapshot.versions:
        return 0
    key = "identity_key" if table is LINKS else table.names[1]
    changed = [(row, _without(table, row, person)) for row in _near(snapshot, table, person)]
    changed = [(row, after) for row, after in changed if row != after]
    if not changed:
        return 0
    if table is EVENTS:
        retract(lake, _moments(row for row, _ in changed))
    keys = sorted({row[key] for row, _ in changed})
    rows = snapshot.table(table)
    whole = rows.filter(rows[key].isin(keys)).to_pyarrow().to_pylist()
    rewrite_keys(lake, table, key, [_without(table, row, person) for row in whole])
    return len(changed)


def _near(snapshot: Snapshot, table: Table, person: Person) -> Iterator[Row]:
    rows = snapshot.table(table)
    first, second = (rows[name].isin(list(person.ids)) for name in _id_columns(table))
    sought = first | second
    if letters := Mentions(_unmistakable(person)).letters:
        for column in _texts(table):
            sought |= rows[column].cast("string").re_search("|".join(letters))
    for part in batches(rows.filter(sought), ROWS_A_BATCH):
        yield from part.to_pylist()


def _without(table: Table, row: Row, person: Person) -> Row:
    """A row without the person's ids."""
    ids, nobody = set(person.ids), "" if table is LINKS else None
    after = {**row, **{name: nobody for name in _id_columns(table) if row[name] in ids}}
    unmistakable = Mentions(_unmistakable(person))
    for name in _texts(table):
        if row[name] and unmistakable.stand_in(row[name]):
            after[name] = _cleaned(row[name], unmistakable)
    return after


def _cleaned_bytes(text: bytes, mentions: Mentions) -> bytes:
    return _cleaned(text.decode("utf-8", "replace"), mentions).encode()


def _cleaned(text: str, mentions: Mentions) -> str:
    """A text, or JSON that stays JSON, without some ids."""
    plainly = mentions.without(text)
    try:
        value = json.loads(text) if plainly == NAMELESS else None
    except ValueError:
        value = None
    if value is None:
        return plainly
    escaped = json.dumps(mentions.without_in(value, names=True), ensure_ascii=False, separators=(",", ":"))
    return escaped.encode("utf-8", "replace").decode()


def _moments(rows: Iterable[Row]) -> Any:
    moments = [(row["identity_key"], row["ts_us"]) for row in rows if row["identity_key"] is not None]
    names = ("identity_key", "from_us", "to_us")
    return pa.table([[key for key, _ in moments], *2 * [[ts_us for _, ts_us in moments]]], names=names)


def _id_columns(table: Table) -> tuple[str, ...]:
    return ("previous_id", "known_id") if table is LINKS else ("user_id", "anonymous_id")


def _texts(table: Table) -> list[str]:
    """The columns in which a client writes what it likes; the row's own id, which tells repetitions, is none."""
    fixed = {*_id_columns(table), table.names[0], "source", "type", "reason"}
    return [one.name for one in table.columns if one.type == "text" and one.name not in fixed]


def _unmistakable(person: Person) -> tuple[str, ...]:
    return tuple(one for one in person.ids if "@" in one or len(one) >= UNMISTAKABLE)
