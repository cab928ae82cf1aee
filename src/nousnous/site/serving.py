"""One process that serves everything and works in the background."""

import socket
from typing import Any

import uvicorn

from nousnous.collector.app import application as collector
from nousnous.collector.loader import Loader
from nousnous.runs.worker import Worker

Background = Worker | Loader


class Server(uvicorn.Server):
    """uvicorn, with our background work started before the first request and stopped after the last."""

    def __init__(self, config: uvicorn.Config, background: list[Background]) -> None:
        super().__init__(config)
        self._background = background

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.started:
            return
        for work in self._background:
            work.start()
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(f"Nous-Nous is at http://{'localhost' if host in _LOOPBACK else host}:{port}", flush=True)  # noqa: T201

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        collector.close()
        for work in self._background:
            work.stop(STOP_PATIENCE_S)


STOP_PATIENCE_S = 1.5
_LOOPBACK = {"127.0.0.1", "::1"}


def serve(application: Any, host: str, port: int, *, working: bool = True, loading: bool = True) -> None:
    """Serve until told to stop; port 0 takes a free one and says which."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    background: list[Background] = [Loader()] if loading else []
    Server(config, [*background, Worker()] if working else background).run()
