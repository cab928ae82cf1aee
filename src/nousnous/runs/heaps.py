"""Memory of a process that runs for months."""

import ctypes

MOST_HEAPS = 2
_M_ARENA_MAX = -8  # of malloc.h


def share_heaps() -> None:
    """Let all threads take memory from two heaps: glibc gives up to eight a processor, and what threads that come and
    go leave in each is seldom given back. Other C libraries have no such heaps.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, MOST_HEAPS)
