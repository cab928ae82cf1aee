"""The site as an ASGI application: the collector's addresses, static files, then the pages and the API."""

import os
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nousnous.site.settings")
_django = get_asgi_application()

from nousnous.collector.app import HEALTH_PATH, handles  # noqa: E402  # all need the settings that Django just read
from nousnous.collector.app import application as collector  # noqa: E402
from nousnous.runs.scratch import process_folder  # noqa: E402
from nousnous.site.health import health  # noqa: E402
from nousnous.site.static_files import with_static_files  # noqa: E402

settings.FILE_UPLOAD_TEMP_DIR = str(process_folder())  # large uploads lie nowhere but below the home while they come
_pages = with_static_files(_django)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Clients of the collector, monitors and people come to the same port."""
    if scope["type"] == "http" and scope["path"] == HEALTH_PATH:
        await health(scope, receive, send)
    elif scope["type"] == "http" and handles(scope["path"]):
        await collector(scope, receive, send)
    else:
        await _pages(scope, receive, send)
