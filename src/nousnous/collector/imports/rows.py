"""Mapped rows in the order of the file, each with an id: its own, or one of content and ordinal among equals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BATCH_ROWS = 250_000
EQUALS = 'CASE WHEN "#why" IS NULL THEN coalesce("#equals", 0) ELSE 0 END::UBIGINT'


IDS = ("user_id", "anonymous_id")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows up to a place in the file: those that may land, and those that may not (`#row`, `#why`, `#raw`, ids)."""

    last_row: int
    good: Any
    bad: Any


@dataclass(slots=True)
class Repeats:
    """Contents that come more than once, by hash, ordered; and how many rows of each were met so far; how many rows
    there are, and whether some of them may not land."""

    hashes: Any
    seen: Any
    rows: int
    some_bad: bool

    def ordinals(self, hashes: Any) -> Any:
        """The ordinals 1, 2, … of rows among their equals, in the order in which they are met; 1 for the others."""
        ordinals = np.ones(len(hashes), np.int64)
        if not len(self.hashes):
            return ordinals
        groups = np.searchsorted(self.hashes, hashes).clip(max=len(self.hashes) - 1)
        equals = np.flatnonzero((self.hashes[groups] == hashes) & (hashes != 0))
        groups = groups[equals]
        ordinals[equals] += self.seen[groups] + _place_among_equals(groups)
        np.add.at(self.seen, groups, 1)
        return ordinals


def find_repeats(connection: duckdb.DuckDBPyConnection) -> Repeats:
    """Read `judged` once, and note which contents come more than once: those whose `#equals` is the same.

    The engine's 64-bit hash only finds candidates; the ids themselves are of the whole content.
    """
    counted = connection.sql(
        f"""FROM (FROM (FROM judged SELECT {EQUALS} AS content, "#why" IS NOT NULL AS bad) """
        "SELECT content, count(*) AS rows, bool_or(bad) AS bad GROUP BY content) "
        "SELECT CASE WHEN rows > 1 THEN content ELSE 0::UBIGINT END AS content, CAST(sum(rows) AS BIGINT) AS rows, "
        "bool_or(bad) AS bad GROUP BY 1 ORDER BY content"
    ).to_arrow_table()
    hashes = counted["content"].to_numpy()
    rows = int(pc.sum(counted["rows"]).as_py() or 0)
    bad = bool(pc.any(counted["bad"]).as_py())
    return Repeats(hashes[hashes != 0], np.zeros(np.count_nonzero(hashes), np.int64), rows, bad)


def batches(
    connection: duckdb.DuckDBPyConnection, repeats: Repeats, id_column: str, names: Iterable[str]
) -> Iterator[Batch]:
    """All rows of `judged`, in the order of the file; equal rows without an id are told apart by their ordinals."""
    columns = ", ".join(f'"{name}"' for name in names if name != id_column)
    made = f"""coalesce("{id_column}", 'row-' || md5("#content")) AS "{id_column}" """
    raw = """CASE WHEN "#why" IS NOT NULL THEN "#raw" END""" if repeats.some_bad else "CAST(NULL AS VARCHAR)"
    reader = connection.sql(
        f'FROM judged SELECT "#row", "#why", {raw} AS "#raw", {EQUALS} AS "#hash", {made}, {columns}'
    ).to_arrow_reader(BATCH_ROWS)
    last_row = 0
    for rows in _gathered(reader):
        first, last = pc.min_max(rows["#row"]).as_py().values()
        if first < last_row:
            raise RuntimeError("the engine read the file out of order")
        last_row = last
        kept = pc.is_null(rows["#why"])
        good = rows if pc.all(kept).as_py() else rows.filter(kept)
        good = _with_ordinals(good.drop(["#why", "#raw"]), id_column, repeats)
        yield Batch(last_row, good, rows.filter(pc.invert(kept)).select(["#row", "#why", "#raw", *IDS]))


def _gathered(reader: Any) -> Iterator[Any]:
    waiting: list[Any] = []
    for batch in reader:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= BATCH_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if any(one.num_rows for one in waiting):
        yield pa.Table.from_batches(waiting)


def _with_ordinals(rows: Any, id_column: str, repeats: Repeats) -> Any:
    ordinals = repeats.ordinals(rows["#hash"].to_numpy())
    rows = rows.drop(["#hash"])
    if (ordinals == 1).all():
        return rows
    later = pc.binary_join_element_wise(rows[id_column], pa.array(ordinals).cast(pa.string()), "-")
    ids = pc.if_else(pa.array(ordinals > 1), later, rows[id_column])
    return rows.set_column(rows.column_names.index(id_column), id_column, ids)


def _place_among_equals(groups: Any) -> Any:
    """How many of the same group stand before each."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else order
    lengths = np.diff(np.r_[starts, len(ordered)])
    places = np.empty(len(groups), np.int64)
    places[order] = np.arange(len(groups)) - np.repeat(starts, lengths)
    return places
