"""The verbs of durable work: start a run, cancel it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nousnous.base import clock
from nousnous.runs.models import Run


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


def cancel_run(kind: str, key: str) -> bool:
    """Cancel a waiting run; one that a worker is performing loses its lease and changes nothing any more."""
    waiting = Run.objects.filter(kind=kind, key=key, status=Run.WAITING)
    return bool(waiting.update(status=Run.CANCELLED, finished_at=clock.now()))
