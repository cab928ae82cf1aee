"""Carrying out retention: what is past its term goes, with a receipt."""

from datetime import timedelta
from typing import Any

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import MESSAGES, QUARANTINE
from nousnous.facts.replays import REPLAY_CHUNKS, REPLAY_SESSIONS
from nousnous.facts.scores import SCORES
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import Lake, lake_of
from nousnous.warehouse.maintenance import retract, vacuum
from nousnous.warehouse.models import Retention, RetentionReceipt
from nousnous.warehouse.objects import sweep_recordings
from nousnous.workspaces.actions import audit, forget_audit
from nousnous.workspaces.models import Workspace

RETENTION_RUN = "warehouse.retention"
AUDIT = Table("audit", 1, "Who did what in the workspace; kept in the records.", (), time=None)
DEFAULT_DAYS: dict[Table, int] = {
    EVENTS: 25 * 365 // 12,
    SCORES: 25 * 365 // 12,
    REPLAY_CHUNKS: 90,
    MESSAGES: 13 * 365 // 12,
    QUARANTINE: 90,
    AUDIT: 6 * 365,
}
SHORTEST_DAYS = 1


def terms(workspace: Workspace) -> dict[Table, int]:
    """How many days each table of a workspace is kept."""
    own = dict(Retention.objects.filter(workspace=workspace).values_list("table", "days"))
    return {table: own.get(table.name, days) for table, days in DEFAULT_DAYS.items()}


def set_term(workspace: Workspace, table_name: str, days: int, actor: str) -> None:
    """Change how long a table is kept."""
    if table_name not in {table.name for table in DEFAULT_DAYS}:
        known = ", ".join(table.name for table in DEFAULT_DAYS)
        raise Refused(f"There is no table {table_name!r}; choose one of {known}.")
    if days < SHORTEST_DAYS:
        raise Refused("A table is kept for at least one day.")
    Retention.objects.update_or_create(workspace=workspace, table=table_name, defaults={"days": days})
    audit(workspace, actor, "change how long is kept", f"{table_name}: {days} days")


def carry_out_retention(workspace: Workspace) -> list[RetentionReceipt]:
    """Delete what is past its term from disk; returns the receipts of tables that lost something."""
    lake = lake_of(workspace)
    receipts = []
    for table, days in terms(workspace).items():
        before_at = clock.now() - timedelta(days=days)
        if table is AUDIT:
            rows = forget_audit(workspace, before_at)
        else:
            with exclusive(f"lake-{workspace.id}"):
                rows = _delete_before(lake, table, clock.to_us(before_at))
        if rows:
            receipts.append(
                RetentionReceipt.objects.create(
                    workspace=workspace, table=table.name, before_at=before_at, rows=rows, done_at=clock.now()
                )
            )
    return receipts


def perform_retention(_: Work) -> Advance:
    """The daily run over all workspaces."""
    for workspace in Workspace.objects.all():
        carry_out_retention(workspace)
    return Advance()


def _delete_before(lake: Lake, table: Table, before_us: int) -> int:
    rows = lake.snapshot(table).table(table)
    old = rows.filter(rows[str(table.time)] < before_us)
    if table is EVENTS:
        spans: Any = old.group_by("identity_key").agg(from_us=old.ts_us.min(), to_us=old.ts_us.max()).to_pyarrow()
        if not spans.num_rows:
            return 0
        retract(lake, spans)
    deleted = lake.delete(table, f"{table.time} < {before_us}")
    if deleted:
        vacuum(lake, table.name, hours=0)
    if table is REPLAY_CHUNKS:
        sweep_recordings(lake)
        if deleted:
            vacuum(lake, REPLAY_SESSIONS.name, hours=0)
    return deleted
