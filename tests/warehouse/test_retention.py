"""What is past its term is gone from the disk, and a receipt says so."""

from pathlib import Path

import pytest

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.facts.events import EVENTS, RETRACTIONS
from nousnous.warehouse.actions import carry_out_retention, set_term, terms
from nousnous.warehouse.lake import Lake, lake_of, rows_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import AuditEntry, Workspace

DAY = clock.DAY_US


def lake_with_days(workspace: Workspace, *ages: int) -> Lake:
    lake = lake_of(workspace)
    times = [clock.now_us() - age * DAY for age in ages]
    columns = {"message_id": [f"m{age}" for age in ages], "ts_us": times, "identity_key": list(ages)}
    lake.append(EVENTS, rows_of(EVENTS, columns))
    return lake


def test_old_events_go_and_young_ones_stay(workspace: Workspace) -> None:
    lake = lake_with_days(workspace, 800, 10)
    (receipt,) = carry_out_retention(workspace)
    assert (receipt.table, receipt.rows) == ("events", 1)
    events = lake.snapshot().table(EVENTS).to_pyarrow()
    assert events["message_id"].to_pylist() == ["m10"]
    assert len(list(Path(lake.path(EVENTS)).glob("*.parquet"))) == 1


def test_readers_are_told_which_spans_went(workspace: Workspace) -> None:
    lake = lake_with_days(workspace, 800, 10)
    carry_out_retention(workspace)
    assert lake.snapshot().table(RETRACTIONS).to_pyarrow()["identity_key"].to_pylist() == [800]


def test_a_term_can_be_changed_and_nothing_happens_twice(workspace: Workspace) -> None:
    lake_with_days(workspace, 10)
    assert carry_out_retention(workspace) == []
    set_term(workspace, "events", 5, "test")
    assert terms(workspace)[EVENTS] == 5
    assert len(carry_out_retention(workspace)) == 1
    assert carry_out_retention(workspace) == []


def test_an_unknown_table_or_no_time_at_all_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="no table 'orders'"):
        set_term(workspace, "orders", 5, "test")
    with pytest.raises(Refused, match="at least one day"):
        set_term(workspace, "events", 0, "test")


def test_old_entries_of_the_audit_log_go_with_a_receipt(workspace: Workspace) -> None:
    for years in (7, 1):
        entry = audit(workspace, "ann", f"read {years}")
        AuditEntry.objects.filter(pk=entry.pk).update(at=clock.from_us(clock.now_us() - years * 365 * DAY))
    (receipt,) = carry_out_retention(workspace)
    assert (receipt.table, receipt.rows) == ("audit", 1)
    assert [entry.verb for entry in AuditEntry.objects.filter(workspace=workspace)] == ["read 1"]
