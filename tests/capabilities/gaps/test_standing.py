"""A report that stands is the report that would be measured now."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.capabilities.gaps.house import SHOP, apply, bring, people

from nousnous.capabilities.gaps.actions import standing
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs, seal_belief, withdraw_belief
from nousnous.capabilities.gaps.actions.opening import OpenJourney
from nousnous.capabilities.gaps.actions.reports import gap_report, shown_report
from nousnous.capabilities.gaps.actions.standing import standing_followed, standing_report
from nousnous.capabilities.gaps.measures.report import GapReport
from nousnous.facts.evidence import EvidenceFound
from nousnous.journeys.actions.evidence import record_evidence
from nousnous.journeys.windows import Asked
from nousnous.warehouse import memory
from nousnous.workspaces.models import Workspace


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """What was really measured."""
    seen: list[Asked] = []

    def noting(opened: OpenJourney, asked: Asked) -> GapReport:
        seen.append(asked)
        return shown_report(opened, asked)

    monkeypatch.setattr(standing, "shown_report", noting)
    return seen


def test_asking_again_measures_nothing_and_answers_the_same(shop: Workspace, measured: list[Asked]) -> None:
    first, again = standing_report(shop, Asked()), standing_report(shop, Asked("shop"))
    assert len(measured) == 1
    assert first.as_dict() == again.as_dict()
    standing_report(shop, Asked(by="country"))
    assert len(measured) == 2


def test_what_became_of_people_is_added_to_the_report_that_stands(shop: Workspace, measured: list[Asked]) -> None:
    short, whole, again = (
        standing_report(shop, Asked()),
        standing_followed(shop, Asked()),
        standing_followed(shop, Asked()),
    )
    assert len(measured) == 1
    assert whole.as_dict() == again.as_dict() == gap_report(shop, Asked()).as_dict()
    rows = [replace(row, consequence=None) for row in whole.steps]
    assert (
        replace(whole, steps=tuple(rows), journey=replace(whole.journey, frictions=None)).as_dict() == short.as_dict()
    )
    assert all(row.consequence for row in whole.steps)


def test_whatever_changes_the_report_makes_a_new_one(shop: Workspace, measured: list[Asked], tmp_path: Path) -> None:
    standing_report(shop, Asked())
    bring(shop, [row | {"user_id": f"new-{row['user_id']}"} for row in people(30)], tmp_path)
    assert standing_report(shop, Asked()).journey.passage.entered == gap_report(shop, Asked()).journey.passage.entered
    seal_belief(shop, list_beliefs(shop)[0].id)
    assert standing_report(shop, Asked()).steps[0].beliefs[0].sealed
    apply(shop, SHOP.replace("hourly_wage = 30.0", "hourly_wage = 60.0"))
    assert standing_report(shop, Asked()).journey.debt.factors["hourly_wage"] == {"default": 60.0}
    assert len(measured) == 4


def test_a_withdrawn_belief_is_gone_at_once(shop: Workspace) -> None:
    assert any(row.beliefs for row in standing_report(shop, Asked()).steps)
    withdraw_belief(shop, list_beliefs(shop)[0].id)
    assert not any(row.beliefs for row in standing_report(shop, Asked()).steps)


def test_evidence_is_read_anew_and_never_kept(shop: Workspace, measured: list[Asked]) -> None:
    standing_report(shop, Asked())
    record_evidence(shop, EvidenceFound("shop", "checkout", "note", felt="It did not work."), "test")
    found = next(row for row in standing_report(shop, Asked()).steps if row.step.id == "checkout")
    assert [one["felt"] for one in found.evidence] == ["It did not work."]
    assert len(measured) == 1
    assert "It did not work." not in repr(memory._kept)
