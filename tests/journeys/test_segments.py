"""A segment is named conditions on people, and finds who meets them."""

from dataclasses import dataclass
from typing import Any

import pytest
from tests.journeys.conftest import Came

from nousnous.base.clock import DAY_US
from nousnous.base.errors import Missing, Refused
from nousnous.base.ids import keyed_hash
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions import segments
from nousnous.journeys.actions.seen import snapshot_of
from nousnous.journeys.segments import parse_segment, study_segment
from nousnous.workspaces.models import Workspace

DAY_S = DAY_US // 1_000_000
HEAD = '[segment]\nname = "some"\n'


@dataclass(frozen=True)
class Kept:
    events: Any
    scores: Any


def names_in(workspace: Workspace, conditions: str, match: str = "all") -> set[str]:
    snapshot = snapshot_of(workspace)
    kept = Kept(snapshot.events(), snapshot.resolved(SCORES))
    definition = parse_segment(f'{HEAD}match = "{match}"\n{conditions}')
    keys = segments.persons_in(workspace, definition, kept).to_pyarrow()["person_key"].to_pylist()
    known = {keyed_hash(bytes(workspace.salt), "known", name): name for name in ("ada", "bob", "eve", "kim", "lee")}
    return {known[key] for key in keys}


@pytest.fixture
def shop(workspace: Workspace, came: Came) -> Workspace:
    came("ada", ("Order Completed", 1), ("Order Completed", 40 * DAY_S), revenue=10.0, country="DE")
    came("bob", ("Order Completed", 2 * DAY_S), revenue=500.0, country="FR", properties={"gift": True, "size": 5})
    came("eve", ("Page Viewed", 39 * DAY_S), country="DE")
    came("ada", ("Signed Up", 1), type="identify", properties={"plan": "free", "seats": 3})
    came("ada", ("Signed Up", 2), type="identify", properties={"plan": "pro"})
    came("bob", ("Signed Up", 3), type="identify", properties={"plan": "free"})
    return workspace


FOUND = [
    ('property = "country"\nis = "DE"', {"ada", "eve"}),
    ('property = "country"\nis = ["DE", "FR"]', {"ada", "bob", "eve"}),
    ('event = "Order Completed"', {"ada", "bob"}),
    ('event = "Order Completed"\nat_least = 2', {"ada"}),
    ('event = "Order Completed"\nat_most = 1', {"bob", "eve"}),
    ('event = "Order Completed"\ndid = false', {"eve"}),
    ('event = "Order Completed"\nwithin = "30d"', {"ada"}),
    ('event = "Order Completed"\ndid = false\nwithin = "30d"', {"bob", "eve"}),
    ('event = "Order Completed"\nwhere = { gift = true }', {"bob"}),
    ('event = "Order Completed"\nwhere = { size = 5, country = "FR" }', {"bob"}),
    ('trait = "plan"\nis = "free"', {"bob"}),
    ('trait = "plan"\nis = ["free", "pro"]', {"ada", "bob"}),
    ('trait = "seats"\nis = 3', {"ada"}),
    ('rfm = "monetary"\nat_least = 3', {"bob"}),
    ('rfm = "recency"\nat_least = 3', {"ada"}),
    ('rfm = "frequency"\nat_most = 2', {"bob"}),
]


@pytest.mark.parametrize(("condition", "people"), FOUND)
def test_a_condition_finds_its_people(condition: str, people: set[str], shop: Workspace) -> None:
    assert names_in(shop, f"[[condition]]\n{condition}") == people


def test_all_conditions_hold_or_any(shop: Workspace) -> None:
    both = '[[condition]]\nproperty = "country"\nis = "DE"\n[[condition]]\nevent = "Order Completed"\n'
    assert names_in(shop, both) == {"ada"}
    assert names_in(shop, both, "any") == {"ada", "bob", "eve"}


def test_buyers_who_tie_share_a_rank(workspace: Workspace, came: Came) -> None:
    for name in ("ada", "bob", "eve", "kim", "lee"):
        came(name, ("Order Completed", 1), revenue=10.0)
    assert names_in(workspace, '[[condition]]\nrfm = "monetary"\nat_most = 1') == {"ada", "bob", "eve", "kim", "lee"}


def test_nobody_is_in_a_segment_of_an_empty_workspace(workspace: Workspace) -> None:
    assert names_in(workspace, '[[condition]]\nevent = "Order Completed"\ndid = false') == set()


WRONG = [
    ('property = "weather"\nis = "bad"', "condition.property", 4),
    ('property = "country"', "condition.is", 3),
    ('event = "x"\ntrait = "y"', "condition", 3),
    ('event = "x"\nat_least = 2\nat_most = 1', "condition.at_most", 6),
    ('event = "x"\nwithin = "0d"', "condition.within", 5),
    ('event = "x"\ndid = false\nat_least = 1', "condition.did", 5),
    ('stage = "shopping"', "condition.stage", 4),
    ('rfm = "age"', "condition.rfm", 4),
    ('rfm = "recency"\nat_least = 6', "condition", 3),
    ('event = "x"\ncolour = "red"', "condition.colour", 5),
]


@pytest.mark.parametrize(("condition", "field", "line"), WRONG)
def test_what_is_wrong_is_refused_where_it_stands(condition: str, field: str, line: int) -> None:
    place = study_segment(f"{HEAD}[[condition]]\n{condition}", "s.toml").troubles[0].place
    assert place is not None
    assert (place.file, place.field, place.line) == ("s.toml", field, line)


def test_a_segment_is_kept_changed_and_removed_in_its_workspace(workspace: Workspace, other: Workspace) -> None:
    text = HEAD + '[[condition]]\nevent = "Order Completed"\n'
    segments.apply_segment(workspace, text, None, "ann")
    segments.apply_segment(workspace, text + "within = '30d'\n", None, "ann")
    assert [one.definition.words for one in segments.list_segments(workspace)] == [
        "did Order Completed in the last 30d"
    ]
    with pytest.raises(Missing):
        segments.segment_of(other, "some")
    segments.remove_segment(workspace, "some", "ann")
    assert segments.list_segments(workspace) == []


def test_a_step_that_no_journey_has_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="no step “pay”"):
        segments.apply_segment(workspace, HEAD + '[[condition]]\nstep = "pay"\n', None, "ann")
