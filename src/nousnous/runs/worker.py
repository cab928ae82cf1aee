"""Takes due runs and performs them, one at a time, until told to stop."""

import logging
import threading
import traceback
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, transaction

from nousnous.base import clock
from nousnous.runs import outbox, schedules
from nousnous.runs.models import LEASE, MOST_FAILURES, Run, RunQuerySet
from nousnous.runs.registry import Advance, Work, performer
from nousnous.runs.scratch import sweep_scratch

logger = logging.getLogger(__name__)

STOP_PATIENCE_S = 3.0
_performing: set[Run] = set()


class Worker:
    """Performs runs in a thread of this process. Any number of workers may share one database."""

    def __init__(self, pause_s: float = 0.5) -> None:
        self._pause_s = pause_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._scheduled = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self.serve, name="runs", daemon=True)
        self._thread.start()

    def stop(self, patience_s: float = STOP_PATIENCE_S) -> None:
        """End after the stage that is being performed; one that takes longer is handed back to be done anew."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(patience_s)
            if self._thread.is_alive():
                hand_back()

    def serve(self) -> None:
        """Work until told to stop; a database that is away is waited for."""
        while not self._stopping.is_set():
            try:
                if not self._scheduled:
                    sweep_scratch()
                    schedules.keep_planned()
                    self._scheduled = True
                busy = work_once()
            except DatabaseError:
                logger.exception("The records are out of reach; trying again.")
                busy = False
            finally:
                close_old_connections()
            if not busy:
                self._stopping.wait(self._pause_s)


def work_once() -> bool:
    """Fire schedules, deliver the outbox, perform one run; true if there was anything to do."""
    moved = schedules.fire() + outbox.deliver()
    run = Run.objects.lease()
    if run is not None:
        perform(run)
    return run is not None or moved > 0


def work_all(most: int = 10_000) -> int:
    """Work until nothing is due; returns the rounds it took."""
    return next((rounds for rounds in range(most) if not work_once()), most)


def perform_now(run: Run | None, runs: RunQuerySet) -> None:
    """Perform a leased run in this process, stage after stage, until it ends or waits; `runs` finds it again."""
    while run is not None:
        perform(run)
        run = runs.lease()


def perform(run: Run) -> None:
    """Perform one stage of a leased run and commit its effect together with its advance."""
    work = Work(run.id, run.workspace_id, run.stage, run.state, run.attempt)
    _performing.add(run)
    try:
        with _Heartbeat(run):
            advance = performer(run.kind)(work)
        _commit(run, advance)
    except Exception as trouble:
        logger.exception("%s failed", run)
        _fail(run, trouble)
    finally:
        _performing.discard(run)


def hand_back() -> None:
    """Give up the leases of this process, so that a process that ends counts as no failure of its runs.

    The attempt is raised, which fences the stage that may still be going on here.
    """
    for run in list(_performing):
        if run.settle(attempt=run.attempt + 1, due_at=clock.now()):
            logger.info("%s was handed back; it is performed anew by the next worker.", run)


def _commit(run: Run, advance: Advance) -> None:
    with transaction.atomic():
        if advance.stage is None:
            kept = run.settle(status=Run.DONE, finished_at=clock.now(), trouble="", state=dict(advance.state))
        else:
            kept = run.settle(
                stage=advance.stage,
                state=dict(advance.state),
                due_at=advance.due_at or clock.now(),
                failures=0,
                trouble="",
            )
        if kept and advance.effect is not None:
            advance.effect()


def _fail(run: Run, trouble: Exception) -> None:
    failures = run.failures + 1
    dead = failures >= MOST_FAILURES
    run.settle(
        status=Run.DEAD if dead else Run.WAITING,
        failures=failures,
        trouble="".join(traceback.format_exception(trouble))[-4000:],
        due_at=clock.now() + timedelta(seconds=min(2**failures, 3600)),
        finished_at=clock.now() if dead else None,
    )


class _Heartbeat:
    """Prolongs the lease while a stage takes long."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease {run.id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(LEASE.total_seconds() / 3):
            try:
                if not self._run.renew():
                    return
            except DatabaseError:
                logger.warning("The lease of %s could not be prolonged; trying again.", self._run)
            finally:
                close_old_connections()
