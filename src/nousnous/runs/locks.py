"""One writer at a time, across threads, processes and machines of an installation.

A lock is a file of the home, which the system frees when its holder dies. Where the records are in PostgreSQL, there
may be homes on several machines: then it is one of the database's own locks as well, freed with its connection.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections

from nousnous.base.errors import Unavailable


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Hold the lock of that name; waits until it is free, and is freed when the process dies."""
    with exclusive_here(name), _in_records(name, wait=True):
        yield


@contextmanager
def exclusive_if_free(name: str) -> Iterator[bool]:
    """Hold the lock of that name if nobody else does; whether it is held."""
    with exclusive_here_if_free(name) as mine:
        if not mine:
            yield False
            return
        with _in_records(name, wait=False) as ours:
            yield ours


@contextmanager
def exclusive_here(name: str) -> Iterator[None]:
    """The same for what belongs to this home alone, such as its log."""
    descriptor = _opened(name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def exclusive_here_if_free(name: str) -> Iterator[bool]:
    """Hold the lock of this home if nobody else does; whether it is held."""
    descriptor = _opened(name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def _in_records(name: str, *, wait: bool) -> Iterator[bool]:
    """Hold the lock in PostgreSQL, on a connection of its own: closing that frees it, whatever became of the work."""
    if connection.vendor != "postgresql":
        yield True
        return
    holding: Any = connections.create_connection("default")
    function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    try:
        with holding.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_number(name)])
            held = wait or bool(cursor.fetchone()[0])
        yield held
    finally:
        with suppress(DatabaseError):  # it is gone already, and with it the lock
            holding.close()


def _number(name: str) -> int:
    """PostgreSQL's locks have numbers."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def _opened(name: str) -> int:
    folder = settings.NOUS.home / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / name, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        trouble = f"{settings.NOUS.home} cannot be written ({error.strerror}); make it writable, and try again."
        raise Unavailable(trouble) from None
