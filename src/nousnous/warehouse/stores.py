"""Where a lake or its recordings lie: a folder, or a bucket that speaks S3.

Keys, region and endpoint of a bucket are those of the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` and so on),
which both libraries read by themselves: none of them passes through here, so none can be printed.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import obstore  # noqa: TID251  # where a lake lies is for the settings to say
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from django.conf import settings
from obstore.exceptions import BaseError  # noqa: TID251  # as above
from obstore.store import LocalStore, from_url  # noqa: TID251  # as above

from nousnous.base.configuration import allows_plain_http
from nousnous.base.errors import Refused, Unavailable

RETRIES: Final = 3
PATIENCE: Final = timedelta(seconds=15)
"""For how long an answer is asked for again and again."""
SILENCE: Final = timedelta(seconds=10)
"""How long one request may last."""
GLANCE: Final = timedelta(seconds=2)
"""For how long who only looks whether a bucket answers waits."""
KEYS_A_CALL: Final = 1_000
MOST_SEEN: Final = 100_000
DENIED: Final = ("403", "privileges", "credentials", "Forbidden")
MARKS: Final = ("S3 error", "Error performing", "HTTP error", "lacked the necessary privileges")
"""How the libraries tell of a request to a bucket that failed, also within what an engine says."""


def in_bucket(address: str) -> bool:
    """Whether an address names a bucket and no folder."""
    return "://" in address


def delta_options(address: str) -> dict[str, str] | None:
    """How delta-rs reaches a table: a commit is written only where none of its number stands."""
    if not in_bucket(address):
        return None
    return {
        "conditional_put": "etag",
        "max_retries": str(RETRIES),
        "retry_timeout": _seconds(PATIENCE),
        "timeout": _seconds(SILENCE),
        "connect_timeout": _seconds(GLANCE),
        "allow_http": str(allows_plain_http()).lower(),
    }


@lru_cache(maxsize=8)
def store_at(address: str) -> Any:
    """The store of a folder, or of an address such as `s3://bucket/path`."""
    if not in_bucket(address):
        return LocalStore(Path(address).resolve(), mkdir=True)
    return _store(address, RETRIES, PATIENCE, SILENCE)


def silence_of(address: str) -> str:
    """Why a bucket cannot be read now, with the keys that are given; empty where it can, and for a folder."""
    if not in_bucket(address):
        return ""
    try:
        obstore.list_with_delimiter(_store(address, 0, GLANCE, GLANCE))
    except (BaseError, OSError) as error:
        said = str(error)
        if "NoSuchBucket" in said:
            return "names a bucket that is not there"
        return "refuses the keys" if any(word in said for word in DENIED) else "does not answer"
    return ""


def tables_below(folder: str) -> list[str]:
    """The names of the Delta tables of a workspace's lake."""
    if not in_bucket(folder):
        return sorted(log.parent.name for log in Path(folder).glob("*/_delta_log"))
    bucket, path = _split(folder)
    with reached():
        found = obstore.list_with_delimiter(bucket, prefix=f"{path}/")["common_prefixes"]
        return sorted(str(one).rpartition("/")[2] for one in found if _holds(bucket, f"{one}/_delta_log/"))


def names_below(folder: str) -> set[str]:
    """The names of all files that lie below a table."""
    if not in_bucket(folder):
        return {path.name for path in Path(folder).rglob("*") if path.is_file()}
    bucket, path = _split(folder)
    with reached():
        return {one["path"].rpartition("/")[2] for found in obstore.list(bucket, prefix=f"{path}/") for one in found}


def remove(folder: str) -> None:
    """Take a table away; in a bucket its log goes first, so that what a killed process leaves is no table."""
    if not in_bucket(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    bucket, path = _split(folder)
    with reached():
        delete_all(bucket, (one["path"] for found in obstore.list(bucket, prefix=f"{path}/") for one in found))


def is_empty(address: str) -> bool:
    """Whether nothing lies at an address yet."""
    if not in_bucket(address):
        return not Path(address).exists() or not any(Path(address).iterdir())
    bucket, path = _split(address)
    with reached():
        return not _holds(bucket, f"{path}/".lstrip("/"))


def bring(folder: Path, address: str) -> None:
    """Put all files below a folder into a bucket; the logs of tables last, for they name the others."""
    bucket, path = _split(address)
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    with reached():
        for one in sorted(files, key=lambda file: file.parent.name == "_delta_log"):
            obstore.put(bucket, f"{path}/{one.relative_to(folder)}".lstrip("/"), one)


def delete_all(store: Any, paths: Iterable[str]) -> int:
    """Delete objects; answers how many. One that is gone already is no trouble."""
    left, count = iter(paths), 0
    while some := list(islice(left, KEYS_A_CALL)):
        obstore.delete(store, some)
        count += len(some)
    return count


def filesystem() -> Any:
    """Buckets as DuckDB's own reader of Parquet wants them, which by itself knows no S3."""
    return _unchanging()("s3", skip_instance_cache=True, **_asking(RETRIES, PATIENCE, SILENCE))


@cache
def _unchanging() -> Any:
    """DuckDB asks some thirty times how long a file is that it reads; a file of a table is never written again."""
    try:
        from obstore.fsspec import FsspecStore  # noqa: TID251  # as above
    except ImportError as error:
        raise Refused("NOUS_LAKE names a bucket, which needs more: pip install 'nousnous[s3]'.") from error
    seen: dict[str, Any] = {}

    class Unchanging(FsspecStore):
        async def _info(self, path: str, **told: Any) -> Any:
            if path not in seen:
                found = await super()._info(path, **told)
                if len(seen) >= MOST_SEEN:
                    seen.clear()
                seen[path] = found
            return seen[path]

        def modified(self, path: str) -> datetime:
            moment: datetime = self.info(path)["last_modified"]
            return moment

    return Unchanging


@contextmanager
def reached() -> Iterator[None]:
    """Say in a sentence that a bucket could not be reached."""
    try:
        yield
    except (OSError, DeltaError, BaseError) as error:
        told = trouble_of(error)
        if told is None:
            raise
        raise told from error


def trouble_of(error: BaseException) -> Unavailable | None:
    """What to say of an error that came of a bucket which does not answer; None for any other error."""
    address = settings.NOUS.lake_folder
    if not in_bucket(address) or isinstance(error, TableNotFoundError | CommitFailedError):
        return None
    if not isinstance(error, BaseError) and not any(mark in str(error) for mark in MARKS):
        return None
    return Unavailable(
        f"The lake at {address} cannot be reached; what arrives waits in the log. Try again in a minute; "
        "`nous doctor` says more."
    )


def _holds(bucket: Any, path: str) -> bool:
    return any(obstore.list(bucket, prefix=path))


def _seconds(span: timedelta) -> str:
    return f"{span // timedelta(milliseconds=1)}ms"


def _split(address: str) -> tuple[Any, str]:
    """The store of the whole bucket, and the path in it."""
    scheme, _, rest = address.partition("://")
    name, _, path = rest.partition("/")
    return store_at(f"{scheme}://{name}"), path.strip("/")


def _store(address: str, retries: int, patience: timedelta, silence: timedelta) -> Any:
    return from_url(address, **_asking(retries, patience, silence))


def _asking(retries: int, patience: timedelta, silence: timedelta) -> dict[str, Any]:
    """How long obstore asks."""
    return {
        "retry_config": {"max_retries": retries, "retry_timeout": patience},
        "client_options": {"timeout": silence, "connect_timeout": GLANCE, "allow_http": allows_plain_http()},
    }
