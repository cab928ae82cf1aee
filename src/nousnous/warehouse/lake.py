"""One workspace's tables: append, delete, and snapshots to read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import ibis
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, TableNotFoundError
from django.conf import settings

from nousnous.base import clock
from nousnous.base.errors import Unavailable
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS, LINKS, RETRACTIONS
from nousnous.warehouse.engine import answer, batches, connection, reader
from nousnous.warehouse.schemas import arrow_schema, delta_settings, writing
from nousnous.warehouse.stores import delta_options, reached, remove, tables_below
from nousnous.workspaces.models import Workspace

LANDINGS = (EVENTS, LINKS, RETRACTIONS)


class Overtaken(Unavailable):
    """Somebody else committed between a look at a table and the commit that rests on it."""


ROWS_A_BATCH = 120_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The tables of a workspace at fixed versions; a table that has no version yet is empty."""

    lake: "Lake"
    versions: Mapping[str, int]
    connection: Any = field(default_factory=reader, repr=False, compare=False)
    opened: dict[str, DeltaTable] = field(default_factory=dict, repr=False, compare=False)
    _read: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        return ",".join(f"{name}@{version}" for name, version in sorted(self.versions.items()))

    def table(self, table: Table) -> Any:
        """The table as an Ibis expression."""
        if table.name not in self._read:
            files = self.files(table)
            if not files:
                return ibis.memtable(arrow_schema(table).empty_table())
            self._read[table.name] = self.connection.read_parquet(files)[list(table.names)]
        return self._read[table.name]

    def embedded(self) -> "Snapshot":
        """This snapshot read by DuckDB, whatever engine the settings name."""
        return replace(self, connection=connection(), _read={})

    def with_tables_of(self, other: "Snapshot") -> "Snapshot":
        """This snapshot and the tables of another one of the same lake."""
        read = {name: rows for name, rows in self._read.items() if name not in other.versions}
        opened, versions = {**self.opened, **other.opened}, {**self.versions, **other.versions}
        return replace(self, versions=versions, opened=opened, _read=read)

    def matching(self, table: Table, column: str, values: Any) -> Any:
        """The rows of a table whose column holds one of some Arrow values."""
        wanted = ibis.memtable(pa.table([values], names=[column]))
        return self.table(table).semi_join(wanted.distinct(), column)

    def keyed(self, table: Table, column: str, keys: Iterable[int], *names: str, **equal: str) -> list[dict[str, Any]]:
        """The different rows whose integer column holds one of a few keys, and whose other columns equal some texts.

        It asks DuckDB in its own words: building an expression costs ten times as much as looking up a person, and
        a cluster a hundred times.
        """
        wanted = sorted(set(keys))
        files = self.files(table) if wanted else []
        if not files:
            return []
        conditions = [f"{column} IN (SELECT unnest($keys))", *(f"{name} = ${name}" for name in equal)]
        told = {"files": files, "keys": wanted, **equal}
        asked = f"SELECT DISTINCT {', '.join(names)} FROM read_parquet($files) WHERE {' AND '.join(conditions)}"  # noqa: S608  # names of columns, which our code writes
        found: list[dict[str, Any]] = answer(asked, told).to_pylist()
        return found

    def picked(
        self, table: Table, names: Iterable[str], within: tuple[int, int] | None = None, **among: Iterable[Any]
    ) -> Any:
        """The rows (Arrow) whose columns hold one of some values, and whose time lies within a span, both ends
        included.

        For what a page asks of a few sessions or persons: in DuckDB's own words like `keyed`, whatever the engine.
        """
        values = {name: list(ones) for name, ones in among.items()}
        files = self.files(table, within) if all(values.values()) else []
        if not files:
            return arrow_schema(table).empty_table().select(list(names))
        conditions = [f"{name} IN (SELECT unnest(${name}))" for name in values]
        if within is not None:
            conditions.append(f"{table.time} BETWEEN {within[0]} AND {within[1]}")
        asked = f"SELECT {', '.join(names)} FROM read_parquet($files) WHERE {' AND '.join(conditions)}"  # noqa: S608  # names of columns, which our code writes
        return answer(asked, {"files": files, **values})

    def files(self, table: Table, within: tuple[int, int] | None = None) -> list[str]:
        """The addresses of a table's files; with a span only of those that may hold something of that time."""
        if table.name not in self.versions:
            return []
        if within is None:
            return self._open(table).file_uris()
        told = self._files(table)
        bounds = (told.column(f"{end}.{table.time}").to_pylist() for end in ("min", "max"))
        return [
            f"{self.lake.path(table)}/{path}"
            for path, first, last in zip(told.column("path").to_pylist(), *bounds, strict=True)
            if (first is None or first <= within[1]) and (last is None or last >= within[0])
        ]

    def resolved(self, table: Table, since_us: int | None = None) -> Any:
        """The table with `person_key`: the identity, or the person it was merged into.

        With `since_us` only what the commits after that number brought.
        """
        rows = self.table(table)
        rows = rows if since_us is None else rows.filter(rows.landed_us > since_us)
        if LINKS.name not in self.versions:
            return rows.mutate(person_key=rows.identity_key)
        log = self.table(LINKS)
        newest = log.group_by(linked_key=log.identity_key).agg(person_key=log.person_key.argmax(log.landed_us))
        joined = rows.left_join(newest, rows.identity_key == newest.linked_key)
        return joined.mutate(person_key=ibis.coalesce(joined.person_key, joined.identity_key)).drop("linked_key")

    @property
    def landed_us(self) -> int:
        """The number of the newest commit that it holds; 0 for an empty lake."""
        return max(map(self.newest_landed_us, LANDINGS))

    def newest_landed_us(self, table: Table) -> int:
        """The number of the newest commit that a table holds; 0 for one that is not there or empty."""
        if table.name not in self.versions:
            return 0
        files = self._files(table)
        if "max.landed_us" not in files.column_names:
            return int(self.table(table).landed_us.max().to_pyarrow().as_py() or 0)
        return max((number or 0 for number in files.column("max.landed_us").to_pylist()), default=0)

    def count(self, table: Table) -> int:
        """How many rows a table holds, by the statistics of its files."""
        return sum(self._files(table).column("num_records").to_pylist()) if table.name in self.versions else 0

    def first_us(self, table: Table, since_us: int) -> int:
        """No row that the commits after a number brought is earlier than this; by the statistics of files."""
        if table.name not in self.versions:
            return 0
        files = self._files(table)
        newest, first = (
            files.column(f"{end}.{name}").to_pylist() for end, name in (("max", "landed_us"), ("min", table.time))
        )
        fresh = [one or 0 for one, landed in zip(first, newest, strict=True) if landed is None or landed > since_us]
        return min(fresh, default=0)

    def last_us(self, table: Table) -> int | None:
        """The latest time in a table, by the statistics of its files; None where these do not say."""
        if table.name not in self.versions:
            return None
        latest = self._files(table).column(f"max.{table.time}").to_pylist()
        return None if None in latest else max(latest, default=None)

    def events(self) -> Any:
        """All events with their `person_key`."""
        return self.resolved(EVENTS)

    def _open(self, table: Table) -> DeltaTable:
        if table.name not in self.opened:
            self.opened[table.name] = self.lake.open(table, self.versions[table.name])
        return self.opened[table.name]

    def _files(self, table: Table) -> Any:
        """What the log says of each file: rows and bounds of times."""
        return self._open(table).get_add_actions(flatten=True)


