"""The embedded engine: DuckDB over the files of a Delta snapshot, spoken to through Ibis."""

import threading
from typing import Any

import ibis

_local = threading.local()
SNAPSHOTS_A_CONNECTION = 200


def connection() -> Any:
    """This thread's Ibis connection to an in-memory DuckDB; it reads files and owns none.

    Ibis keeps a view for every file list it has read, so a connection is left behind after some snapshots.
    """
    uses = getattr(_local, "uses", SNAPSHOTS_A_CONNECTION)
    if uses >= SNAPSHOTS_A_CONNECTION:
        _local.connection = ibis.duckdb.connect()
        _local.connection.raw_sql("SET preserve_insertion_order = false")
        uses = 0
    _local.uses = uses + 1
    return _local.connection
