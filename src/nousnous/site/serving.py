"""One process that serves everything and works in the background."""

import socket
from typing import Any

import uvicorn

from nousnous.runs.worker import Worker


class Server(uvicorn.Server):
    """uvicorn, with our background work started before the first request and stopped after the last."""

    def __init__(self, config: uvicorn.Config, worker: Worker | None) -> None:
        super().__init__(config)
        self._worker = worker

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.started:
            return
        if self._worker is not None:
            self._worker.start()
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(f"Nous-Nous is at http://{'localhost' if host in _LOOPBACK else host}:{port}", flush=True)  # noqa: T201

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        if self._worker is not None:
            self._worker.stop()


_LOOPBACK = {"127.0.0.1", "::1"}


def serve(application: Any, host: str, port: int, *, working: bool = True) -> None:
    """Serve until told to stop; port 0 takes a free one and says which."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    Server(config, Worker() if working else None).run()
