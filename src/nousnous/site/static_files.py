"""Static files: one fingerprint of all of them is part of their address, so browsers may keep them for ever."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from servestatic.asgi import ServeStaticASGI


def fingerprint(package: Path) -> str:
    """A hash of the content of all static files of our parts."""
    digest = hashlib.blake2b(digest_size=6)
    for folder in sorted([*package.glob("*/static"), *package.glob("capabilities/*/static")]):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def style_within_pages(address: str) -> str:
    """The whole style, which stands in each page: asking for it would delay the first paint by a round trip."""
    built = Path(__file__).parent / "static/built"
    style = built / "style.css"
    return style.read_text().strip().replace("url(fonts/", f"url({address}built/fonts/") if style.exists() else ""


def policy_hash(text: str) -> str:
    """How a content security policy names a text that it allows within pages."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def with_static_files(application: Any) -> Any:
    """Serve the static files of every app, and hand all else to the application."""
    served = ServeStaticASGI(
        application,
        max_age=0,
        immutable_file_test=lambda _path, url: url.startswith(settings.STATIC_URL),
        allow_all_origins=False,
        add_headers_function=lambda headers, _path, _url: headers.__setitem__("X-Content-Type-Options", "nosniff"),
    )
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            served.add_files(storage.location, prefix=settings.STATIC_URL)
    return served
