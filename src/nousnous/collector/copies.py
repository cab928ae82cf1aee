"""A copy of all that an installation keeps, made while it serves, and put back into an empty home.

What a copy holds belongs together: while it is taken, nobody writes to the lake (what arrives waits in the log). That
lasts moments, for files of the lake and recordings never change and are linked, not copied; the archive is written
afterwards.
"""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused, Unavailable
from nousnous.collector.moving import move_records
from nousnous.runs.locks import exclusive
from nousnous.runs.scratch import scratch_folder
from nousnous.warehouse.stores import bring, in_bucket, is_empty
from nousnous.workspaces.models import Workspace

Progress = Callable[[int, int], None]
FORMAT: Final = 1
MANIFEST, RECORDS, DUMP = "manifest.json", "records.sqlite3", "records.dump"
OF_THE_MACHINE: Final = frozenset({"locks", "scratch", "records.stamp", RECORDS, f"{RECORDS}-wal", f"{RECORDS}-shm"})
"""What lies in a home and belongs to its processes, or is copied in its own way."""
MADE_BY_COMMANDS: Final = frozenset({"locks", "scratch", "secret_key"})
MOST_MANIFEST_BYTES: Final = 1 << 20
OLDER: Final = (
    "This backup is of an older version: restore it with SQLite in a folder first, and a new backup of that here."
)
COMPRESSION = 1  # what is large is compressed already


@dataclass(frozen=True, slots=True)
class Copy:
    """What an archive holds: its form, when it was taken, the migrations of its records, files and their bytes.

    `elsewhere` is the address of recordings that do not lie in it, `lake` that of a lake that does not.
    """

    format: int
    taken_us: int
    database: str
    migrations: list[str]
    files: int
    bytes: int
    elsewhere: str
    lake: str = ""


def back_up(archive: Path, progress: Progress = lambda _done, _of: None) -> Copy:
    """Write everything into a new archive; it takes its name when it is whole."""
    if archive.exists():
        raise Conflict(f"{archive} is there already; name another file.")
    unfinished = archive.with_name(f"{archive.name}.part")
    with scratch_folder() as folder:
        _take(folder)
        files = {path: path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}
        size = sum(files.values())
        known = [f"{app}.{name}" for app, name in sorted(MigrationRecorder(connection).applied_migrations())]
        elsewhere, lake = _buckets().get("replays", ""), _buckets().get("lake", "")
        copy = Copy(FORMAT, clock.now_us(), connection.vendor, known, len(files), size, elsewhere, lake)
        told = json.dumps(asdict(copy)).encode()
        try:
            _write(unfinished, folder, (told, files), lambda done: progress(done, size))
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise Unavailable(f"{archive} cannot be written: {error.strerror or error}.") from None
    unfinished.replace(archive)
    return copy


def restore(archive: Path, progress: Progress = lambda _done, _of: None) -> Copy:
    """Put an archive into an empty home; nothing is there before all of it was read and found whole."""
    home = settings.NOUS.home
    if full := sorted(path.name for path in home.glob("*") if path.name not in MADE_BY_COMMANDS):
        raise Conflict(f"The home {home} holds {full[0]} already; name an empty folder in NOUS_HOME.")
    for place in _places().values():
        if place.exists() and any(place.iterdir()):
            raise Conflict(f"{place} holds something already, which the settings name as well; name an empty folder.")
    with scratch_folder() as folder:
        copy = _read(archive, folder, progress)
        _check_database(copy)
        _check_lake(copy)
        for name, address in _buckets().items():
            if (folder / name).is_dir():
                _fill(address, folder / name)
        if copy.database == "sqlite" and settings.NOUS.database:
            move_records(folder / RECORDS)
            (folder / RECORDS).unlink()
        if (folder / DUMP).exists():
            _run_postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(folder / DUMP))
            (folder / DUMP).unlink()
        for path in sorted(folder.iterdir(), key=lambda one: one.name == RECORDS):
            place = _places().get(path.name, home / path.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.is_dir():
                place.rmdir()
            shutil.move(path, place)
    return copy


def _places() -> dict[str, Path]:
    """Where what settings may put outside the home lies, as far as that is a folder."""
    return {name: Path(address) for name, address in _addresses().items() if not in_bucket(address)}


def _buckets() -> dict[str, str]:
    """The addresses of the rest of it."""
    return {name: address for name, address in _addresses().items() if in_bucket(address)}


def _addresses() -> dict[str, str]:
    return {"lake": settings.NOUS.lake_folder, "replays": settings.NOUS.replays_address}


def _take(folder: Path) -> None:
    """One moment of everything, in a folder: no table of the lake changes meanwhile."""
    with ExitStack() as held:
        ids = sorted(Workspace.objects.values_list("id", flat=True))
        for name in [*(f"visits-{one}" for one in ids), *(f"lake-{one}" for one in ids)]:
            held.enter_context(exclusive(name))
        _copy_records(folder)
        apart = _places()
        for path in settings.NOUS.home.iterdir():
            if path.name not in OF_THE_MACHINE | apart.keys():
                _copy(path, folder / path.name, os.link if path.name == "uploads" else shutil.copy)
        for name, path in apart.items():
            _copy(path, folder / name, os.link)


def _copy_records(folder: Path) -> None:
    if settings.NOUS.database:
        _run_postgres("pg_dump", "--format=custom", "--no-owner", f"--file={folder / DUMP}")
        return
    database = str(settings.DATABASES["default"]["NAME"])
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(folder / RECORDS)) as target:
        source.backup(target)


