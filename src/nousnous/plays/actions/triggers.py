"""The run that looks through what came in for events that pull a trigger; each pulls it once."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from nousnous.base import clock
from nousnous.facts.events import EVENTS, LINKS
from nousnous.plays.measures import matching
from nousnous.plays.models import Firing, Play, Reading
from nousnous.runs.actions import cancel_run, start_run
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

TRIGGERS_RUN: Final = "plays.triggers"
FIRING_RUN: Final = "plays.firing"
FRESH_US: Final = clock.DAY_US
"""An event that comes in later than this is history: nobody is written to about it."""
COLUMNS: Final = ("message_key", "identity_key", "user_id", "anonymous_id", "event", "ts_us")


def perform_triggers(work: Work) -> Advance:
    """Follow what landed: start firings, and cancel those whose absence is over because the event came."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    if workspace is not None:
        pull_triggers(workspace)
    return Advance()


def pull_triggers(workspace: Workspace) -> int:
    """Look through the events that landed since the last time; answers how many pulled a trigger."""
    with exclusive(f"plays-{workspace.id}"):
        reading = Reading.objects.filter(workspace=workspace).first()
        plays = list(Play.objects.filter(workspace=workspace, on=True))
        if reading is None:
            return 0
        with exclusive(f"lake-{workspace.id}"):
            source = lake_of(workspace).snapshot(EVENTS, LINKS)
        if source.landed_us <= reading.landed_us:
            return 0
        fresh = source.resolved(EVENTS, reading.landed_us)
        fresh = fresh.filter(fresh.ts_us >= clock.now_us() - FRESH_US)
        pulled = [(play, *_rows(fresh, play)) for play in plays]
        with transaction.atomic():
            count = sum(_pull(play, starts) for play, starts, _ in pulled)
            for play, _, came in pulled:
                _cancel(play, came)
            Reading.objects.filter(pk=reading.pk).update(landed_us=source.landed_us)
    return count


def _rows(fresh: Any, play: Play) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    trigger = play.current.definition.trigger
    found = [matching(fresh, one).select(*COLUMNS).to_pyarrow() for one in (trigger.starts, trigger.without) if one]
    starts, came = (found[0].to_pylist(), found[1].to_pylist() if len(found) > 1 else [])
    return starts, came


def _pull(play: Play, rows: list[dict[str, Any]]) -> int:
    version = play.current
    known = set(
        play.firings.filter(message_key__in=[row["message_key"] for row in rows]).values_list("message_key", flat=True)
    )
    fresh = [row for row in rows if row["message_key"] not in known]
    for row in fresh:
        due = clock.from_us(row["ts_us"] + version.definition.trigger.within_us)
        firing = Firing.objects.create(
            play=play,
            version=version.number,
            message_key=row["message_key"],
            identity_key=row["identity_key"],
            person=(row["user_id"] or row["anonymous_id"])[:500],
            event=row["event"][:300],
            moment_us=row["ts_us"],
            due_at=max(due, clock.now()),
        )
        start_run(
            FIRING_RUN, {"firing": firing.id}, workspace_id=play.workspace_id, key=firing.id, due_at=firing.due_at
        )
    return len(fresh)


def _cancel(play: Play, rows: list[dict[str, Any]]) -> None:
    """What was awaited came under the same id; who came under another is found when the time is over."""
    within = timedelta(microseconds=play.current.definition.trigger.within_us)
    for row in rows:
        moment = clock.from_us(row["ts_us"])
        waiting = play.firings.filter(
            identity_key=row["identity_key"],
            state=Firing.WAITING,
            moment_us__lt=row["ts_us"],
            moment_us__gte=clock.to_us(moment - within),
        )
        for firing in waiting:
            cancel_run(FIRING_RUN, firing.id)
            firing.state, firing.said, firing.decided_at = (
                Firing.CANCELLED,
                f"They did {row['event']} in time.",
                clock.now(),
            )
            firing.save()
