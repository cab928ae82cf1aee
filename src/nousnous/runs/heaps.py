"""Memory of a process that runs for months."""

import ctypes
import threading
from typing import Any, Final

MOST_HEAPS: Final = 2
TIDIED_EVERY_S: Final = 60.0
_M_ARENA_MAX = -8  # of malloc.h


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
