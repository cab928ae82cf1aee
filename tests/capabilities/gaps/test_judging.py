"""Weeks are judged when they close, and what was judged stands."""

from dataclasses import replace
from pathlib import Path

from tests.capabilities.gaps.house import START_S, bring

from nousnous.base import clock
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs, write_belief
from nousnous.capabilities.gaps.actions.judging import VERDICTS_RUN, judge_weeks, perform_verdicts
from nousnous.capabilities.gaps.models import StoredVerdict
from nousnous.runs.housekeeping import perform_housekeeping
from nousnous.runs.models import Schedule
from nousnous.runs.registry import Work, followers
from nousnous.runs.schedules import keep_planned
from nousnous.workspaces.models import Workspace


def test_every_week_that_closed_is_judged_once(shop: Workspace) -> None:
    assert judge_weeks(shop) == 15
    assert judge_weeks(shop) == 0
    first, last = StoredVerdict.objects.earliest("closed_on"), StoredVerdict.objects.latest("closed_on")
    assert (first.closed_on.isoformat(), last.closed_on.isoformat()) == ("2024-01-08", "2024-04-15")
    assert (first.n, first.verdict, last.verdict) == (20, "gap", "gap")


def test_what_was_judged_stands_although_events_come_late(shop: Workspace, tmp_path: Path) -> None:
    judge_weeks(shop)
    before = list(StoredVerdict.objects.values())
    late = [
        {"user_id": f"late{number}", "event": event, "timestamp": START_S + 1000 + number + after, "country": "DE"}
        for number in range(50)
        for after, event in ((0, "Checkout"), (60, "Bought"))
    ]
    bring(shop, late, tmp_path)
    judge_weeks(shop)
    assert list(StoredVerdict.objects.values()) == before


def test_a_belief_that_is_written_later_is_judged_for_the_weeks_before_it(shop: Workspace) -> None:
    judge_weeks(shop)
    belief = write_belief(shop, replace(list_beliefs(shop)[0].statement, author="store staff"))
    assert judge_weeks(shop) == 15
    assert not StoredVerdict.objects.filter(belief=belief, sealed_in_time=True).exists()


def test_a_replaced_belief_keeps_its_verdicts_and_gets_no_more(shop: Workspace) -> None:
    judge_weeks(shop)
    old = list_beliefs(shop)[0]
    write_belief(shop, replace(old.statement, value=0.7, range=None))
    StoredVerdict.objects.filter(closed_on="2024-04-15").delete()
    judge_weeks(shop)
    assert old.verdicts.count() == 14


def test_the_run_judges_and_keeps_the_schedule_of_mondays(shop: Workspace) -> None:
    shop.timezone = "Europe/Paris"
    shop.save()
    perform_verdicts(Work("run_1", shop.id, "start", {}, 1))
    schedule = Schedule.objects.get(kind=VERDICTS_RUN)
    assert (schedule.cron, schedule.timezone) == ("0 0 * * 1", "Europe/Paris")
    assert StoredVerdict.objects.count() >= 15


def test_a_worker_that_starts_writes_the_schedule_of_every_workspace_with_a_journey(shop: Workspace) -> None:
    Workspace.objects.create(slug="bare", name="Bare", created_at=clock.now())
    Schedule.objects.all().delete()
    keep_planned()
    schedule = Schedule.objects.get(kind=VERDICTS_RUN)
    assert (schedule.workspace_id, schedule.timezone) == (shop.id, "UTC")


def test_the_schedule_follows_the_workspace_into_another_time_zone_by_the_next_night(shop: Workspace) -> None:
    keep_planned()
    Workspace.objects.update(timezone="Asia/Tokyo")
    perform_housekeeping(Work("run_1", "", "start", {}, 1))
    schedule = Schedule.objects.get(kind=VERDICTS_RUN)
    assert (schedule.timezone, schedule.next_at.hour) == ("Asia/Tokyo", 15)


def test_a_finished_import_and_an_applied_journey_are_followed_by_judging() -> None:
    assert VERDICTS_RUN in followers("ImportFinished")
    assert VERDICTS_RUN in followers("JourneyApplied")
