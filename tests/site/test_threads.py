"""Threads of requests: as many as are needed at once, and no longer than they are."""

import asyncio
import threading
import time
from collections import deque

import pytest
from asgiref.sync import sync_to_async

from nousnous.site import threads


def test_threads_serve_again_and_end_when_nobody_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_idle", deque())
    first = at_once(3)
    assert len(first) == 3
    assert at_once(1) < first
    assert alive(first) == 3
    monkeypatch.setattr(threads, "IDLE_S", 0)
    (kept,) = at_once(1)
    deadline = time.monotonic() + 10
    while alive(first) > 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert {one for one in first if one.is_alive()} == {kept}


def at_once(count: int) -> set[threading.Thread]:
    """The threads that serve some requests which wait for each other."""
    met = threading.Barrier(count)

    def serve() -> threading.Thread:
        met.wait(10)
        return threading.current_thread()

    async def ask() -> threading.Thread:
        async with threads.one_thread():
            return await sync_to_async(serve)()

    async def ask_all() -> set[threading.Thread]:
        return set(await asyncio.gather(*(ask() for _ in range(count))))

    return asyncio.run(ask_all())


def alive(some: set[threading.Thread]) -> int:
    return sum(one.is_alive() for one in some)
