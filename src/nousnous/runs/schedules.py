"""Runs that start by the calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.runs.actions import start_run
from nousnous.runs.models import Schedule, skip_locked
from nousnous.runs.registry import keepers, planned


def keep_schedule(name: str, cron: str, kind: str, *, timezone: str = "UTC", workspace_id: str = "") -> Schedule:
    """Create or change a schedule; an unchanged one keeps its next time, unless a clock that was ahead made it."""
    next_at = next_time(cron, timezone, clock.now())
    with transaction.atomic():
        schedule, created = Schedule.objects.get_or_create(
            name=name,
            defaults={
                "cron": cron,
                "timezone": timezone,
                "kind": kind,
                "workspace_id": workspace_id,
                "next_at": next_at,
            },
        )
        if not created and (schedule.cron, schedule.timezone, schedule.kind) != (cron, timezone, kind):
            schedule.cron, schedule.timezone, schedule.kind, schedule.next_at = cron, timezone, kind, next_at
            schedule.save()
        elif schedule.next_at > next_at:
            schedule.next_at = next_at
            schedule.save(update_fields=["next_at"])
    return schedule


def drop_schedule(name: str) -> None:
    """Start nothing by a schedule any more; what it started goes on."""
    Schedule.objects.filter(name=name).delete()


def keep_planned() -> None:
    """Write the schedules that the parts of this installation plan, for all of it and for single workspaces."""
    for plan in planned():
        keep_schedule(plan.name, plan.cron, plan.kind, timezone=plan.timezone)
    for keep in keepers():
        keep()


def fire() -> int:
    """Start the runs of all schedules that are due. A time that was slept through fires once, not once per miss."""
    fired = 0
    instant = clock.now()
    with transaction.atomic():
        for schedule in skip_locked(Schedule.objects.filter(next_at__lte=instant)):
            due = schedule.next_at.isoformat()
            start_run(schedule.kind, schedule.state, workspace_id=schedule.workspace_id, key=f"{schedule.name}@{due}")
            schedule.next_at = next_time(schedule.cron, schedule.timezone, instant)
            schedule.save(update_fields=["next_at"])
            fired += 1
    return fired


def next_time(cron: str, timezone: str, after: datetime) -> datetime:
    """When a schedule is due after an instant: what a skipped hour holds comes at its end, what comes twice, once."""
    try:
        return next(CronSim(cron, after.astimezone(ZoneInfo(timezone))))
    except (CronSimError, KeyError) as trouble:
        raise Refused(f"The schedule {cron!r} in {timezone!r} cannot be read; write five cron fields.") from trouble
