"""The site as an ASGI application: the collector's addresses, static files, then the pages and the API."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nousnous.site.settings")
django.setup(set_prefix=False)


class Handler(ASGIHandler):
    """Django with each request in one thread from its first middleware to its last.

    Ours are synchronous, as nearly all views are: in Django's own handler each of them, and each `process_view`,
    changes between the loop and a thread, ten times a request. A view that is asynchronous still runs on the loop.
    A thread that is done serves the next request, with its connection to the records still open: a new thread and a
    new connection for each cost more than most questions.
    """

    MOST_IDLE: Final = 8

    def __init__(self) -> None:
        super().__init__()
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, "request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        finally:
            if len(self._idle) < self.MOST_IDLE:
                self._idle.append(thread)
            else:
                thread.submit(connections.close_all)
                thread.shutdown(wait=False)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002  # Django's signature
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: Any) -> Any:
        return await sync_to_async(self.get_response)(request)


from nousnous.collector.app import HEALTH_PATH, handles  # noqa: E402  # all need the settings that Django just read
from nousnous.collector.app import application as collector  # noqa: E402
from nousnous.runs.scratch import process_folder  # noqa: E402
from nousnous.site.health import health  # noqa: E402
from nousnous.site.static_files import with_static_files  # noqa: E402

settings.FILE_UPLOAD_TEMP_DIR = str(process_folder())  # large uploads lie nowhere but below the home while they come
_pages = with_static_files(Handler())


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Clients of the collector, monitors and people come to the same port."""
    if scope["type"] == "http" and scope["path"] == HEALTH_PATH:
        await health(scope, receive, send)
    elif scope["type"] == "http" and handles(scope["path"]):
        await collector(scope, receive, send)
    else:
        await _pages(scope, receive, send)
