"""What programs ask for all day, a phrase of the book, without Django's way in.

Its handler, its middleware and the checks of an endpoint cost as much as the answer. Only what is answered well is
answered here: whatever else is asked, without a token, for what is not there, in another way, goes to the site, which
does it again and says what is wrong. Token and wording are read from the records each time.
"""

from typing import Any, Final
from urllib.parse import parse_qsl

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http import HttpResponse
from django.http.request import split_domain_port, validate_host

from nousnous.base.errors import Missing
from nousnous.capabilities.phrases.actions.serving import serve_phrase
from nousnous.capabilities.phrases.api import tagged
from nousnous.site.api import access_of
from nousnous.site.middleware import PERMISSIONS
from nousnous.site.threads import one_thread

PATH: Final = "/api/v1/phrases/"
WORD: Final = "phrases:read"
ASKED: Final = {"locale", "tone"}
HEADERS: Final = {
    "Content-Security-Policy": settings.CONTENT_SECURITY_POLICY,
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "Permissions-Policy": PERMISSIONS,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    **(
        {"Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}"} if settings.SECURE_HSTS_SECONDS else {}
    ),
}


def handles(scope: Any) -> bool:
    """Whether a request may be one for a phrase."""
    return bool(scope["method"] == "GET" and scope["path"].startswith(PATH))


async def answered(scope: Any, send: Any) -> bool:
    """Answer a question for a phrase; False, and nothing said, where the site should."""
    async with one_thread():
        response = await sync_to_async(_answer)(scope)
    if response is None:
        return False
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.items()]
    headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
    return True


def _answer(scope: Any) -> HttpResponse | None:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    kind, _, secret = headers.get(b"authorization", "").partition(" ")
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    host = split_domain_port(headers.get(b"host", ""))[0]
    if kind.lower() != "bearer" or asked.keys() - ASKED or not validate_host(host, settings.ALLOWED_HOSTS):
        return None
    close_old_connections()
    try:
        access = access_of(secret.strip())
        if access is None or not access.allows(WORD):
            return None
        found = serve_phrase(
            access.workspace, scope["path"].removeprefix(PATH), asked.get("locale", ""), asked.get("tone", "")
        )
    except (Missing, DatabaseError):
        return None
    response = tagged(headers.get(b"if-none-match", ""), *found)
    for name, value in HEADERS.items():
        response[name] = value
    return response
