"""A server in front of the collector that refuses first and then passes on, as one does that is busy or restarting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

FAULTS = (429, 503)
INGEST = ("/v1/batch", "/batch/")


class Gate(ThreadingHTTPServer):
    """Answers the first requests for events with 429 and 503, then forwards everything."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = httpx.Client(base_url=behind, timeout=30)
        self.faults = list(FAULTS)
        self.lock = threading.Lock()
        self.answered: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_fault(self, path: str) -> int | None:
        with self.lock:
            return self.faults.pop(0) if self.faults and path.startswith(INGEST) else None


class _Handler(BaseHTTPRequestHandler):
    server: Gate
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self._body()
        fault = self.server.next_fault(self.path)
        if fault is not None:
            self._answer(fault, b'{"success":false}', [("Retry-After", "1")])
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _BETWEEN}
        passed = self.server.client.request(self.command, self.path, content=body, headers=headers)
        self._answer(passed.status_code, passed.content, [("Content-Type", passed.headers["content-type"])])

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.server.answered.append(status)
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


_BETWEEN = {"host", "connection", "transfer-encoding", "content-length", "accept-encoding"}


@contextmanager
def gate(behind: str) -> Iterator[Gate]:
    """A gate before a server until the block ends."""
    server = Gate(behind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        server.client.close()
