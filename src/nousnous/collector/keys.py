"""Which workspace a write key belongs to, remembered so that no request waits for the database."""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, close_old_connections

from nousnous.base import clock
from nousnous.base.errors import Unavailable
from nousnous.workspaces.models import WriteKey

FRESH_US = 5 * clock.SECOND_US
"""How long a revoked key is still accepted at most, and how old what is remembered may be."""
PAUSE_US = clock.SECOND_US // 2
"""An unknown key is looked up anew this often at most, so that guessing keys costs no queries."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where events with a key go: the key itself, its id, its workspace, and what the workspace tells browsers."""

    key: str
    id: str
    workspace_id: str
    told: Mapping[str, Any]


class Keys:
    """All valid write keys, read again in the background."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._read_us = 0
        self._reading: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keys")

    async def source(self, candidates: Iterable[str]) -> Source | None:
        """The source of the first valid key among some; None when none is valid."""
        keys = list(candidates)
        age_us = abs(clock.now_us() - self._read_us)  # the clock may have been set back
        found = self._find(keys)
        if found is None and keys and age_us > PAUSE_US:
            await self._read()
            return self._find(keys)
        if age_us > FRESH_US:
            self._start_reading()
        return found

    async def check(self) -> None:
        """Unavailable when the keys could never be read."""
        if not self._read_us:
            await self._read()

    def close(self) -> None:
        self._thread.shutdown()

    def _find(self, keys: list[str]) -> Source | None:
        return next((self._sources[key] for key in keys if key in self._sources), None)

    def _start_reading(self) -> "asyncio.Task[None]":
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read_once())
        return self._reading

    async def _read(self) -> None:
        await asyncio.shield(self._start_reading())
        if not self._read_us:
            raise Unavailable("The keys cannot be read: the database is away. Try again later.")

    async def _read_once(self) -> None:
        try:
            self._sources = await asyncio.get_running_loop().run_in_executor(self._thread, _valid_sources)
        except DatabaseError:
            return  # those that are remembered hold until the database is back
        self._read_us = clock.now_us()


def _valid_sources() -> dict[str, Source]:
    try:
        rows = WriteKey.objects.valid().values_list("key", "id", "workspace_id", "workspace__browsers__parts")
        return {row[0]: Source(row[0], row[1], row[2], row[3] or {}) for row in rows}
    finally:
        close_old_connections()
