"""Threads that serve one request after the other, each with its connection to the records."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

MOST_IDLE: Final = 8
IDLE_S: Final = 60
"""What a thread keeps open, files and memory of its engine, is given back when nobody has needed it for so long."""
_idle: deque[tuple[ThreadPoolExecutor, float]] = deque()
"""The one that waits longest comes first, and the last one serves next."""


@asynccontextmanager
async def one_thread() -> AsyncIterator[None]:
    """Within the block, what is not asynchronous runs in one thread that nobody else has.

    Django makes a new one for each request, and with it a new connection: both cost more than most questions.
    """
    thread = _idle.pop()[0] if _idle else ThreadPoolExecutor(1, "request")
    try:
        async with ThreadSensitiveContext(executor=thread):
            yield
    finally:
        now_s = asyncio.get_running_loop().time()
        _idle.append((thread, now_s))
        while len(_idle) > MOST_IDLE or _idle[0][1] < now_s - IDLE_S:
            _end(_idle.popleft()[0])


def _end(thread: ThreadPoolExecutor) -> None:
    thread.submit(connections.close_all)
    thread.shutdown(wait=False)
