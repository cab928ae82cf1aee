"""Flags on the same assignment: for whom, in which arm, noted once; also as clients of PostHog ask for them."""

import pytest
from tests.experiments.shop import bring, row

from nousnous.base.errors import Missing, Refused
from nousnous.collector.loader import Loader
from nousnous.experiments.actions.flags import Asking, ExperimentFlags, arms_of, asking_of, expose, forget_remembered
from nousnous.experiments.actions.keeping import apply_experiment, end_experiment
from nousnous.experiments.actions.reading import read_experiment
from nousnous.facts.events import EVENTS, EXPOSURE
from nousnous.journeys.actions.segments import apply_segment
from nousnous.stats.assignment import arm_of
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

TEXT = '[experiment]\nid = "{}"\nreading = "any time"\n{}\n[[variant]]\nid = "{}"\n[[variant]]\nid = "{}"\n'
EVEN = {"control": 1.0, "short": 1.0}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_remembered()


def apply(workspace: Workspace, identity: str, more: str = "", arms: tuple[str, str] = ("control", "short")) -> None:
    apply_experiment(workspace, TEXT.format(identity, more, *arms), None, "ada")
    forget_remembered()


def test_everybody_gets_the_arm_of_the_hash_until_it_ends(workspace: Workspace) -> None:
    apply(workspace, "form")
    people = [f"p{number}" for number in range(50)]
    assert [arms_of(workspace.id, Asking(p)) for p in people] == [{"form": arm_of("form", p, EVEN)} for p in people]
    end_experiment(workspace, "form", "ada")
    forget_remembered()
    assert arms_of(workspace.id, Asking("p1")) == {}


def test_a_country_and_a_segment_decide_who_takes_part(workspace: Workspace) -> None:
    bring(workspace, [row("ann", "Order Completed", 1), row("bob", "Product Viewed", 1)])
    apply_segment(workspace, '[segment]\nname = "buyers"\n[[condition]]\nevent = "Order Completed"\n', None, "ada")
    apply(workspace, "abroad", 'country = ["DE"]')
    apply(workspace, "loyal", 'segment = "buyers"')
    assert set(arms_of(workspace.id, Asking("ann", country="DE"))) == {"abroad", "loyal"}
    assert set(arms_of(workspace.id, Asking("ann", country="FR"))) == {"loyal"}
    assert set(arms_of(workspace.id, Asking("bob"))) == set()


def test_the_arms_on_and_off_are_true_and_false(workspace: Workspace) -> None:
    apply(workspace, "switch", "", ("off", "on"))
    found = {ExperimentFlags().of(workspace.id, f"p{n}", {}, known=True)["switch"] for n in range(30)}
    assert found == {True, False}


def test_a_play_assigns_its_people_itself(workspace: Workspace) -> None:
    apply(workspace, "play/hello", "", ("held_out", "acted"))
    assert ExperimentFlags().names(workspace.id) == []


def test_asking_without_an_id_or_for_what_does_not_run_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="Say who asks"):
        asking_of("", "", "")
    with pytest.raises(Missing, match="is running here"):
        expose(workspace, Asking("ann"), "form")


def test_an_assignment_is_noted_once_and_read_out(workspace: Workspace) -> None:
    apply(workspace, "form", 'country = ["DE"]')
    people = [Asking(f"p{number}", known=number % 2 == 0, country="DE") for number in range(40)]
    arms = [expose(workspace, one)["form"] for one in (*people, *people[:20])]
    assert expose(workspace, Asking("abroad", country="FR")) == {}
    Loader().load()
    events = lake_of(workspace).snapshot(EVENTS).table(EVENTS)
    rows = events.filter(events.event == EXPOSURE).to_pyarrow().to_pylist()
    assert sorted(row["user_id"] or row["anonymous_id"] for row in rows) == sorted(one.unit for one in people)
    assert {row["country"] for row in rows} == {"DE"}
    split = read_experiment(workspace, "form").split
    assert split.persons == (arms[:40].count("control"), arms[:40].count("short"))
