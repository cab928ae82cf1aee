"""The tables of durable work, with the queries that lease it."""

from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db import connection, models, transaction
from django.db.models import F, Q

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.base.shapes import Instant, shaped
from nousnous.runs.reasons import DIED, reason_of
from nousnous.runs.registry import name_of
from nousnous.workspaces.models import Workspace

LEASE = timedelta(seconds=30)
MOST_FAILURES = 8


def new_run_id() -> str:
    return random_id("run")


class RunQuerySet(models.QuerySet["Run"]):
    def due(self, instant: datetime) -> "RunQuerySet":
        free = Q(leased_until=None) | Q(leased_until__lt=clock.real())
        return self.filter(free, status=Run.WAITING, due_at__lte=instant).order_by("due_at", "id")

    def of(self, workspace: Workspace) -> "RunQuerySet":
        return self.filter(workspace_id=workspace.id)

    def having(self, status: str) -> "RunQuerySet":
        """Those of one status, or all."""
        return self.filter(status=status) if status else self

    def newest(self, status: str, most: int) -> "RunQuerySet":
        """The newest runs, of one status or of all."""
        return self.having(status).order_by("-created_at", "id")[:most]

    def troubled(self) -> "RunQuerySet":
        """What failed: first what gave up, newest first, then what is tried again."""
        failing = Q(status=Run.DEAD) | Q(status=Run.WAITING, failures__gt=0)
        return self.filter(failing).order_by("status", F("finished_at").desc(nulls_last=True), "due_at", "id")

    def lease(self) -> "Run | None":
        """Take the run that is due longest; nobody else gets it until the lease ends.

        A lease that ran out counts as a failure, so that a run which kills its process ends as well.
        """
        instant = clock.now()
        with transaction.atomic():
            run: Run | None = skip_locked(self.due(instant)).first()
            if run is None:
                return None
            if run.leased_until is not None:
                run.failures += 1
                run.trouble = DIED
            run.attempt += 1
            run.leased_until = clock.real() + LEASE
            if run.failures >= MOST_FAILURES:
                run.status, run.leased_until, run.finished_at = Run.DEAD, None, instant
            run.save()
        return run if run.status == Run.WAITING else self.lease()


class RunShape(TypedDict):
    id: str
    kind: str
    name: str
    stage: str
    status: str
    failures: int
    reason: str
    created_at: Instant
    due_at: Instant
    finished_at: Instant | None


class Run(models.Model):
    """One piece of durable work. `attempt` fences: who holds an older one may change nothing any more."""

    WAITING, DONE, DEAD, CANCELLED = "waiting", "done", "dead", "cancelled"

    id = models.CharField(primary_key=True, max_length=32, default=new_run_id, editable=False)
    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=200, null=True, help_text="One run per kind and key, ever.")
    workspace_id = models.CharField(max_length=32, blank=True)
    stage = models.CharField(max_length=100, default="start")
    state = models.JSONField(default=dict)
    status = models.CharField(max_length=10, default=WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="one_run_per_kind_and_key"),)
        indexes = (models.Index(fields=("status", "due_at"), name="run_due"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.stage}, {self.status})"

    @property
    def name(self) -> str:
        """What the work is, in words."""
        return name_of(self.kind)

    @property
    def is_dead(self) -> bool:
        return self.status == self.DEAD

    @property
    def failed_at(self) -> datetime:
        """When it gave up, or when it is tried again."""
        return self.finished_at or self.due_at

    @property
    def reason(self) -> str:
        """Why it failed, for members; empty where it did not."""
        return reason_of(self.trouble) if self.trouble else ""

    def as_dict(self) -> RunShape:
        return shaped(RunShape, self)

    @property
    def last_words(self) -> str:
        """The last line of what went wrong."""
        return self.trouble.strip().rsplit("\n", 1)[-1]

    def renew(self) -> bool:
        """Prolong the lease; false if it was lost."""
        return bool(self._own().update(leased_until=clock.real() + LEASE))

    def settle(self, **changes: Any) -> bool:
        """Write the outcome of a stage and end the lease; false if the lease was lost."""
        return bool(self._own().update(leased_until=None, **changes))

    def _own(self) -> RunQuerySet:
        return Run.objects.filter(pk=self.pk, attempt=self.attempt, status=Run.WAITING)


class Schedule(models.Model):
    """Starts a run of a kind whenever its cron line says so, in its time zone."""

    name = models.CharField(primary_key=True, max_length=200)
    cron = models.CharField(max_length=100)
    timezone = models.CharField(max_length=64, default="UTC")
    kind = models.CharField(max_length=100)
    workspace_id = models.CharField(max_length=32, blank=True)
    state = models.JSONField(default=dict)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.cron})"


class OutboxEntry(models.Model):
    """A fact that became true, waiting to start the runs that follow from it."""

    fact = models.CharField(max_length=100)
    payload = models.JSONField()
    recorded_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("delivered_at", "id"), name="outbox_waiting"),)

    def __str__(self) -> str:
        return f"{self.fact} {self.pk}"


def skip_locked(rows: Any) -> Any:
    """Lock rows, passing over those of other workers; SQLite's IMMEDIATE transaction locks by itself."""
    return rows.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else rows
