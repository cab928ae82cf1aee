"""The runs that look through what came in, and hear what capabilities tell; each event or fact pulls a trigger once."""

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


@dataclass(frozen=True, slots=True)
class Pull:
    """What pulls a trigger: an event, or a fact with its details."""

    message_key: int
    identity_key: int
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
    return Advance(effect=lambda: _fire_all(plays, pull))


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
            count = sum(_pull(play, starts) for play, starts, _ in pulled)
            for play, _, came in pulled:
                _cancel(play, came)
            Reading.objects.filter(pk=reading.pk).update(landed_us=source.landed_us)
    return count


def _waiting(workspace: Workspace, fact: str = "") -> list[Play]:
    """The plays that are on and wait for a fact, or for events."""
    on = Play.objects.filter(workspace=workspace, on=True)
    return [play for play in on if play.current.definition.trigger.fact == fact]


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
        person = row["user_id"] or row["anonymous_id"]
        _fire(version, Pull(row["message_key"], row["identity_key"], person, row["event"], row["ts_us"]))
    return len(fresh)


def _fire_all(plays: list[Play], pull: Pull) -> None:
    for play in plays:
        if not play.firings.filter(message_key=pull.message_key).exists():
            _fire(play.current, pull)


def _fire(version: PlayVersion, pull: Pull) -> None:
    due = clock.from_us(pull.moment_us + version.definition.trigger.within_us)
    firing = Firing.objects.create(
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
    workspace_id = version.play.workspace_id
    start_run(FIRING_RUN, {"firing": firing.id}, workspace_id=workspace_id, key=firing.id, due_at=firing.due_at)


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
