"""The distributed engine: Spark, or what speaks Spark Connect, over the files of a Delta snapshot, through Ibis.

A cluster is handed the list of files that a snapshot holds, so it needs no reader of Delta; it reads, and this process
writes. Imported by `engine` when the setting names a cluster, for the library is an extra.
"""

import socket  # noqa: TID251  # where the cluster is, is for the settings to say
import threading
import weakref
from collections import deque
from functools import cache
from itertools import count
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkSchema
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from pyspark.sql import SparkSession
from pyspark.sql.connect.session import SparkSession as RemoteSession

from nousnous.base.errors import Refused

TEXTS: Final = "map<string,string>"
QUIET: Final[dict[str, bool | float | int | str | None]] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
PATIENCE_S: Final = 5
NO_STORE: Final = "No FileSystem for scheme"
REMEDY: Final = "give it hadoop-aws, or the bucket as a mounted folder; the guide `grow` says how."
_opening = threading.Lock()


def cluster(address: str) -> Any:
    """This process's connection to a cluster, opened once; its threads share it."""
    with _opening:
        return _opened(address)


@cache
def _opened(address: str) -> Any:
    _knock(address)
    Cluster.register_options()
    if address.startswith("sc://"):
        return Cluster().connect(RemoteSession.builder.remote(address).create())
    return Cluster().connect(SparkSession.builder.master(address).appName("nousnous").config(map=QUIET).getOrCreate())


def _knock(address: str) -> None:
    """Somebody listens at one of the addresses; the library itself would try for minutes."""
    trouble: OSError | None = None
    for place in urlsplit(address).netloc.split(","):
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), PATIENCE_S).close()
        except OSError as error:
            trouble = error
        else:
            return
    raise trouble or OSError("it names no host and port")


class _Compiler(PySparkCompiler):  # type: ignore[misc]
    """Ibis's own way to a member of a JSON text knows no pointer, and starts Python on each worker."""

    SIMPLE_OPS: ClassVar[dict[Any, str]] = {}  # what is named there would win over a method of this class

    def visit_JSONGetItem(self, op: Any, *, arg: Any, index: Any) -> Any:  # noqa: N802, ARG002  # Ibis names it
        name = op.index.value.removeprefix("/").replace("~1", "/").replace("~0", "~")
        return self.f.element_at(self.f.from_json(arg, TEXTS), sge.convert(name))

    def visit_UnwrapJSONString(self, op: Any, *, arg: Any) -> Any:  # noqa: N802, ARG002  # Ibis names it
        return arg


class Cluster(Backend):  # type: ignore[misc]
    """Ibis's backend with Arrow in and out: through pandas, its own way, whole numbers beside a null lose digits."""

    compiler = _Compiler()

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._numbers = count()
        self._left: deque[str] = deque()

    def read_parquet(self, files: list[str]) -> Any:
        """A table of some files, which the cluster knows as long as an expression names it."""
        name = f"files_{next(self._numbers)}"
        try:
            self._session.read.parquet(*files).createOrReplaceTempView(name)
        except Exception as error:
            if NO_STORE not in str(error):
                raise
            raise Refused(
                f"The cluster of NOUS_ENGINE cannot read {files[0].partition('://')[0]}://: {REMEDY}"
            ) from None
        table = self.table(name)
        self._forget_with(table.op(), name)
        return table

    def to_pyarrow(self, expr: Any, /, **_asked: Any) -> Any:
        return expr.__pyarrow_result__(self.arrow(expr.as_table()))

    def arrow(self, rows: Any) -> Any:
        """All rows of an expression as an Arrow table, in the types that it promises."""
        self._run_pre_execute_hooks(rows)
        return self._session.sql(self.compile(rows)).toArrow().cast(rows.schema().to_pyarrow())

    def _register_udfs(self, expr: Any) -> None:
        """Nothing here is computed by Python on a worker."""

    def _register_in_memory_table(self, op: Any) -> None:
        rows, schema = op.data.to_pyarrow(op.schema), PySparkSchema.from_ibis(op.schema)
        self._session.createDataFrame(rows, schema).createOrReplaceTempView(op.name)
        self._forget_with(op, op.name)

    def _forget_with(self, op: Any, name: str) -> None:
        """Drop a view after its last expression, at the next chance: a collector of garbage must not wait for it."""
        while self._left:
            self._session.catalog.dropTempView(self._left.popleft())
        weakref.finalize(op, self._left.append, name).atexit = False
