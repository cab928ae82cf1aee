"""What the processes of the tests of runs do, each with the environment of its installation."""

import sys
import time
from datetime import timedelta

import django

django.setup()

from nousnous.base import clock  # noqa: E402  # Django's apps must be loaded before models
from nousnous.runs import models, schedules, worker  # noqa: E402
from nousnous.runs.actions import start_run  # noqa: E402
from nousnous.runs.models import Run, Schedule  # noqa: E402
from nousnous.runs.registry import Advance, Work, register  # noqa: E402

STAGES = ("start", "middle", "end")


def advance(work: Work) -> Advance:
    """Three stages; each leaves one mark in its effect, and all are slow enough to be killed in between."""
    time.sleep(0.01)
    following = dict(zip(STAGES, (*STAGES[1:], None), strict=True))[work.stage]
    return Advance(following, effect=lambda: leave_mark(f"{work.run_id}/{work.stage} {work.attempt}"))


def leave_mark(mark: str) -> None:
    never = clock.now() + timedelta(days=300)
    Schedule.objects.create(name=f"mark {mark}", cron="0 0 1 1 *", kind="mark", next_at=never)


def work() -> None:
    models.LEASE = worker.LEASE = timedelta(seconds=1)
    register("three stages", advance)
    while Run.objects.filter(kind="three stages", status=Run.WAITING).exists():
        if not worker.work_once():
            time.sleep(0.05)


def start(count: str) -> None:
    Run.objects.all().delete()
    Schedule.objects.all().delete()
    for number in range(int(count)):
        start_run("three stages", key=str(number))


def marks() -> None:
    for schedule in Schedule.objects.filter(kind="mark"):
        print(schedule.name.split()[1])  # noqa: T201  # the test reads it
    print(Run.objects.filter(status=Run.DONE).count(), "done")  # noqa: T201


def schedule() -> None:
    schedules.keep_schedule("each year", "0 0 1 1 *", "tick")
    Schedule.objects.filter(name="each year").update(next_at=clock.now() - timedelta(hours=3))


def fire() -> None:
    schedules.fire()


def ticks() -> None:
    print(Run.objects.filter(kind="tick").count())  # noqa: T201


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
