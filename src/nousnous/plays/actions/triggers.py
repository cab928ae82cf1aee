"""The runs that look through what came in, and hear what capabilities tell; each event or fact pulls a trigger once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from nousnous.base import clock
from nousnous.base.ids import keyed_hash
from nousnous.facts.events import EVENTS, LINKS
from nousnous.people.identity import person_with
from nousnous.plays.measures import matching
from nousnous.plays.models import Firing, Play, PlayVersion, Reading
from nousnous.plays.registry import trigger_named
from nousnous.runs.actions import cancel_run, start_runs
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

TRIGGERS_RUN: Final = "plays.triggers"
FIRING_RUN: Final = "plays.firing"
FRESH_US: Final = clock.DAY_US
"""An event that comes in later than this is history: nobody is written to about it."""
COLUMNS: Final = ("message_key", "identity_key", "user_id", "anonymous_id", "event", "ts_us")


@dataclass(frozen=True, slots=True)
class Pull:
    """What pulls a trigger: an event, or something else with its details; without an identity it concerns nobody."""

    message_key: int
    identity_key: int | None
    person: str
    name: str
    moment_us: int
    details: dict[str, Any] | None = None


def perform_triggers(work: Work) -> Advance:
    """Follow what landed: start firings, and cancel those whose absence is over because the event came."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    if workspace is not None:
        pull_triggers(workspace)
    return Advance()


def perform_told(name: str, work: Work) -> Advance:
    """Hear a fact of a capability: every play that waits for it fires, once."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    waiting = [] if workspace is None else _waiting(workspace, name)
    told = trigger_named(name).told(work.state) if waiting else None
    if workspace is None or told is None:
        return Advance()
    person = person_with(workspace, told.identity_key)
    if person is None:
        return Advance()
    key = keyed_hash(bytes(workspace.salt), name, told.key)
    pull = Pull(key, told.identity_key, person.id, name, told.moment_us, dict(told.details))
    plays = [play for play in waiting if play.current.definition.trigger.fits(told.details)]

    def effect() -> None:
        for play in plays:
            fire_all(play, [pull])

    return Advance(effect=effect)


def pull_triggers(workspace: Workspace) -> int:
    """Look through the events that landed since the last time; answers how many pulled a trigger."""
    with exclusive(f"plays-{workspace.id}"):
        reading = Reading.objects.filter(workspace=workspace).first()
        plays = _waiting(workspace)
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
            count = sum(fire_all(play, _pulls(starts)) for play, starts, _ in pulled)
            for play, _, came in pulled:
                _cancel(play, came)
            Reading.objects.filter(pk=reading.pk).update(landed_us=source.landed_us)
    return count


def _waiting(workspace: Workspace, fact: str = "") -> list[Play]:
    """The plays that are on and wait for a fact, or for events."""
    on = [(play, play.current.definition.trigger) for play in Play.objects.filter(workspace=workspace, on=True)]
    return [play for play, trigger in on if (trigger.fact == fact if fact else trigger.starts)]


def _rows(fresh: Any, play: Play) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    trigger = play.current.definition.trigger
    found = [matching(fresh, one).select(*COLUMNS).to_pyarrow() for one in (trigger.starts, trigger.without) if one]
    starts, came = (found[0].to_pylist(), found[1].to_pylist() if len(found) > 1 else [])
    return starts, came


def fire_all(play: Play, pulls: Iterable[Pull]) -> int:
    """Start what pulls the trigger of a play, each once; answers how many were new."""
    version, by_key = play.current, {one.message_key: one for one in pulls}
    known = set(play.firings.filter(message_key__in=list(by_key)).values_list("message_key", flat=True))
    firings = [_firing(version, one) for key, one in by_key.items() if key not in known]
    Firing.objects.bulk_create(firings)
    states = {firing.id: {"firing": firing.id} for firing in firings}
    start_runs(FIRING_RUN, states, {firing.id: firing.due_at for firing in firings}, play.workspace_id)
    return len(firings)


def _firing(version: PlayVersion, pull: Pull) -> Firing:
    due = clock.from_us(pull.moment_us + version.definition.trigger.within_us)
    return Firing(
        play=version.play,
        version=version.number,
        message_key=pull.message_key,
        identity_key=pull.identity_key,
        person=pull.person[:500],
        event=pull.name[:300],
        details=pull.details,
        moment_us=pull.moment_us,
        due_at=max(due, clock.now()),
    )


def _pulls(rows: list[dict[str, Any]]) -> list[Pull]:
    return [
        Pull(row["message_key"], row["identity_key"], row["user_id"] or row["anonymous_id"], row["event"], row["ts_us"])
        for row in rows
    ]


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
