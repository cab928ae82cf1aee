"""What may be wrong with what an installation keeps: found, explained, and mended where that is safe.

Safe is what loses nothing: taking away what a killed process left, and what no table names; setting aside a commit
that was never whole, since the log keeps rows until their commit is; closing a file that others could read.
"""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from deltalake.exceptions import DeltaError
from django.conf import settings

from nousnous.base import clock
from nousnous.collector.log import SUFFIX, unreadable_in
from nousnous.collector.tidying import KEPT_HOURS
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.runs.locks import exclusive
from nousnous.runs.scratch import left_behind, sweep_scratch
from nousnous.warehouse.lake import Lake, lake_of
from nousnous.warehouse.maintenance import cut_off, set_aside, vacuum
from nousnous.warehouse.objects import objects_of, sweep_recordings
from nousnous.warehouse.stores import in_bucket, names_below, silence_of
from nousnous.workspaces.models import Workspace

OK, WARNING, FAILED, MENDED = "ok", "warning", "failed", "mended"
OURS_ALONE: Final = 0o600
UNFINISHED_S: Final = 3600
"""A commit that is being written is renamed within seconds: what is older was left."""
BUCKET_AWAY: Final = (
    "What arrives waits in the log, and is loaded by itself later. Look at the service of the bucket, at "
    "AWS_ENDPOINT_URL, and at the keys."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a warning wants a look, a failure means that work stands still.

    `remedy` says what to do; `mend` does it, where that is safe.
    """

    name: str
    state: str
    detail: str
    remedy: str = ""
    mend: Callable[[], object] | None = field(default=None, compare=False, repr=False)


def examine() -> list[Finding]:
    """Look at files, lakes, log and recordings; costs a listing of all of them."""
    found = [*permissions()]
    if any(one.state == FAILED for one in found):
        return found  # what is looked at next needs a place to write
    lakes = [(workspace.slug, lake_of(workspace)) for workspace in Workspace.objects.order_by("slug")]
    found += [*_scratch(), *_log()]
    if trouble := silence_of(place := settings.NOUS.lake_folder):
        return [*found, Finding("tables", FAILED, f"{place} {trouble}.", BUCKET_AWAY)]
    for slug, lake in lakes:
        found += [replace(one, detail=f"{slug}: {one.detail}") for one in [*_tables(lake), *_recordings(lake)]]
    seen = {one.name for one in found}
    return [*found, *(Finding(name, OK, sound) for name, sound in SOUND.items() if name not in seen)]


def mended(found: list[Finding]) -> list[Finding]:
    """Mend what can be mended safely, and say so."""
    return [_mended(one) for one in found]


SOUND: Final = {
    "permissions": "the home can be written, and its secret is ours alone",
    "scratch": "nothing was left behind",
    "segments": "the log can be read",
    "tables": "all tables can be read, and name files that are there",
    "recordings": "rows and files belong together",
}


def _mended(one: Finding) -> Finding:
    if one.mend is None:
        return one
    one.mend()
    return replace(one, state=MENDED, mend=None)


def permissions() -> Iterator[Finding]:
    """What of the home cannot be written, or can be read by others; needs no records."""
    home = settings.NOUS.home
    lake = settings.NOUS.lake_folder
    for place in (home, home / "log", *([] if in_bucket(lake) else [Path(lake)])):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK | os.X_OK):
            yield Finding("permissions", FAILED, f"{place} cannot be written.", "Let the user of the server own it.")
    secret = home / "secret_key"
    if secret.exists() and (mode := stat.S_IMODE(secret.stat().st_mode)) & ~OURS_ALONE:
        detail = f"{secret} can be read by others (mode {mode:o})."
        yield Finding("permissions", WARNING, detail, "Mode 600.", partial(secret.chmod, OURS_ALONE))


def _scratch() -> Iterator[Finding]:
    if count := left_behind():
        detail = f"Killed processes left {count} folders, which may hold rows of people."
        yield Finding("scratch", WARNING, detail, "They are taken away; the next start does it, too.", sweep_scratch)


def _log() -> Iterator[Finding]:
    """Segments are read like the loader does: what is damaged is passed over, what stands around it is loaded."""
    for path in sorted((settings.NOUS.home / "log").glob(f"*{SUFFIX}")):
        if unreadable := unreadable_in(path):
            detail = f"{unreadable:,} bytes of {path.name} cannot be read: the disk lost or changed them."
            remedy = "What stands around them is loaded. Clients that were not answered send again; look at the disk."
            yield Finding("segments", WARNING, detail, remedy)


def _tables(lake: Lake) -> Iterator[Finding]:
    for name in lake.names():
        yield from (commits := [*_commits(lake, name)])
        if any(one.state == FAILED for one in commits):
            continue
        try:
            table, standing = lake.named(name), names_below(f"{lake.folder}/{name}")
        except DeltaError as error:
            said = str(error).splitlines()[0]
            yield Finding("tables", FAILED, f"{name} cannot be opened: {said}", "Restore it from a backup.")
            continue
        if missing := {path.rpartition("/")[2] for path in table.file_uris()} - standing:
            detail = f"{name} names {len(missing)} files that are gone, such as {min(missing)}."
            yield Finding("tables", FAILED, detail, "Restore it from a backup.")
        if unnamed := table.vacuum(retention_hours=KEPT_HOURS, enforce_retention_duration=False, full=True):
            detail = f"{name} holds {len(unnamed)} files that no version of the last week names."
            yield Finding("tables", WARNING, detail, "They are deleted.", partial(_vacuum, lake, name))


def _commits(lake: Lake, name: str) -> Iterator[Finding]:
    """What a power cut left of a commit: its beginning under another name, or the newest one cut off.

    A bucket holds what is put there whole or not at all.
    """
    if in_bucket(lake.folder):
        return
    old_s = clock.real().timestamp() - UNFINISHED_S
    log = Path(lake.folder, name, "_delta_log")
    left = [path for path in log.glob("*.tmp") if path.stat().st_mtime < old_s]
    if left:
        detail = f"{name} holds {len(left)} commits that were never finished."
        yield Finding("tables", WARNING, detail, "They are deleted: nothing names them.", partial(_unlink, left))
    if cut_off(lake, name):
        detail = f"The newest commit of {name} is cut off, and the table cannot be opened."
        remedy = "It is set aside: what came by requests stands in the log still; import the newest file once more."
        yield Finding("tables", FAILED, detail, remedy, partial(_set_aside, lake, name))


def _recordings(lake: Lake) -> Iterator[Finding]:
    try:
        rows = lake.snapshot(REPLAY_CHUNKS).table(REPLAY_CHUNKS).select("object").to_pyarrow()
    except DeltaError:
        return  # told of its table
    named, standing = set(rows["object"].to_pylist()), set(objects_of(lake).standing())
    if lost := named - standing:
        detail = f"{len(lost)} pieces of recordings are gone from {settings.NOUS.replays_address}."
        yield Finding("recordings", WARNING, detail, "Players pass over them; a backup may hold them.")
    if unnamed := standing - named:
        detail = f"{len(unnamed)} files of recordings are named by no row."
        yield Finding(
            "recordings", WARNING, detail, "They are deleted; the daily run does it, too.", partial(_sweep, lake)
        )


def _set_aside(lake: Lake, table_name: str) -> None:
    with exclusive(f"lake-{lake.workspace_id}"):
        set_aside(lake, table_name)


def _vacuum(lake: Lake, name: str) -> None:
    with exclusive(f"lake-{lake.workspace_id}"):
        vacuum(lake, name, KEPT_HOURS)


def _sweep(lake: Lake) -> None:
    with exclusive(f"lake-{lake.workspace_id}"):
        sweep_recordings(lake)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
