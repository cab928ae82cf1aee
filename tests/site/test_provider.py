"""The provider of sign-in may be in our own network; what it names elsewhere is called as any other server is."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from nousnous.base.errors import Refused
from nousnous.site.entrance import ProviderEntrance


class _Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        inside = f"http://127.0.0.1:{self.server.server_address[1]}/keys"  # type: ignore[attr-defined]  # it has a port
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", inside)
        body = f'{{"userinfo_endpoint": "{inside}"}}'.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def issuer(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    address = f"http://localhost:{server.server_address[1]}"
    settings.NOUS = replace(settings.NOUS, oidc_issuer=address)
    yield address
    server.shutdown()
    server.server_close()


def test_the_provider_is_asked_and_nothing_that_it_names_within(issuer: str) -> None:
    with ProviderEntrance().get_requests_session() as session:
        told = session.get(f"{issuer}/.well-known/openid-configuration").json()
        with pytest.raises(Refused, match="use https"):
            session.get(told["userinfo_endpoint"])
        with pytest.raises(Refused, match="private network"):
            session.get(told["userinfo_endpoint"].replace("http:", "https:"))


def test_a_provider_that_leads_elsewhere_is_not_followed_inside(issuer: str) -> None:
    with ProviderEntrance().get_requests_session() as session, pytest.raises(Refused):
        session.get(f"{issuer}/moved")
