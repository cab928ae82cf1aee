"""The site as an ASGI application: static files, then the pages and the API."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nousnous.site.settings")
_django = get_asgi_application()

from nousnous.site.static_files import with_static_files  # noqa: E402  # needs the settings that Django just read

application = with_static_files(_django)
