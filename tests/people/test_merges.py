"""An anonymous id belongs to the first known id it meets; known persons are merged by a person only."""

from itertools import permutations

import pytest
from tests.people.conftest import Came

from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.facts.events import EVENTS, LINKS
from nousnous.people.actions.merges import (
    Meeting,
    decide_suggestion,
    merge_persons,
    observe_meetings,
    unmerge_person,
)
from nousnous.people.identity import find_person
from nousnous.people.models import MergeSuggestion
from nousnous.runs.models import OutboxEntry
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace


def persons(workspace: Workspace) -> dict[str, int]:
    """Who each event belongs to, by its id."""
    events = lake_of(workspace).snapshot(EVENTS, LINKS).events()
    rows = events.select("user_id", "anonymous_id", "person_key").to_pyarrow().to_pylist()
    return {row["user_id"] or row["anonymous_id"]: row["person_key"] for row in rows}


def test_events_before_the_sign_in_belong_to_the_person(workspace: Workspace, came: Came) -> None:
    came(anonymous_id="a1", ts_us=1)
    came(user_id="ada", anonymous_id="a1", ts_us=2)
    observe_meetings(workspace, [Meeting("a1", "ada", 2)])
    assert persons(workspace)["a1"] == persons(workspace)["ada"]
    assert find_person(workspace, "a1").id == "ada"
    assert OutboxEntry.objects.get().fact == "PersonsMerged"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_arrival_changes_nothing(workspace: Workspace, came: Came, order: tuple[int, ...]) -> None:
    meetings = [Meeting("a1", "bob", 5), Meeting("a1", "ada", 3), Meeting("a1", "cleo", 3)]
    came(anonymous_id="a1")
    came(user_id="ada", ts_us=3)
    for position in order:
        observe_meetings(workspace, [meetings[position]])
    assert persons(workspace)["a1"] == persons(workspace)["ada"]


def test_a_member_merges_two_known_persons_and_takes_it_back(workspace: Workspace, came: Came) -> None:
    for ts_us, (user_id, anonymous_id) in enumerate([("ada", None), ("ada2", None), (None, "a2")]):
        came(user_id=user_id, anonymous_id=anonymous_id, ts_us=ts_us)
    observe_meetings(workspace, [Meeting("a2", "ada2", 1)])
    merge_persons(workspace, "ada2", "ada")
    assert len(set(persons(workspace).values())) == 1
    unmerge_person(workspace, "ada2")
    after = persons(workspace)
    assert after["a2"] == after["ada2"] != after["ada"]


def test_a_link_that_a_member_cut_is_not_made_again(workspace: Workspace, came: Came) -> None:
    came(anonymous_id="a1")
    came(user_id="ada", ts_us=2)
    observe_meetings(workspace, [Meeting("a1", "ada", 2)])
    unmerge_person(workspace, "a1")
    observe_meetings(workspace, [Meeting("a1", "ada", 1)])
    assert persons(workspace)["a1"] != persons(workspace)["ada"]


def test_an_alias_merges_at_once_when_the_previous_id_was_never_a_user(workspace: Workspace, came: Came) -> None:
    came(anonymous_id="guest")
    came(user_id="ada", ts_us=2)
    observe_meetings(workspace, [Meeting("guest", "ada", 2, alias=True)])
    assert persons(workspace)["guest"] == persons(workspace)["ada"]


def test_an_alias_of_a_known_person_waits_for_a_member(workspace: Workspace, came: Came) -> None:
    came(user_id="ada-old")
    came(user_id="ada", ts_us=2)
    for _ in range(2):
        observe_meetings(workspace, [Meeting("ada-old", "ada", 2, alias=True)])
    assert persons(workspace)["ada-old"] != persons(workspace)["ada"]
    decide_suggestion(workspace, MergeSuggestion.objects.get().pk, accepted=True)
    assert persons(workspace)["ada-old"] == persons(workspace)["ada"]


def test_what_cannot_be_merged_is_said(workspace: Workspace, came: Came) -> None:
    came(user_id="ada")
    with pytest.raises(Missing, match="Nobody with the id bob"):
        merge_persons(workspace, "bob", "ada")
    with pytest.raises(Refused, match="one person already"):
        merge_persons(workspace, "ada", "ada")
    with pytest.raises(Conflict, match="not merged"):
        unmerge_person(workspace, "ada")
