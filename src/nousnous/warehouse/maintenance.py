"""Keeping a workspace's tables small and honest: compaction, vacuum, deletion that leaves nothing behind."""

import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake.exceptions import TableNotFoundError

from nousnous.facts.columns import Table
from nousnous.facts.events import RETRACTIONS
from nousnous.warehouse.lake import Lake, rows_of
from nousnous.warehouse.schemas import arrow_schema
from nousnous.warehouse.stores import in_bucket

KEYS_A_STATEMENT = 1_000


def compact(lake: Lake, table: Table, target_bytes: int | None = None) -> None:
    """Join the files of a table that are smaller than a target; readers of older snapshots keep theirs for now."""
    try:
        lake.open(table).optimize.compact(target_size=target_bytes)
    except TableNotFoundError:
        return


def vacuum(lake: Lake, table_name: str, hours: int) -> None:
    """Remove files that no version of the last hours needs."""
    table = lake.named(table_name)
    table.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False, full=True)


def cut_off(lake: Lake, table_name: str) -> Path | None:
    """The newest commit of a table, if a power cut left only its beginning; then the table cannot be opened.

    What is put into a bucket stands there whole or not at all.
    """
    if in_bucket(lake.folder):
        return None
    newest = max(Path(lake.folder, table_name, "_delta_log").glob("*.json"), default=None)
    if newest is None:
        return None
    try:
        actions = [json.loads(line) for line in newest.read_text("utf-8").splitlines()]
    except ValueError:
        return newest
    return None if actions else newest


def set_aside(lake: Lake, table_name: str) -> bool:
    """Take a commit that was cut off out of its table, which says then what it said before; under the lake's lock.

    What came by requests stands in the collector's log still: a segment goes when its commit is on the disk.
    """
    commit = cut_off(lake, table_name)
    if commit is not None:
        commit.rename(commit.with_suffix(".damaged"))
    return commit is not None


def delete_keys(lake: Lake, table: Table, column: str, keys: Iterable[int]) -> int:
    """Delete all rows whose surrogate key is one of some; returns how many."""
    ordered = sorted(set(keys))
    return sum(
        lake.delete(table, f"{column} IN ({', '.join(map(str, ordered[start : start + KEYS_A_STATEMENT]))})")
        for start in range(0, len(ordered), KEYS_A_STATEMENT)
    )


def rewrite_keys(lake: Lake, table: Table, column: str, rows: list[dict[str, Any]]) -> None:
    """Write rows in place of all that stand with their surrogate keys, in one commit for some keys each."""
    by_key: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_key.setdefault(row[column], []).append(row)
    ordered = iter(sorted(by_key))
    while keys := list(islice(ordered, KEYS_A_STATEMENT // 4)):
        written = [row for key in keys for row in by_key[key]]
        lake.replace_where(
            table, f"{column} IN ({', '.join(map(str, keys))})", pa.Table.from_pylist(written, arrow_schema(table))
        )


def tables_with(lake: Lake, column: str) -> list[Table]:
    """The tables of a workspace that have a column, known by what lies there."""
    return [
        Table(name, 0, "", (), time=None)
        for name in lake.names()
        if column in {field.name for field in lake.named(name).schema().fields}
    ]


def retract(lake: Lake, spans: Any) -> int:
    """Note (Arrow: identity_key, from_us, to_us) where events are taken away; returns their `landed_us`.

    The caller holds the lake's lock and notes it before it deletes: a process killed in between makes readers redo too
    much, never too little.
    """
    landed_us = lake.next_landed_us()
    columns = {name: spans.column(name).to_pylist() for name in ("identity_key", "from_us", "to_us")}
    lake.append(RETRACTIONS, rows_of(RETRACTIONS, {**columns, "landed_us": [landed_us] * spans.num_rows}))
    return landed_us
