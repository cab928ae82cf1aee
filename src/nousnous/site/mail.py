"""Django's mail settings from the address of a mail server."""

from typing import Any
from urllib.parse import unquote, urlsplit

from nousnous.base.errors import Refused


def mail_settings(address: str) -> dict[str, Any]:
    """Settings for `smtp://user:password@host:port` (`smtps` for TLS from the start); none prints mails.

    >>> mail_settings("smtp://post.example:25")["EMAIL_HOST"]
    'post.example'
    """
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise Refused("NOUS_MAIL must be smtp://user:password@host:port, smtps://…, or empty to print mails.")
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }
