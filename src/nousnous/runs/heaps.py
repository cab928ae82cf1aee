"""Memory of a process that runs for months."""

import ctypes
import threading
from typing import Any, Final

MOST_HEAPS: Final = 2
TIDIED_EVERY_S: Final = 60.0
_M_ARENA_MAX = -8  # of malloc.h
_ONE_HEAP: Final = "narenas:1,tcache:false,dirty_decay_ms:500,muzzy_decay_ms:500"
ALLOCATORS: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "_RJEM_MALLOC_CONF": _ONE_HEAP,
    "DUCKDB_JE_MALLOC_CONF": _ONE_HEAP,
}
"""Variables that tell Arrow, Delta and DuckDB, each with heaps of its own, to give back what is free.

They are read when the libraries load. Threads come and go, and what each frees would lie where no other looks for it.
A query takes 3 % longer, so only processes that last are told.
"""


def tidy_heaps() -> None:
    """Keep what this process has given back to glibc from lying about in it. Other C libraries need no such thing.

    All threads share two heaps: glibc gives up to eight a processor, and what threads that come and go leave in each is
    seldom used again. And once a minute the pages that lie free between others are given back.
    """
    library: Any = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        return
    library.mallopt(_M_ARENA_MAX, MOST_HEAPS)
    threading.Thread(target=_trim, args=(library,), name="heaps", daemon=True).start()


def _trim(library: Any) -> None:
    never = threading.Event()
    while not never.wait(TIDIED_EVERY_S):
        library.malloc_trim(0)
