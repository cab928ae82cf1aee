"""Beliefs are written, replaced and sealed; what was sealed stays."""

from dataclasses import replace

import pytest

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.capabilities.gaps.actions.beliefs import (
    list_beliefs,
    seal_belief,
    withdraw_belief,
    write_belief,
)
from nousnous.facts.beliefs import Statement
from nousnous.workspaces.models import Workspace

CHECKOUT = Statement("shop", "checkout", "completion", 0.7, "shop team", range=(0.62, 0.78), expected_gap=5.0)


def test_a_belief_gets_the_default_tolerance_of_its_metric(workspace: Workspace) -> None:
    assert write_belief(workspace, CHECKOUT).tolerance == 0.02
    assert write_belief(workspace, replace(CHECKOUT, metric="duration_p50", value=300, range=None)).tolerance == 0.05


def test_a_new_belief_of_the_same_team_replaces_the_old_one(workspace: Workspace) -> None:
    old = write_belief(workspace, CHECKOUT)
    new = write_belief(workspace, replace(CHECKOUT, value=0.65))
    other = write_belief(workspace, replace(CHECKOUT, author="store staff"))
    assert {one.id for one in list_beliefs(workspace)} == {new.id, other.id}
    assert {one.replaced_by_id for one in list_beliefs(workspace, history=True) if one.id == old.id} == {new.id}


def test_stating_the_same_again_keeps_the_seal(workspace: Workspace) -> None:
    sealed = seal_belief(workspace, write_belief(workspace, CHECKOUT).id)
    assert write_belief(workspace, CHECKOUT).id == sealed.id


def test_the_server_seals_once_and_for_good(workspace: Workspace) -> None:
    belief = write_belief(workspace, CHECKOUT)
    with clock.frozen(1_700_000_000_000_000):
        assert seal_belief(workspace, belief.id).sealed_us == 1_700_000_000_000_000
    assert seal_belief(workspace, belief.id).sealed_us == 1_700_000_000_000_000
    with pytest.raises(Conflict):
        withdraw_belief(workspace, belief.id)


def test_a_replaced_belief_cannot_be_sealed(workspace: Workspace) -> None:
    old = write_belief(workspace, CHECKOUT)
    write_belief(workspace, replace(CHECKOUT, value=0.65))
    with pytest.raises(Conflict):
        seal_belief(workspace, old.id)


def test_an_unsealed_belief_can_be_withdrawn(workspace: Workspace) -> None:
    withdraw_belief(workspace, write_belief(workspace, CHECKOUT).id)
    assert list_beliefs(workspace) == []


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("metric", "happiness"),
        ("value", 1.2),
        ("tolerance", 0.11),
        ("range", (0.71, 0.78)),
        ("author", " "),
        ("segment", "Germany"),
    ],
)
def test_what_cannot_be_believed_is_refused_with_its_field(workspace: Workspace, field: str, wrong: object) -> None:
    with pytest.raises(Refused) as refused:
        write_belief(workspace, replace(CHECKOUT, **{field: wrong}))
    assert refused.value.place is not None
    assert refused.value.place.field == field


def test_the_belief_of_another_workspace_is_not_there(workspace: Workspace) -> None:
    other = Workspace.objects.create(slug="south", name="South", created_at=clock.now())
    belief = write_belief(other, CHECKOUT)
    with pytest.raises(Missing):
        seal_belief(workspace, belief.id)
