"""The engines over the files of a Delta snapshot, spoken to through Ibis: DuckDB embedded, or a cluster by setting."""

import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa
from django.conf import settings
from ibis.backends.duckdb import Backend

from nousnous.base.errors import Refused
from nousnous.runs.scratch import process_folder
from nousnous.warehouse.stores import filesystem, in_bucket

_local = threading.local()
_opening = threading.Lock()
USES_OF_A_CONNECTION = 50
LIFE_OF_AN_ENGINE_S = 600
"""DuckDB remembers each block of memory that it may take back, also when it is gone: up to 32,000 of each kind."""


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


def engine_name() -> str:
    """Which engine answers: duckdb, spark, or sc (Spark Connect); not where it is."""
    return str(settings.NOUS.engine).partition("://")[0]


def connection() -> Any:
    """This thread's Ibis connection to an in-memory DuckDB; it reads files and owns none."""
    return _kept("connection")


def answer(words: str, told: Mapping[str, Any]) -> Any:
    """What DuckDB answers, as Arrow, to a question in its own words: this thread's connection for that keeps no views
    and lives as long as its engine, for a new one costs more than most answers.
    """
    slot = _slot()
    if getattr(_local, "plain_slot", None) != slot:
        _local.plain, _local.plain_slot = _opened(), slot
    return _local.plain.con.sql(words, params=dict(told)).to_arrow_table()


def _kept(name: str) -> Any:
    """Ibis keeps a view for every file list and table in memory it has read, so after some uses another is opened."""
    backend, uses = getattr(_local, name, (None, USES_OF_A_CONNECTION))
    if uses >= USES_OF_A_CONNECTION:
        backend, uses = _opened(), 0
    setattr(_local, name, (backend, uses + 1))
    return backend


class _Embedded(Backend):  # type: ignore[misc]
    """Ibis's backend, which would fetch what DuckDB lacks from the network, such as its own way to buckets."""

    def _load_extensions(self, *_named: object, **_asked: object) -> None:
        """What is needed is built in, or is ours."""


def _opened() -> Any:
    with _opening:
        spill = process_folder() / f"engine-{_slot()}"  # of its own: two engines would write to files of one name
        engine = _engine(str(spill), settings.NOUS.lake_folder)
        return _Embedded.from_connection(engine.cursor())


def _slot() -> int:
    return int(time.monotonic() // LIFE_OF_AN_ENGINE_S)


@lru_cache(maxsize=1)
def _engine(spill: str, lake: str) -> Any:
    """The one DuckDB of this process, whose connections see no views of each other; ended with the last of them when
    another took its place.

    Nothing of a person lies outside the home (`spill`), not even for a moment, and nothing of a file stays in memory
    when it was read: it would outlive erasure.
    """
    engine = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "enable_external_file_cache": "false",
            "preserve_insertion_order": "false",
            "temp_directory": spill,
        }
    )
    if in_bucket(lake):
        engine.register_filesystem(filesystem())
    return engine


class _OfThread:
    """What evaluates expressions over tables in memory alone: Ibis would share one connection between all threads, and
    DuckDB refuses a second call to it.
    """

    def __getattr__(self, name: str) -> Any:
        if name in ("execute", "to_pyarrow"):
            return getattr(_kept("memory"), name)
        backend, _uses = getattr(_local, "memory", (None, 0))
        return getattr(backend or _kept("memory"), name)


ibis.options.default_backend = _OfThread()


def batches(rows: Any, size: int) -> Any:
    """A reader of the Arrow record batches of an Ibis expression, as DuckDB makes them, to which Ibis has no way on
    DuckDB 2; a cluster's answer comes whole. It holds nothing of Python, so any thread may read it.
    """
    backend = ibis.get_backend(rows)
    if backend.name == "pyspark":
        return backend.arrow(rows).to_reader(size)
    backend._run_pre_execute_hooks(rows)  # noqa: SLF001  # registers the tables in memory that the expression names
    return backend.con.sql(backend.compile(rows)).to_arrow_reader(size)


def text_keys(texts: Any) -> Any:
    """The last eight bytes of the MD5 of each Arrow text, little-endian and signed, in the same order.

    >>> text_keys(pa.array(["a", "b"])).to_pylist()
    [7000413967451013937, -8117965422732716230]
    """
    if not hasattr(_local, "keys"):
        _local.keys = duckdb.connect(config={"autoinstall_known_extensions": "false"})  # it keeps the order of rows
    given = pa.table([texts.cast(pa.string()).fill_null("")], names=["text"])
    rows = _local.keys.from_arrow(given).project("md5_number_lower(text) AS key")
    return pa.array(rows.to_arrow_table()["key"].to_numpy().view(np.int64))
