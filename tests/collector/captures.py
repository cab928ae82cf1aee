"""The requests that real client libraries sent, ready to be sent again as they were on the wire."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from tests.places import SHARED_DATA

LEFT_OUT = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}
OUTGOING = "slack-"


@dataclass(frozen=True)
class Capture:
    """One recorded request."""

    file: str
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    body: bytes

    def send(self, client: httpx.Client, key: str | None = None) -> httpx.Response:
        query = [*self.query, ("key", key)] if key else self.query
        return client.request(self.method, self.path, params=query, headers=self.headers, content=self.body)


def captures(pattern: str = "*") -> Iterator[Capture]:
    """All requests of the files of such a name, without calls that go out of the house."""
    for path in sorted((SHARED_DATA / "wire").glob(f"{pattern}.json")):
        if not path.name.startswith(OUTGOING):
            for request in json.loads(path.read_text())["requests"]:
                yield _capture(path.stem, request)


def _capture(file: str, request: dict[str, Any]) -> Capture:
    body = json.dumps(request["body_json"]).encode() if "body_json" in request else request["body_text"].encode()
    if request.get("body_encoding") == "gzip":
        body = gzip.compress(body)
    headers = [(name, value) for name, value in request["headers"] if name.lower() not in LEFT_OUT]
    query = [(name, value) for name, value in request["query"]]
    return Capture(file, request["method"], request["path"], query, headers, body)
