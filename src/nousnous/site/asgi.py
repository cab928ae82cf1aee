"""The site as an ASGI application: the collector's addresses, static files, then the pages and the API."""

import os
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nousnous.site.settings")
django.setup(set_prefix=False)


class Handler(ASGIHandler):
    """Django with each request in one thread from its first middleware to its last.

    Ours are synchronous, as nearly all views are: in Django's own handler each of them, and each `process_view`,
    changes between the loop and a thread, ten times a request. A view that is asynchronous still runs on the loop.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with one_thread():
            await self.handle(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002  # Django's signature
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: Any) -> Any:
        return await sync_to_async(self.get_response)(request)


from nousnous.collector.app import HEALTH_PATH, handles  # noqa: E402  # all need the settings that Django just read
from nousnous.collector.app import application as collector  # noqa: E402
from nousnous.runs.scratch import process_folder  # noqa: E402
from nousnous.site import quick  # noqa: E402
from nousnous.site.health import health  # noqa: E402
from nousnous.site.static_files import with_static_files  # noqa: E402
from nousnous.site.threads import one_thread  # noqa: E402

settings.FILE_UPLOAD_TEMP_DIR = str(process_folder())  # large uploads lie nowhere but below the home while they come
_pages = with_static_files(Handler())


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Clients of the collector, monitors and people come to the same port."""
    if scope["type"] == "http" and scope["path"] == HEALTH_PATH:
        await health(scope, receive, send)
    elif scope["type"] == "http" and handles(scope["path"]):
        await collector(scope, receive, send)
    elif not (scope["type"] == "http" and quick.handles(scope) and await quick.answered(scope, send)):
        await _pages(as_reached(scope), receive, send)


def as_reached(scope: Any) -> Any:
    """TLS ends before us, at whoever stands in front; the address of the site says whether people come by it."""
    return scope | {"scheme": "https"} if settings.SESSION_COOKIE_SECURE else scope
