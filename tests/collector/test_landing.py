"""Rows enter the lake once each, only what may be kept, and tied to their persons."""

from typing import Any

import pyarrow as pa

from nousnous.base import clock
from nousnous.collector.landing import Landed, add_unseen, land
from nousnous.collector.standing import standing_in
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE
from nousnous.facts.scores import SCORES
from nousnous.people.actions.consents import decide_consent
from nousnous.people.models import MergeSuggestion
from nousnous.runs.models import OutboxEntry
from nousnous.warehouse.lake import lake_of, rows_of
from nousnous.workspaces.models import Workspace

KEYED = ((1, "n1"), (2, "n2"))


def events(*rows: tuple[str, str | None, str | None], kind: str = "track") -> Any:
    ids, users, anonymous = zip(*rows, strict=True)
    return pa.table(
        {
            "message_id": pa.array(ids),
            "type": pa.array([kind] * len(rows)),
            "event": pa.array(["Page Viewed"] * len(rows)),
            "ts_us": pa.array(range(len(rows))),
            "user_id": pa.array(users, pa.string()),
            "anonymous_id": pa.array(anonymous, pa.string()),
        }
    )


def stored(workspace: Workspace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lake_of(workspace).snapshot().events().order_by("ts_us").to_pyarrow().to_pylist()
    return rows


def test_a_row_lands_once_however_often_it_is_handed_in(workspace: Workspace) -> None:
    rows = events(("m1", "ada", None), ("m2", "bob", None), ("m1", "ada", None))
    assert land(workspace, EVENTS, rows) == Landed(added=2, repeated=1, refused=0)
    assert land(workspace, EVENTS, rows) == Landed(added=0, repeated=3, refused=0)
    assert [row["message_id"] for row in stored(workspace)] == ["m1", "m2"]


def test_a_row_that_somebody_else_committed_meanwhile_is_not_added_again(workspace: Workspace) -> None:
    land(workspace, EVENTS, events(("m1", "ada", None)))
    lake = lake_of(workspace)
    first, second = (rows_of(EVENTS, {"message_id": [name], "message_key": [number]}) for number, name in KEYED)
    seen = standing_in(lake, EVENTS)
    assert not seen.perhaps(first["message_key"].to_numpy()).any()
    lake.append(EVENTS, first)
    added = add_unseen(lake, EVENTS, pa.concat_tables([first, second]))
    assert added["message_id"].to_pylist() == ["n2"]
    assert lake.snapshot(EVENTS).count(EVENTS) == 3


def test_each_commit_has_a_higher_number_though_the_clock_went_back(workspace: Workspace) -> None:
    land(workspace, EVENTS, events(("m1", "ada", None)))
    with clock.frozen(5):
        land(workspace, EVENTS, events(("x", None, None), ("m2", "ada", None)))
    first, _, second = sorted(row["landed_us"] for row in stored(workspace))
    assert second == first + 1


def test_an_event_before_the_sign_in_belongs_to_the_person_at_once(workspace: Workspace) -> None:
    land(workspace, EVENTS, events(("m1", None, "device")))
    land(workspace, EVENTS, events(("m2", "ada", "device"), ("m3", None, None)))
    first, second, nobody = sorted(stored(workspace), key=lambda row: row["message_id"])
    assert first["person_key"] == second["person_key"] == second["identity_key"] != first["identity_key"]
    assert nobody["person_key"] is None


def test_an_alias_of_a_known_id_waits_for_a_member(workspace: Workspace) -> None:
    land(workspace, EVENTS, events(("m1", "old", None)))
    land(workspace, EVENTS, events(("m2", "new", "old"), kind="alias"))
    assert MergeSuggestion.objects.get().previous_id == "old"


def test_what_a_person_denied_does_not_land(workspace: Workspace) -> None:
    decide_consent(workspace, "ada", "analytics", "denied")
    assert land(workspace, EVENTS, events(("m1", "ada", None), ("m2", "bob", None))).refused == 1
    assert [row["user_id"] for row in stored(workspace)] == ["bob"]


def test_other_tables_land_the_same_way(workspace: Workspace) -> None:
    scores = pa.table({"score_id": ["s1", "s1"], "user_id": ["ada", "ada"], "value": [9.0, 9.0]})
    assert land(workspace, SCORES, scores) == Landed(added=1, repeated=1, refused=0)
    broken = pa.table({"quarantine_id": ["q1"], "body": [b"{"], "reason": ["it ends too early"]})
    assert land(workspace, QUARANTINE, broken).added == 1


def test_the_outbox_hears_of_what_landed_and_of_nothing_else(workspace: Workspace) -> None:
    for _ in range(2):
        land(workspace, EVENTS, events(("m1", "ada", None)))
    assert OutboxEntry.objects.filter(fact="EventsLanded").count() == 1
    assert land(workspace, EVENTS, events(("m1", "ada", None)).slice(0, 0)).added == 0
