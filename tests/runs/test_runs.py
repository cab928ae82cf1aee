"""Runs, clocks, schedules and the outbox in one process."""

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.runs import outbox, schedules
from nousnous.runs.actions import cancel_run, forget_finished, retry_run, start_run, state_of_work
from nousnous.runs.models import MOST_FAILURES, OutboxEntry, Run, Schedule
from nousnous.runs.registry import Advance, Work, follow, register
from nousnous.runs.worker import Worker, perform, work_all

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class KettleBoiled:
    workspace_id: str
    litres: int


def test_a_run_waits_for_its_clock() -> None:
    register("alarm", lambda _: Advance())
    run = start_run("alarm", due_at=clock.now() + 80 * DAY)
    work_all()
    run.refresh_from_db()
    assert run.status == Run.WAITING
    with clock.frozen(clock.to_us(run.due_at)):
        work_all()
    run.refresh_from_db()
    assert run.status == Run.DONE


def test_a_key_is_given_once() -> None:
    first = start_run("alarm", key="tea")
    assert start_run("alarm", {"ignored": True}, key="tea") == first


def test_a_cancelled_run_changes_nothing_though_it_is_being_performed() -> None:
    effects: list[str] = []

    def cancelled_meanwhile(work: Work) -> Advance:
        cancel_run("tea", "now")
        return Advance(effect=lambda: effects.append("poured"))

    register("tea", cancelled_meanwhile)
    run = start_run("tea", key="now")
    work_all()
    run.refresh_from_db()
    assert (run.status, effects) == (Run.CANCELLED, [])


def test_a_worker_that_lost_its_lease_changes_nothing() -> None:
    effects: list[int] = []
    register("slow", lambda work: Advance(effect=lambda: effects.append(work.attempt)))
    start_run("slow")
    lost = Run.objects.lease()
    assert lost is not None
    Run.objects.update(leased_until=clock.now() - DAY)
    taken = Run.objects.lease()
    assert taken is not None
    perform(lost)
    perform(taken)
    assert effects == [2]


def test_an_effect_that_fails_is_undone_with_its_advance() -> None:
    def record_then_fail() -> None:
        outbox.record(KettleBoiled("w", 1))
        raise ZeroDivisionError

    register("broken", lambda _: Advance(effect=record_then_fail))
    run = start_run("broken")
    work_all()
    run.refresh_from_db()
    assert (run.status, run.failures, OutboxEntry.objects.count()) == (Run.WAITING, 1, 0)
    assert "ZeroDivisionError" in run.trouble


def test_a_run_that_always_fails_ends_as_dead() -> None:
    register("hopeless", lambda work: Advance(due_at=work.state["no such thing"]))
    run = start_run("hopeless")
    for day in range(MOST_FAILURES):
        with clock.frozen(clock.to_us(run.created_at + day * DAY)):
            work_all()
    run.refresh_from_db()
    assert (run.status, run.failures) == (Run.DEAD, MOST_FAILURES)


def test_a_run_that_kills_its_process_ends_as_dead() -> None:
    start_run("killer")
    for _ in range(MOST_FAILURES):
        assert Run.objects.lease() is not None
        Run.objects.update(leased_until=clock.now() - DAY)
    assert Run.objects.lease() is None
    assert Run.objects.get().status == Run.DEAD


def test_a_fact_starts_each_run_that_follows_from_it_once() -> None:
    poured: list[int] = []
    register("pour", lambda work: Advance(effect=lambda: poured.append(work.state["litres"])))
    follow(KettleBoiled, "pour")
    outbox.record(KettleBoiled("w", 2))
    work_all()
    work_all()
    assert poured == [2]
    assert Run.objects.get().workspace_id == "w"


def test_facts_that_come_within_a_pause_start_one_run_after_it() -> None:
    poured: list[int] = []
    register("pour together", lambda _: Advance(effect=lambda: poured.append(1)), timedelta(seconds=5))
    follow(KettleBoiled, "pour together")
    with clock.frozen(7 * clock.SECOND_US):
        for litres in range(4):
            outbox.record(KettleBoiled("w", litres))
        work_all()
        assert not [run for run in Run.objects.filter(kind="pour together") if run.finished_at]
    with clock.frozen(10 * clock.SECOND_US):
        work_all()
        outbox.record(KettleBoiled("w", 9))
        work_all()
    assert poured == [1]
    assert Run.objects.filter(kind="pour together").count() == 2


def test_a_schedule_keeps_the_time_of_its_zone() -> None:
    with clock.frozen(clock.to_us(clock.from_us(0)) + 180 * clock.DAY_US):
        schedule = schedules.keep_schedule("memo", "0 9 * * 5", "memo", timezone="Europe/Vienna")
    assert (schedule.next_at.weekday(), schedule.next_at.hour) == (4, 9)


def test_an_unreadable_schedule_is_refused() -> None:
    with pytest.raises(Refused, match="five cron fields"):
        schedules.keep_schedule("memo", "every friday", "memo")


def test_a_dead_run_is_seen_and_tried_again() -> None:
    register("mended", lambda _: Advance())
    run = start_run("mended")
    Run.objects.update(status=Run.DEAD, failures=MOST_FAILURES, trouble="Traceback\nOSError: away")
    assert (state_of_work().dead, Run.objects.newest(Run.DEAD, 5)[0].last_words) == (1, "OSError: away")
    retry_run(run.id)
    work_all()
    run.refresh_from_db()
    assert (run.status, state_of_work().dead) == (Run.DONE, 0)
    with pytest.raises(Conflict, match="done"):
        retry_run(run.id)
    with pytest.raises(Missing):
        retry_run("run_none")


def test_a_schedule_that_a_clock_ahead_put_off_comes_back_to_its_time() -> None:
    for days, due in ((9, 9), (1, 1), (0, 0)):
        with clock.frozen(days * clock.DAY_US):
            kept = schedules.keep_schedule("memo", "0 9 * * *", "memo")
        assert clock.to_us(kept.next_at) == due * clock.DAY_US + 9 * clock.HOUR_US


def test_a_worker_that_is_told_to_stop_hands_back_what_takes_long() -> None:
    started, released = threading.Event(), threading.Event()
    effects: list[int] = []

    def long(work: Work) -> Advance:
        started.set()
        released.wait(20)
        return Advance(effect=lambda: effects.append(work.attempt))

    register("long", long)
    run = start_run("long")
    worker = Worker()
    worker.start()
    assert started.wait(20)
    worker.stop(patience_s=0.1)
    run.refresh_from_db()
    assert (run.status, run.leased_until, run.failures) == (Run.WAITING, None, 0)
    released.set()
    worker.stop(patience_s=20)
    assert effects == []
    work_all()
    assert len(effects) == 1


def test_a_worker_writes_what_is_planned_into_the_records() -> None:
    schedules.keep_planned()
    assert {"retention", "housekeeping"} <= set(Schedule.objects.values_list("name", flat=True))


def test_what_is_long_over_is_forgotten_but_not_what_died() -> None:
    old = {
        "created_at": clock.now() - 200 * DAY,
        "due_at": clock.now() - 200 * DAY,
        "finished_at": clock.now() - 199 * DAY,
    }
    for status in (Run.DONE, Run.DEAD, Run.CANCELLED):
        Run.objects.create(kind="old", status=status, **old)
    start_run("new")
    assert forget_finished() == 2
    assert sorted(Run.objects.values_list("status", flat=True)) == [Run.DEAD, Run.WAITING]
