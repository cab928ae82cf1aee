"""Where the records are: SQLite in the home folder, or PostgreSQL."""

from typing import Any
from urllib.parse import unquote, urlsplit

from nousnous.base.configuration import Configuration
from nousnous.base.errors import Refused

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
    "PRAGMA cache_size=-512;"  # KiB a connection: the system keeps the file in memory as well, once for all of them
)

KEPT_S = 60
"""How long a connection serves one question after the other."""


def database(configuration: Configuration) -> dict[str, Any]:
    """Django's description of the database that `NOUS_DATABASE` names."""
    if not configuration.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": configuration.home / "records.sqlite3",
            "CONN_MAX_AGE": KEPT_S,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_PRAGMAS},
        }
    address = urlsplit(configuration.database)
    if address.scheme not in {"postgres", "postgresql"}:
        raise Refused("NOUS_DATABASE must begin with postgres:// or be empty for SQLite.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.path.lstrip("/"),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": address.hostname or "",
        "PORT": str(address.port or 5432),
        "CONN_MAX_AGE": KEPT_S,
        "CONN_HEALTH_CHECKS": True,
    }
