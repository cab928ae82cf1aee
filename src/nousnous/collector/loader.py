"""From the log into the lake, and the lake kept tidy: a thread that runs beside a server, one for each installation.

A segment is deleted only after its rows stand in the lake. Landing adds nothing twice, so a loader that dies anywhere
is followed by one that starts over with what is left.
"""

import fcntl
import logging
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from nousnous.base import clock
from nousnous.base.errors import Unavailable
from nousnous.collector import tidying
from nousnous.collector.capture import kept_query
from nousnous.collector.entries import Arrival
from nousnous.collector.landing import land
from nousnous.collector.log import SUFFIX, frames_in
from nousnous.collector.reading import rows_of_arrivals
from nousnous.facts.replays import REPLAY_CHUNKS, REPLAY_SESSIONS
from nousnous.runs.locks import exclusive, exclusive_here_if_free
from nousnous.runs.scratch import sweep_scratch
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.maintenance import set_aside
from nousnous.workspaces.models import Workspace

PAUSE_S = 0.7
TROUBLE_S = 5.0
PIECE_BYTES = 16 * 1024 * 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one segment holds behind the place up to which it was loaded."""

    path: Path
    arrivals: tuple[Arrival, ...]
    end: int
    over: bool


class Loader:
    """Loads in a thread between `start` and `stop`; of several in one installation only one loads at a time."""

    def __init__(self) -> None:
        self._folder = settings.NOUS.home / "log"
        self._loaded: dict[str, int] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        sweep_scratch()
        self._thread = threading.Thread(target=self._serve, name="loader", daemon=True)
        self._thread.start()

    def stop(self, patience_s: float = 10) -> None:
        """Load what stands in the log, then end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(patience_s)

    def load(self) -> int:
        """Load what stands in the log now; returns how many requests that were. 0 where another loader is at it."""
        with exclusive_here_if_free("loader") as mine:
            if not mine:
                return 0
            self._forget_unborn()
            return self._load_all()

    def _serve(self) -> None:
        _mend_lakes()
        while True:
            last, pause_s = self._stopping.is_set(), PAUSE_S
            try:
                self.load()
                if not last:
                    tidying.tidy_next()
            except Unavailable as away:
                logger.warning("The log could not be loaded, and waits. %s", away)
                pause_s = TROUBLE_S
            except Exception:  # whatever it is, the log keeps the rows until it is mended
                logger.exception("The log could not be loaded; trying again.")
                pause_s = TROUBLE_S
            finally:
                close_old_connections()
            if last:
                return
            self._stopping.wait(pause_s)

    def _load_all(self) -> int:
        """Piece by piece; what comes while the last one is landed waits for the next time, so that commits stay few."""
        loaded, backlog = 0, True
        while backlog and (pieces := self._pieces()):
            arrivals = [arrival for piece in pieces for arrival in piece.arrivals]
            _land(arrivals)
            loaded += len(arrivals)
            backlog = sum(len(arrival.body) for arrival in arrivals) >= PIECE_BYTES // 2
            for piece in pieces:
                self._loaded[piece.path.name] = piece.end
            self._forget([piece.path for piece in pieces if piece.over])
        return loaded

    def _pieces(self) -> list[_Piece]:
        pieces, room = [], PIECE_BYTES
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            piece = _read_piece(path, self._loaded.get(path.name, 0))
            if piece.arrivals or piece.over:
                pieces.append(piece)
            room -= piece.end - self._loaded.get(path.name, 0)
            if room <= 0:
                break
        return pieces

    def _forget_unborn(self) -> None:
        """Segments whose writer died before it could name them; nothing was ever written to those."""
        for path in self._folder.glob("*.new"):
            with suppress(FileNotFoundError):  # it was named meanwhile
                if clock.now_us() - path.stat().st_mtime_ns // 1000 > clock.MINUTE_US:
                    path.unlink()

    def _forget(self, paths: list[Path]) -> None:
        if not paths:
            return
        os.sync()  # the lake's files must outlive a power cut before the log's may go
        for path in paths:
            path.unlink(missing_ok=True)
            self._loaded.pop(path.name, None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands in the log: how much, and for how long the oldest of it."""

    megabytes: float
    oldest_us: int


def waiting_in_log() -> Waiting:
    """Measure the segments of the log by their files; rows of those that are still written may be loaded already."""
    megabytes, oldest_us = 0.0, 0
    for path in (settings.NOUS.home / "log").glob(f"*{SUFFIX}"):
        with suppress(FileNotFoundError):  # it was loaded meanwhile
            found = path.stat()
            megabytes += found.st_size / 1024**2
            oldest_us = max(oldest_us, clock.now_us() - found.st_mtime_ns // 1000) if found.st_size else oldest_us
    return Waiting(megabytes, oldest_us)


def clear_log(patience_s: float = 30) -> None:
    """Return when nothing that stands in the log now stands there any more; Unavailable when that takes too long.

    For whoever erases: the log is loaded (what is refused is left out) and its segments are deleted.
    """
    folder = settings.NOUS.home / "log"
    standing = set(folder.glob(f"*{SUFFIX}"))
    loader, tries = Loader(), round(patience_s * 4)
    for _ in range(tries):
        loader.load()
        if standing.isdisjoint(folder.glob(f"*{SUFFIX}")):
            return
        time.sleep(0.25)
    raise Unavailable("The log still holds what came before; is a loader at work? Try again in a minute.")


def _mend_lakes() -> None:
    """After a power cut the next start recovers by itself: commits that were cut off come again from the log."""
    try:
        for workspace in Workspace.objects.order_by("id"):
            lake = lake_of(workspace)
            with exclusive(f"lake-{workspace.id}"):
                for name in lake.names():
                    if set_aside(lake, name):
                        logger.warning("A commit of %s was cut off. Import the newest file once more.", name)
    except (DatabaseError, Unavailable):
        logger.warning("The records or the lake are away; the lakes are not looked at.")
    finally:
        close_old_connections()


def _land(arrivals: list[Arrival]) -> None:
    by_workspace: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        by_workspace.setdefault(arrival.workspace_id, []).append(arrival)
    workspaces = Workspace.objects.in_bulk(by_workspace)
    for workspace_id, mine in by_workspace.items():
        if workspace_id not in workspaces:
            logger.warning("%s requests of a workspace that is gone were left out.", len(mine))
            continue
        workspace = workspaces[workspace_id]
        for table, rows in rows_of_arrivals(mine, kept_query(workspace)).items():
            land(workspace, table, rows)
            tidying.touched(workspace, table)
            if table is REPLAY_CHUNKS:
                tidying.touched(workspace, REPLAY_SESSIONS)


def _read_piece(path: Path, start: int) -> _Piece:
    """Frames from a place on; whole segments that nobody writes any more are over when read to their end."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        finished = _is_finished(descriptor)
        size = os.fstat(descriptor).st_size
        if size <= start and not finished:
            return _Piece(path, (), start, over=False)
        data = os.pread(descriptor, PIECE_BYTES * 2, start)
    finally:
        os.close(descriptor)
    at_end = start + len(data) >= size
    frames = tuple(frames_in(data, finished=finished and at_end))
    end = start + frames[-1].end if frames else start
    over = finished and at_end
    if not frames and not at_end:
        end = start + len(data)  # only damage as long as a piece: go on behind it
    return _Piece(path, tuple(frame.arrival for frame in frames), end, over)


def _is_finished(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
