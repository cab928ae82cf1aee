"""A process that does nothing but receive."""

import socket

import uvicorn

from nousnous.collector.app import application
from nousnous.collector.loader import Loader


class Server(uvicorn.Server):
    """uvicorn that says where it is, and finishes the log when it stops."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            print(f"The collector is at http://{host}:{port}", flush=True)  # noqa: T201  # the answer of the command

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        application.close()


def serve(host: str, port: int, *, loading: bool = True) -> None:
    """Receive until told to stop; port 0 takes a free one and says which."""
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
        timeout_graceful_shutdown=5,
    )
    loader = Loader() if loading else None
    if loader is not None:
        loader.start()
    Server(config).run()
    if loader is not None:
        loader.stop()
