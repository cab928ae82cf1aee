"""The engines over the files of a Delta snapshot, spoken to through Ibis: DuckDB embedded, or a cluster by setting."""

import threading
from collections.abc import Iterator
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa
from django.conf import settings

from nousnous.base.errors import Refused
from nousnous.runs.scratch import process_folder

_local = threading.local()
SNAPSHOTS_A_CONNECTION = 200


def reader() -> Any:
    """What computes over the tables of a snapshot: a connection to the engine of the settings."""
    address = settings.NOUS.engine
    if address == "duckdb":
        return connection()
    extra = "spark" if address.startswith("spark://") else "sail"
    try:
        from nousnous.warehouse.spark import cluster
    except ImportError as error:
        raise Refused(f"NOUS_ENGINE is {address}, which needs more: pip install 'nousnous[{extra}]'.") from error
    try:
        return cluster(address)
    except Exception as error:
        raise Refused(f"NOUS_ENGINE is {address}, and no cluster answers there: {error}.") from error


def connection() -> Any:
    """This thread's Ibis connection to an in-memory DuckDB; it reads files and owns none.

    Ibis keeps a view for every file list it has read, so a connection is left behind after some snapshots.
    """
    uses = getattr(_local, "uses", SNAPSHOTS_A_CONNECTION)
    if uses >= SNAPSHOTS_A_CONNECTION:
        _local.connection = _opened()
        uses = 0
    _local.uses = uses + 1
    return _local.connection


def _opened() -> Any:
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET preserve_insertion_order = false")
    spill = process_folder()  # nothing of a person lies outside the home, not even for a moment
    backend.raw_sql(f"SET temp_directory = '{str(spill).replace(chr(39), 2 * chr(39))}'")
    return backend


class _OfThread:
    """What evaluates expressions over tables in memory alone: Ibis would share one connection between all threads, and
    DuckDB refuses a second call to it.
    """

    def __getattr__(self, name: str) -> Any:
        if not hasattr(_local, "memory"):
            _local.memory = _opened()
        return getattr(_local.memory, name)


ibis.options.default_backend = _OfThread()


def batches(rows: Any, size: int) -> Iterator[Any]:
    """The Arrow record batches of an Ibis expression, as DuckDB makes them, to which Ibis has no way on DuckDB 2; a
    cluster's answer comes whole.
    """
    backend = ibis.get_backend(rows)
    if backend.name == "pyspark":
        yield from backend.arrow(rows).to_batches(size)
        return
    backend._run_pre_execute_hooks(rows)  # noqa: SLF001  # registers the tables in memory that the expression names
    yield from backend.con.sql(backend.compile(rows)).to_arrow_reader(size)


def text_keys(texts: Any) -> Any:
    """The last eight bytes of the MD5 of each Arrow text, little-endian and signed, in the same order.

    >>> text_keys(pa.array(["a", "b"])).to_pylist()
    [7000413967451013937, -8117965422732716230]
    """
    if not hasattr(_local, "keys"):
        _local.keys = duckdb.connect()  # this one keeps the order of rows
    given = pa.table([texts.cast(pa.string()).fill_null("")], names=["text"])
    rows = _local.keys.from_arrow(given).project("md5_number_lower(text) AS key")
    return pa.array(rows.to_arrow_table()["key"].to_numpy().view(np.int64))
