"""Servers in the place of Slack and of the trackers: real HTTP, what they took in, and a line that can break."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from standardwebhooks import Webhook

from nousnous.plays.channels.actions import Connection, connect
from nousnous.plays.channels.models import Channel
from nousnous.workspaces.models import Workspace

WEBHOOK = "whsec_cXVva2thcXVva2thcXVva2thcXVva2thcXVva2th"
SECRETS = (
    *("xoxb-quokka", "signed-quokka", "ghp-quokka", "jira-quokka", "lin-quokka"),
    WEBHOOK.removeprefix("whsec_"),
)


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    authorization: str
    body: Any
    headers: dict[str, str]
    raw: bytes


@dataclass
class Other:
    """The other side. `revoked` refuses its token, `busy` answers with a status.

    `deaf` takes what comes next, and breaks off before it answers.
    """

    url: str = ""
    revoked: bool = False
    busy: int = 0
    deaf: bool = False
    asked: list[Asked] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if self.busy:
            return self.busy, {"message": "busy"}
        for begins, answer in ANSWERS.items():
            if asked.path.startswith(begins):
                return answer(self, asked)
        return 404, {"message": "Not Found"}

    def keep(self, **said: Any) -> dict[str, Any]:
        self.kept.append(said)
        return said


def _slack(other: Other, asked: Asked) -> tuple[int, Any]:
    if other.revoked:
        return 200, {"ok": False, "error": "token_revoked"}
    if asked.authorization != "Bearer xoxb-quokka":
        return 200, {"ok": False, "error": "invalid_auth"}
    method = asked.path.removeprefix("/api/")
    if method == "chat.postMessage":
        kept = other.keep(**asked.body, ts=f"170000000{len(other.kept)}.000100")
        return 200, {"ok": True, "channel": "C123", "ts": kept["ts"]}
    if method == "chat.update":
        (found,) = [one for one in other.kept if one["ts"] == asked.body["ts"]]
        found.update(asked.body)
        return 200, {"ok": True, "channel": "C123", "ts": found["ts"]}
    under = asked.query.get("ts") or asked.body.get("ts")
    found = [one for one in other.kept if one.get("thread_ts") == under]
    return 200, {"ok": True, "messages": found}


def _hook(other: Other, asked: Asked) -> tuple[int, Any]:
    if other.revoked:
        return 404, "no_service"
    other.keep(**asked.body)
    return 200, "ok"


def _press(other: Other, asked: Asked) -> tuple[int, Any]:
    other.answers.append(asked.body)
    return 200, "ok"


def _take(other: Other, asked: Asked) -> tuple[int, Any]:
    Webhook(WEBHOOK).verify(asked.raw, asked.headers)
    if asked.headers["webhook-id"] not in [one["id"] for one in other.kept]:
        other.keep(**asked.body, id=asked.headers["webhook-id"])
    return 204, ""


def _github(other: Other, asked: Asked) -> tuple[int, Any]:
    if other.revoked or asked.authorization != "Bearer ghp-quokka":
        return 401, {"message": "Bad credentials"}
    if asked.method == "POST":
        number = len(other.kept) + 1
        return 201, other.keep(**asked.body, html_url=f"https://github.example/north/shop/issues/{number}")
    return 200, other.kept if asked.path.endswith("/issues") else {"has_issues": True}


def _jira(other: Other, asked: Asked) -> tuple[int, Any]:
    if other.revoked or asked.authorization != "Basic YWRhQGV4YW1wbGUub3JnOmppcmEtcXVva2th":
        return 401, {"errorMessages": ["You are not authenticated."]}
    if asked.path == "/rest/api/3/search/jql":
        label = asked.query["jql"].split('"')[1]
        return 200, {"issues": [{"key": one["key"]} for one in other.kept if label in one["labels"]]}
    if asked.method == "POST":
        return 201, other.keep(**asked.body["fields"], key=f"CX-{len(other.kept) + 1}")
    return 200, {"key": "CX", "name": "Customers"}


def _linear(other: Other, asked: Asked) -> tuple[int, Any]:
    if other.revoked or asked.authorization != "lin-quokka":
        refusal = {"message": "Authentication required", "extensions": {"code": "AUTHENTICATION_ERROR"}}
        return 401, {"errors": [refusal]}
    query, told = asked.body["query"], asked.body["variables"]
    if "teams(" in query:
        return 200, {"data": {"teams": {"nodes": [{"id": "team-1", "name": "Engine"}]}}}
    if "issues(" in query:
        return 200, {"data": {"issues": {"nodes": [one for one in other.kept if one["id"] == told["id"]]}}}
    issue = other.keep(**told["input"], url=f"https://linear.example/ENG-{len(other.kept) + 1}")
    return 200, {"data": {"issueCreate": {"success": True, "issue": issue}}}


ANSWERS: dict[str, Callable[[Other, Asked], tuple[int, Any]]] = {
    "/api/": _slack,
    "/services/": _hook,
    "/actions/": _press,
    "/take": _take,
    "/repos/north/shop": _github,
    "/rest/api/": _jira,
    "/graphql": _linear,
}


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        form = "urlencoded" in self.headers.get("Content-Type", "")
        body = dict(parse_qsl(raw.decode())) if form else json.loads(raw or b"{}")
        told = Asked(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query)),
            self.headers.get("Authorization", ""),
            body,
            dict(self.headers),
            raw,
        )
        other = self.server.other
        other.asked.append(told)
        status, answer = other.answer(told)
        if other.deaf:
            other.deaf = False
            self.close_connection = True
            return
        data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    other: Other


@pytest.fixture
def other(settings: Any) -> Iterator[Other]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.other = Other(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.NOUS = replace(settings.NOUS, slack=server.other.url, private_addresses=True)
    yield server.other
    server.shutdown()
    server.server_close()


Connected = Callable[..., Channel]


@pytest.fixture
def connected(workspace: Workspace, other: Other) -> Connected:
    """A channel to the other side."""
    values = {
        "slack": {"token": "xoxb-quokka", "channel": "C123", "signing_secret": "signed-quokka"},
        "webhook": {"address": f"{other.url}/take", "secret": WEBHOOK},
        "github": {"token": "ghp-quokka", "repository": "north/shop", "address": other.url},
        "jira": {"token": "jira-quokka", "account": "ada@example.org", "project": "CX", "address": other.url},
        "linear": {"token": "lin-quokka", "team": "ENG", "address": f"{other.url}/graphql"},
    }

    def connected(kind: str, name: str = "", **said: str) -> Channel:
        return connect(workspace, Connection(kind, name or f"our-{kind}", said or values[kind]), "test")

    return connected