def _copy(path: Path, target: Path, link: Callable[[Path, Path], object]) -> None:
    """A file or a folder; what the loader takes away meanwhile stands in the lake already."""
    with suppress(FileNotFoundError):
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            for one in path.iterdir():
                _copy(one, target / one.name, link)
        elif path.is_file():
            try:
                link(path, target)
            except OSError as error:
                if isinstance(error, FileNotFoundError):
                    raise
                shutil.copy(path, target)  # on another disk


def _write(target: Path, folder: Path, held: tuple[bytes, dict[Path, int]], progress: Callable[[int], None]) -> None:
    """The manifest, and of each file what stood in it when it was taken: one that is being written may grow."""
    (manifest, files), done = held, 0
    with target.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=COMPRESSION) as tar:
            first = tarfile.TarInfo(MANIFEST)
            first.size = len(manifest)
            tar.addfile(first, io.BytesIO(manifest))
            for path, size in files.items():
                member = tar.gettarinfo(path, str(path.relative_to(folder)))
                member.size, member.type = size, tarfile.REGTYPE  # a linked file is written whole
                with path.open("rb") as content:
                    tar.addfile(member, content)
                done += size
                progress(done)
        file.flush()
        os.fsync(file.fileno())


def _read(archive: Path, folder: Path, progress: Progress) -> Copy:
    if not archive.is_file():
        raise Missing(f"There is no file {archive}.")
    try:
        with tarfile.open(archive, "r:gz") as tar:
            members = iter(tar)
            copy = _manifest(tar, next(members, None), archive)
            found = [*_unpacked(tar, members, folder, (copy.bytes, lambda done: progress(done, copy.bytes)))]
    except (tarfile.TarError, EOFError, zlib.error, ValueError, msgspec.MsgspecError) as error:
        raise Refused(f"{archive} is no whole backup: {error}. Take another copy of it.") from None
    except OSError as error:
        raise Unavailable(f"{archive} cannot be unpacked: {error.strerror or error}.") from None
    if (len(found), sum(found)) != (copy.files, copy.bytes):
        raise Refused(f"{archive} is no whole backup: it holds {len(found):,} of {copy.files:,} files.")
    return copy


def _manifest(tar: tarfile.TarFile, first: tarfile.TarInfo | None, archive: Path) -> Copy:
    if first is None or first.name != MANIFEST or first.size > MOST_MANIFEST_BYTES:
        raise Refused(f"{archive} is no backup of Nous-Nous: it does not begin with {MANIFEST}.")
    told: dict[str, Any] = json.loads(cast("Any", tar.extractfile(first)).read())
    newer = Refused(f"{archive} was written by a newer version of Nous-Nous; install that version first.")
    if told.get("format") != FORMAT:
        raise newer
    copy = msgspec.convert(told, Copy)
    if set(copy.migrations) - _migrations():
        raise newer
    return copy


def _migrations() -> set[str]:
    """All that this version knows."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}


def _unpacked(
    tar: tarfile.TarFile,
    members: Iterator[tarfile.TarInfo],
    folder: Path,
    told: tuple[int, Callable[[int], None]],
) -> Iterator[int]:
    """The sizes of files as they are unpacked; none gets out of the folder, and no more than the manifest names."""
    (most, progress), done = told, 0
    for member in members:
        done += member.size
        if done > most or not (member.isreg() or member.isdir()):
            raise tarfile.TarError("it holds what its manifest does not name")
        tar.extract(member, folder, filter="data")
        progress(done)
        yield member.size


def _check_lake(copy: Copy) -> None:
    here = settings.NOUS.lake_folder
    if copy.lake and copy.lake != here:
        raise Refused(f"The lake of this backup lies in {copy.lake} and not in the file; name that in NOUS_LAKE.")
    if not copy.lake and in_bucket(here) and set(copy.migrations) != _migrations():
        raise Refused(OLDER)


def _fill(address: str, folder: Path) -> None:
    """Bring what lay in a folder into an empty place of a bucket."""
    if not is_empty(address):
        raise Conflict(f"{address} holds something already, which the settings name; name an empty place.")
    bring(folder, address)
    shutil.rmtree(folder)


def _check_database(copy: Copy) -> None:
    if copy.database == "postgresql" and not settings.NOUS.database:
        raise Refused("The records of this backup are of postgresql; name a PostgreSQL database in NOUS_DATABASE.")
    if copy.database == "sqlite" and settings.NOUS.database and set(copy.migrations) != _migrations():
        raise Refused(OLDER)
    if settings.NOUS.database and connection.introspection.table_names():
        raise Conflict("The database of NOUS_DATABASE holds tables already; name an empty one.")


def _run_postgres(program: str, *options: str) -> None:
    """One of PostgreSQL's own programs, which know how to take and give a database whole."""
    where = settings.DATABASES["default"]
    found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{program} is not installed here; it comes with PostgreSQL's client programs.")
    environment = {"PATH": os.defpath, "PGPASSWORD": str(where["PASSWORD"])}
    asked = {"--host": where["HOST"], "--port": where["PORT"], "--username": where["USER"], "--dbname": where["NAME"]}
    told = [f"{name}={value}" for name, value in asked.items() if value]
    command = [found, *told, *options]
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603  # no shell, and only settings of this installation
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"{program} failed: {error.stderr.strip().splitlines()[-1]}") from None
