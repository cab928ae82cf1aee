"""A server's process: requests at one port, work in the background, and an end in good order."""

import asyncio
import gc
import os
import signal
import socket  # noqa: TID251  # sockets that others call
import sys
from collections.abc import Sequence
from typing import Any, Protocol

import uvicorn

from nousnous.collector.app import application as collector
from nousnous.runs.heaps import tidy_heaps

GRACE_S = 2
PATIENCE_S = 2.0
"""Requests get the first, background work the second; a supervisor kills what has not ended after ten."""
_LOOPBACK = {"127.0.0.1", "::1"}


class Background(Protocol):
    """Work that goes on in a thread of its own."""

    def start(self) -> None: ...

    def stop(self, patience_s: float) -> None: ...


class Server(uvicorn.Server):
    """uvicorn, with our background work started before the first request and stopped after the last."""

    def __init__(self, config: uvicorn.Config, name: str, background: Sequence[Background]) -> None:
        super().__init__(config)
        self._name = name
        self._background = background

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.started:
            return
        gc.collect()
        gc.freeze()  # what was imported stays: walking through it again and again would hold up every request
        for work in self._background:
            work.start()
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        place = f"http://{'localhost' if host in _LOOPBACK else host}:{port}"
        print(f"{self._name} is at {place}", flush=True)  # noqa: T201  # the answer of the command

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        collector.close()
        # in threads, for Django keeps the records from whoever runs in an event loop
        await asyncio.gather(*(asyncio.to_thread(work.stop, PATIENCE_S) for work in self._background))


def run(application: Any, address: tuple[str, int], name: str, background: Sequence[Background]) -> None:
    """Serve until told to stop, and end the process; port 0 takes a free one and says which."""
    tidy_heaps()
    config = uvicorn.Config(
        application,
        host=address[0],
        port=address[1],
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, _end)  # uvicorn raises the signal again when it has stopped
    Server(config, name, background).run()


def _end(*_: object) -> None:
    """End well, at once: what threads still compute is for nobody any more, and waiting for them could take minutes."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
