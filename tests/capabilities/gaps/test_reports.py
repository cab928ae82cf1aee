"""The gap report of a workspace: window, stored verdicts, parts, what is said where nothing is there."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.capabilities.gaps.house import SHOP, START_S, apply, bring, people

from nousnous.base import clock
from nousnous.base.errors import Missing, Refused
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs, seal_belief, write_belief
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.models import StoredVerdict
from nousnous.journeys.windows import Asked
from nousnous.workspaces.models import Workspace

DAY_US = 86_400_000_000
START_US = START_S * 1_000_000


def test_the_default_window_is_90_days_until_the_last_day_with_an_event(shop: Workspace) -> None:
    report = gap_report(shop, Asked())
    assert (report.from_at[:10], report.to_at[:10]) == ("2024-01-12", "2024-04-11")


def test_days_are_those_of_the_workspace(shop: Workspace) -> None:
    shop.timezone = "America/Los_Angeles"
    shop.save()
    assert gap_report(shop, Asked()).to_at == "2024-04-10T00:00:00-07:00"


def test_a_report_without_a_period_shows_the_last_stored_verdict(shop: Workspace) -> None:
    row = gap_report(shop, Asked()).steps[0].beliefs[0]
    assert (row.finding.judgement.verdict, row.judged_on) == ("gap", "2024-04-15")
    StoredVerdict.objects.update(verdict="confirmed")
    assert gap_report(shop, Asked()).steps[0].beliefs[0].finding.judgement.verdict == "confirmed"


def test_a_period_in_the_past_is_judged_by_itself(shop: Workspace) -> None:
    StoredVerdict.objects.all().delete()
    row = gap_report(shop, Asked(None, "2024-01-01", "2024-02-01")).steps[0].beliefs[0]
    assert (row.finding.judgement.verdict, row.judged_on) == ("gap", None)
    assert not StoredVerdict.objects.exists()


def test_a_report_repeats_exactly(shop: Workspace) -> None:
    assert gap_report(shop, Asked()).as_dict() == gap_report(shop, Asked()).as_dict()


def test_a_part_of_a_report_is_judged_in_the_last_week_that_closed(shop: Workspace) -> None:
    report = gap_report(shop, Asked(by="country"))
    assert [one.segment for one in report.segments] == ["DE", "FR"]
    rows = {one.segment: next(row for row in one.steps if row.step.id == "checkout") for one in report.segments}
    assert sum(row.visits.n for row in rows.values()) == gap_report(shop, Asked()).steps[0].visits.n
    assert {row.beliefs[0].judged_on for row in rows.values()} == {"2024-04-15"}


def test_a_segment_is_what_the_report_by_its_property_shows(shop: Workspace) -> None:
    rows = {one.segment: one for one in gap_report(shop, Asked(by="country")).segments}
    alone = gap_report(shop, Asked(segment="country=DE"))
    assert alone.journey.as_dict() == rows["DE"].journey.as_dict()


def test_a_seal_before_the_first_observation_is_in_time(shop: Workspace) -> None:
    with clock.frozen(START_US - DAY_US):
        seal_belief(shop, list_beliefs(shop)[0].id)
    found = gap_report(shop, Asked()).as_dict()["steps"][0]
    assert found["beliefs"][0]["sealed_in_time"]
    assert found["debt"]["principal"] > found["debt"]["interest"] > 0


def test_the_principal_runs_from_the_first_seal_whatever_replaced_that_belief(shop: Workspace) -> None:
    standing = list_beliefs(shop)[0]
    with clock.frozen(START_US - DAY_US):
        seal_belief(shop, standing.id)
    before = gap_report(shop, Asked()).as_dict()["steps"][0]["debt"]["principal"]
    changed = write_belief(shop, replace(standing.statement, value=0.9))
    unsealed = gap_report(shop, Asked()).as_dict()["steps"][0]
    assert (unsealed["debt"]["principal"], unsealed["beliefs"][0]["sealed"]) == (before, False)
    with clock.frozen(START_US + 90 * DAY_US):
        seal_belief(shop, changed.id)
    resealed = gap_report(shop, Asked()).as_dict()["steps"][0]
    assert (resealed["debt"]["principal"], resealed["beliefs"][0]["sealed_in_time"]) == (before, False)
    for team in ("store staff", "logistics"):
        write_belief(shop, replace(standing.statement, step="delivery", author=team))
    delivery = next(row for row in gap_report(shop, Asked()).as_dict()["steps"] if row["step"] == "delivery")
    assert delivery["debt"]["principal"] is None


def test_without_events_the_report_says_what_is_missing(empty: Workspace) -> None:
    apply(empty, SHOP)
    report = gap_report(empty, Asked())
    assert report.empty is not None
    assert "nous import events" in report.empty
    assert report.steps[0].visits.n == 0


def test_without_a_visit_in_the_period_the_report_says_so(shop: Workspace) -> None:
    empty = gap_report(shop, Asked(None, "2020-01-01", "2020-02-01")).empty
    assert empty is not None
    assert "another period" in empty


def test_too_few_people_get_no_verdict(empty: Workspace, tmp_path: Path) -> None:
    bring(empty, people(4), tmp_path)
    apply(empty, SHOP)
    row = gap_report(empty, Asked()).steps[0].beliefs[0]
    assert (row.finding.experienced.method, row.finding.judgement.verdict) == ("too few", "unproven")


def test_without_a_journey_there_is_no_report(empty: Workspace) -> None:
    with pytest.raises(Missing, match="nous journey apply"):
        gap_report(empty, Asked())


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked(None, "soon"), "from"),
        (Asked(None, "2024-03-01", "2024-02-01"), "to"),
        (Asked(by="shoe_size"), "by"),
        (Asked(segment="country="), "segment"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_field(shop: Workspace, asked: Asked, field: str) -> None:
    with pytest.raises(Refused) as refused:
        gap_report(shop, asked)
    assert refused.value.place is not None
    assert refused.value.place.field == field