@dataclass(frozen=True, slots=True)
class Lake:
    """The folder of one workspace, on a disk or in a bucket; every table in it is a Delta table of its own."""

    folder: str

    @property
    def workspace_id(self) -> str:
        return self.folder.rpartition("/")[2]

    @property
    def options(self) -> dict[str, str] | None:
        """How the libraries reach it; None for a folder."""
        return delta_options(self.folder)

    def path(self, table: Table) -> str:
        return f"{self.folder}/{table.name}"

    def names(self) -> list[str]:
        """The names of the tables that stand."""
        return tables_below(self.folder)

    def open(self, table: Table, version: int | None = None) -> DeltaTable:
        return self.named(table.name, version)

    def named(self, name: str, version: int | None = None) -> DeltaTable:
        with reached():
            return DeltaTable(f"{self.folder}/{name}", version=version, storage_options=self.options)

    def append(self, table: Table, rows: Any, after: DeltaTable | None = None) -> None:
        """Add Arrow rows in one commit; with `after` only as the next one after that version.

        Overtaken where somebody else committed meanwhile, which a lock of the lake that was lost lets happen.
        """
        if not rows.num_rows:
            return
        typed = rows.select(table.names).cast(arrow_schema(table))
        if after is None:
            self.ensure(table)
            self._write(table, typed, mode="append")
            return
        once, made = CommitProperties(max_commit_retries=0), writing(table)
        try:
            with reached():
                write_deltalake(after, typed, mode="append", commit_properties=once, writer_properties=made)
        except CommitFailedError as error:
            raise Overtaken(f"Somebody else wrote into {table.name} meanwhile; try again.") from error

    def delete(self, table: Table, predicate: str) -> int:
        """Delete rows by an SQL predicate over surrogate keys; returns how many."""
        try:
            with reached():
                return int(self.open(table).delete(predicate)["num_deleted_rows"] or 0)
        except TableNotFoundError:
            return 0

    def replace(self, table: Table, rows: Any) -> None:
        """Write the rows of an Ibis expression in place of all that stand, in one commit."""
        written = batches(rows.select(*table.names), ROWS_A_BATCH).cast(arrow_schema(table))
        self._write(table, written, mode="overwrite")

    def replace_where(self, table: Table, predicate: str, rows: Any) -> None:
        """Write Arrow rows in place of those that an SQL predicate over surrogate keys finds, in one commit."""
        self._write(table, rows, mode="overwrite", predicate=predicate)

    def drop(self, table: Table) -> None:
        """Take a table away that nobody reads any more."""
        remove(self.path(table))

    def snapshot(self, *tables: Table) -> Snapshot:
        """The newest versions of all tables that exist."""
        opened = self._opened([table.name for table in tables] or self.names())
        return Snapshot(self, {name: delta.version() for name, delta in opened.items()}, opened=opened)

    def versions(self, names: Iterable[str]) -> dict[str, int]:
        """The newest version of each of some tables that exist."""
        return {name: delta.version() for name, delta in self._opened(names).items()}

    def _opened(self, names: Iterable[str]) -> dict[str, DeltaTable]:
        opened: dict[str, DeltaTable] = {}
        for name in names:
            try:
                opened[name] = self.named(name)
            except TableNotFoundError:
                continue
        return opened

    def next_landed_us(self) -> int:
        """A number for the next commit: the time, and above all that stand in this lake already."""
        return max(clock.now_us(), self.snapshot(*LANDINGS).landed_us + 1)

    def newest_landed_us(self, table: Table) -> int:
        """By the statistics of the table's files; 0 for a table that is not there or empty."""
        return self.snapshot(table).newest_landed_us(table)

    def ensure(self, table: Table) -> None:
        """Make a table that is not there yet; of two that make it at once, one does."""
        try:
            self.open(table)  # `is_deltatable` would hold up all threads until a bucket answers
        except TableNotFoundError:
            self._make(table)

    def _make(self, table: Table) -> None:
        with reached():
            DeltaTable.create(
                self.path(table),
                arrow_schema(table),
                mode="ignore",
                description=f"version {table.version}",
                configuration=delta_settings(table),
                storage_options=self.options,
            )

    def _write(self, table: Table, rows: Any, **how: Any) -> None:
        with reached():
            write_deltalake(
                self.path(table), rows, writer_properties=writing(table), storage_options=self.options, **how
            )


def lake_of(workspace: Workspace) -> Lake:
    """The tables of a workspace."""
    return Lake(f"{settings.NOUS.lake_folder}/{workspace.id}")


def rows_of(table: Table, columns: Mapping[str, list[Any]]) -> Any:
    """Arrow rows of a table from lists; a column that is not given is null."""
    length = len(next(iter(columns.values())))
    schema = arrow_schema(table)
    return pa.table({name: columns.get(name, [None] * length) for name in table.names}, schema=schema)
