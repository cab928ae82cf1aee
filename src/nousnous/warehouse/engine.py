"""The embedded engine: DuckDB over the files of a Delta snapshot, spoken to through Ibis."""

import threading
from typing import Any

import ibis

_local = threading.local()


def connection() -> Any:
    """This thread's Ibis connection to an in-memory DuckDB; it reads files and owns none."""
    found = getattr(_local, "connection", None)
    if found is None:
        found = ibis.duckdb.connect()
        found.raw_sql("SET preserve_insertion_order = false")
        _local.connection = found
    return found
