"""Fractures are noted under a step, read with the report, and erased with their person."""

import pytest
from tests.journeys.conftest import Came
from tests.journeys.texts import SHOP

from nousnous.base.errors import Missing, Refused
from nousnous.facts.evidence import EvidenceFound
from nousnous.journeys.actions import evidence
from nousnous.journeys.actions.versions import apply_journey
from nousnous.people.actions.erasure import erase_person
from nousnous.workspaces.models import Workspace


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    apply_journey(workspace, SHOP, None, "ann")
    return workspace


def fracture(**given: object) -> EvidenceFound:
    both = {"meant": "One page, one tap.", "felt": "Where is the button?"}
    return EvidenceFound("shop", "checkout", **{"kind": "note", **both, **given})  # type: ignore[arg-type]


def test_both_sides_of_a_moment_are_kept_under_the_step(shop: Workspace) -> None:
    evidence.record_evidence(shop, fracture(weight=0.5), "ann")
    evidence.record_evidence(shop, fracture(felt="It was easy."), "ann")
    found = evidence.evidence_of(shop, "shop")["checkout"]
    assert [(one["felt"], one["weight"]) for one in found] == [("It was easy.", 1.0), ("Where is the button?", 0.5)]


WRONG = [{"kind": "rumour"}, {"weight": 2.0}, {"meant": "", "felt": " "}]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_tells_nothing_is_refused(wrong: dict[str, object], shop: Workspace) -> None:
    with pytest.raises(Refused):
        evidence.record_evidence(shop, fracture(**wrong), "ann")


def test_a_step_that_is_not_there_is_refused(shop: Workspace) -> None:
    with pytest.raises(Refused):
        evidence.record_evidence(shop, EvidenceFound("shop", "pay", "note", felt="x"), "ann")


def test_evidence_of_an_event_takes_its_moment_and_goes_with_its_person(shop: Workspace, came: Came) -> None:
    came("ada", ("payment_error", 7))
    came("bob", ("payment_error", 8))
    for name, moment_s in (("ada", 7), ("bob", 8)):
        reference = f"{name}-payment_error-{moment_s}"
        evidence.record_evidence(shop, fracture(kind="event", reference=reference), "ann")
    evidence.record_evidence(shop, fracture(felt="ada cried"), "ann")
    assert {one.moment_us for one in evidence.list_evidence(shop, "shop")} == {7_000_000, 8_000_000, None}
    erase_person(shop, "ada")
    assert [one.reference for one in evidence.list_evidence(shop, "shop")] == ["bob-payment_error-8"]


def test_evidence_of_an_event_that_never_came_is_missing(shop: Workspace) -> None:
    with pytest.raises(Missing):
        evidence.record_evidence(shop, fracture(kind="event", reference="m1"), "ann")


def test_another_workspace_sees_and_removes_nothing(shop: Workspace, other: Workspace) -> None:
    noted = evidence.record_evidence(shop, fracture(), "ann")
    assert evidence.evidence_of(other, "shop") == {}
    with pytest.raises(Missing):
        evidence.remove_evidence(other, noted.id, "eve")
    evidence.remove_evidence(shop, noted.id, "ann")
    assert evidence.evidence_of(shop, "shop") == {}
