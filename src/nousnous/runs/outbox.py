"""Facts that became true, and the runs that follow from them."""

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction

from nousnous.base import clock
from nousnous.runs.actions import start_run
from nousnous.runs.models import OutboxEntry, skip_locked
from nousnous.runs.registry import followers, pause_of


def record(fact: object) -> None:
    """Put a fact into the outbox, in the transaction of whoever made it true."""
    payload = asdict(fact)  # type: ignore[call-overload]  # facts are dataclasses; typing has no word for "any of them"
    OutboxEntry.objects.create(fact=type(fact).__name__, payload=payload, recorded_at=clock.now())


def deliver(most: int = 100) -> int:
    """Start the runs that follow from the facts in the outbox, each once."""
    with transaction.atomic():
        entries = list(skip_locked(OutboxEntry.objects.filter(delivered_at=None).order_by("id"))[:most])
        for entry in entries:
            for kind in followers(entry.fact):
                _start(kind, entry)
            entry.delivered_at = clock.now()
            entry.save(update_fields=["delivered_at"])
    return len(entries)


def _start(kind: str, entry: OutboxEntry) -> None:
    """Start the run of one fact, or the one run of all facts of a workspace that come within the pause of its kind."""
    workspace_id = str(entry.payload.get("workspace_id", ""))
    pause_us = pause_of(kind) // timedelta(microseconds=1)
    if not pause_us:
        start_run(kind, entry.payload, workspace_id=workspace_id, key=f"outbox-{entry.pk}")
        return
    due_us = (clock.now_us() // pause_us + 1) * pause_us
    key = f"{workspace_id}-{due_us}"
    start_run(kind, entry.payload, workspace_id=workspace_id, key=key, due_at=clock.from_us(due_us))
