"""One writer at a time, across threads and processes of an installation."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from nousnous.base.errors import Unavailable


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Hold the lock of that name; waits until it is free, and is freed by the system when the process dies."""
    descriptor = _opened(name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def exclusive_if_free(name: str) -> Iterator[bool]:
    """Hold the lock of that name if nobody else does; whether it is held."""
    descriptor = _opened(name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


def _opened(name: str) -> int:
    folder = settings.NOUS.home / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / name, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        trouble = f"{settings.NOUS.home} cannot be written ({error.strerror}); make it writable, and try again."
        raise Unavailable(trouble) from None
