"""Leaving no deleted row readable in the files of the records."""

from typing import Any

from django.apps import apps
from django.db import OperationalError, connection

LOCK_NOT_AVAILABLE = "55P03"
PATIENCE_MS = 2_000
"""How long others may be kept from writing meanwhile."""

OLDER_READERS = """
    SELECT EXISTS (
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND greatest(coalesce(age(backend_xmin), 0), coalesce(age(backend_xid), 0)) > age(%s::text::xid)
    )
"""


def newest_change() -> str:
    """A mark behind all that was changed until now; empty where the database needs none."""
    if connection.vendor == "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::xid::text")
        return str(cursor.fetchone()[0])


def forget_free_pages(until: str) -> bool:
    """Write the records anew without what was deleted before a mark; false while somebody still reads it."""
    with connection.cursor() as cursor:
        try:
            return _forget_sqlite(cursor) if connection.vendor == "sqlite" else _forget_postgresql(cursor, until)
        except OperationalError as trouble:
            if not _is_held_up(trouble):
                raise
            return False


def _is_held_up(trouble: OperationalError) -> bool:
    """Somebody else holds a lock; any other trouble, such as a full disk, is told as what it is."""
    return getattr(trouble.__cause__, "sqlstate", None) == LOCK_NOT_AVAILABLE or "locked" in str(trouble)


def _forget_sqlite(cursor: Any) -> bool:
    """SQLite overwrites what is deleted (`secure_delete`), but not what stood where it has moved a row from.

    A reader of an older state keeps the log from being emptied into the file, and the log holds what was.
    """
    cursor.execute("PRAGMA busy_timeout")
    patience_ms = cursor.fetchone()[0]
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    try:
        if not _emptied(cursor):
            return False
        cursor.execute("VACUUM")
        return _emptied(cursor)
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")


def _emptied(cursor: Any) -> bool:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy: int = cursor.fetchone()[0]
    return not busy


def _forget_postgresql(cursor: Any, until: str) -> bool:
    """Rows that an older transaction may still read would be taken along into the new files."""
    cursor.execute(OLDER_READERS, [until])
    if cursor.fetchone()[0]:
        return False
    cursor.execute(f"SET lock_timeout = {PATIENCE_MS}")
    try:
        for model in apps.get_models():
            table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  # Django's own way to the name
            cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
    finally:
        cursor.execute("SET lock_timeout = DEFAULT")
    return True
