"""Threads that serve one request after the other, each with its connection to the records."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

MOST_IDLE: Final = 8
_idle: list[ThreadPoolExecutor] = []


@asynccontextmanager
async def one_thread() -> AsyncIterator[None]:
    """Within the block, what is not asynchronous runs in one thread that nobody else has.

    Django makes a new one for each request, and with it a new connection: both cost more than most questions.
    """
    thread = _idle.pop() if _idle else ThreadPoolExecutor(1, "request")
    try:
        async with ThreadSensitiveContext(executor=thread):
            yield
    finally:
        if len(_idle) < MOST_IDLE:
            _idle.append(thread)
        else:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)
