"""The verbs of durable work: start a run, cancel it, look at what waits, try again what died, forget what is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, TextField
from django.db.models.functions import Cast

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing
from nousnous.base.mentions import Mentions
from nousnous.runs.models import MOST_FAILURES, OutboxEntry, Run
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.naming import perhaps_naming

REMEMBERED = timedelta(days=14)
"""How long runs that are over, and facts that were delivered, are kept to be looked at."""


@dataclass(frozen=True, slots=True)
class WorkState:
    """How the work stands: runs that wait, runs that gave up, and for how long the oldest is due."""

    waiting: int
    dead: int
    oldest_due_us: int


def start_run(
    kind: str,
    state: Mapping[str, Any] | None = None,
    *,
    workspace_id: str = "",
    key: str | None = None,
    due_at: datetime | None = None,
) -> Run:
    """Start a run; with a key there is one per kind and key, ever, and the first stays."""
    fields: dict[str, Any] = {
        "workspace_id": workspace_id,
        "state": dict(state or {}),
        "due_at": due_at or clock.now(),
        "created_at": clock.now(),
    }
    if key is None:
        return Run.objects.create(kind=kind, **fields)
    return Run.objects.get_or_create(kind=kind, key=key, defaults=fields)[0]


def start_runs(
    kind: str, states: Mapping[str, Mapping[str, Any]], due: Mapping[str, datetime], workspace_id: str
) -> None:
    """Start many runs at once, each with its state and moment by its key; of a key that is known the first stays."""
    made = {"kind": kind, "workspace_id": workspace_id, "created_at": clock.now()}
    runs = [Run(key=key, state=dict(state), due_at=due[key], **made) for key, state in states.items()]
    Run.objects.bulk_create(runs, ignore_conflicts=True)


def cancel_run(kind: str, key: str) -> bool:
    """Cancel a waiting run; one that a worker is performing loses its lease and changes nothing any more."""
    waiting = Run.objects.filter(kind=kind, key=key, status=Run.WAITING)
    return bool(waiting.update(status=Run.CANCELLED, finished_at=clock.now()))


def is_last_try(run_id: str) -> bool:
    """Whether a run gives up when it fails once more: whoever has to say so can say it now."""
    return Run.objects.filter(pk=run_id, failures__gte=MOST_FAILURES - 1).exists()


def state_of_work() -> WorkState:
    """Count what waits and what died."""
    instant = clock.now()
    waiting = Run.objects.filter(status=Run.WAITING)
    oldest = waiting.due(instant).aggregate(oldest=Min("due_at"))["oldest"]
    late_us = 0 if oldest is None else clock.to_us(instant) - clock.to_us(oldest)
    return WorkState(waiting.count(), Run.objects.filter(status=Run.DEAD).count(), late_us)


@transaction.atomic
def retry_run(run_id: str, actor: str = "", workspace: Workspace | None = None) -> Run:
    """Let a dead run, in a workspace or in all of them, try again from the stage at which it died.

    It is noted whose wish that was; a part that goes on with its own work has noted that itself.
    """
    within = Run.objects.all() if workspace is None else Run.objects.of(workspace)
    run = within.filter(pk=run_id).first()
    if run is None:
        raise Missing(f"There is no run “{run_id}”; `nous runs list` shows them.")
    if not Run.objects.filter(pk=run_id, status=Run.DEAD).update(
        status=Run.WAITING, failures=0, due_at=clock.now(), finished_at=None, leased_until=None
    ):
        raise Conflict(f"The run {run_id} is {run.status}; only a dead one can be tried again.")
    run.refresh_from_db()
    owner = Workspace.objects.filter(pk=run.workspace_id).first()
    if owner is not None and actor:
        audit(owner, actor, "try run again", f"{run.id} {run.name}")
    return run


def start_run_here(kind: str, state: Mapping[str, Any], *, workspace_id: str, key: str) -> Run | None:
    """Start a run that is leased already: whoever starts it performs it, and another worker only if they die."""
    with transaction.atomic():
        return Run.objects.filter(pk=start_run(kind, state, workspace_id=workspace_id, key=key).pk).lease()


def take_out_of_runs(workspace_id: str, mentions: Mentions, besides: str) -> int:
    """Take ids out of what runs and facts of a workspace say, but for runs of one kind; answers how many rows.

    Trouble of runs over all workspaces may name anybody, too.
    """
    runs = Run.objects.filter(workspace_id__in=(workspace_id, "")).exclude(kind=besides)
    changed = 0
    for run in perhaps_naming(runs.annotate(told=Cast("state", TextField())), mentions, "told", "trouble"):
        own = run.workspace_id == workspace_id
        told = (mentions.without_in(run.state) if own else run.state, mentions.without(run.trouble))
        if told != (run.state, run.trouble):
            changed += Run.objects.filter(pk=run.pk).update(state=told[0], trouble=told[1])
    for entry in perhaps_naming(OutboxEntry.objects.annotate(told=Cast("payload", TextField())), mentions, "told"):
        payload = mentions.without_in(entry.payload)
        if entry.payload.get("workspace_id") == workspace_id and payload != entry.payload:
            changed += OutboxEntry.objects.filter(pk=entry.pk).update(payload=payload)
    return changed


def forget_finished() -> int:
    """Delete runs and delivered facts that are long over; dead runs stay until somebody decides."""
    before = clock.now() - REMEMBERED
    gone = Run.objects.filter(status__in=(Run.DONE, Run.CANCELLED), finished_at__lt=before).delete()[0]
    return gone + OutboxEntry.objects.filter(delivered_at__lt=before).delete()[0]
