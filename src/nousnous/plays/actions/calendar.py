"""Plays that no event triggers: by the calendar for everybody of a segment, and when a metric passes a value."""

from typing import Any, Final

import ibis

from nousnous.base import clock
from nousnous.base.ids import keyed_hash
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import People, persons_in, segment_of
from nousnous.plays.actions.triggers import Pull, fire_all
from nousnous.plays.models import Play, Watch
from nousnous.plays.ports import measured
from nousnous.plays.timing import Threshold
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work
from nousnous.runs.schedules import drop_schedule, keep_schedule
from nousnous.stats.estimate import Estimate
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

TICK_RUN: Final = "plays.tick"
LOOK_RUN: Final = "plays.look"
AFTER_MIDNIGHT: Final = "20 0 * * *"
"""A window of days that are over moves once a day."""
AT_ONCE: Final = 1_000


def keep_calendar(play: Play) -> None:
    """Let the calendar start what a play waits for, as long as it is on; one that was changed is looked at anew."""
    trigger, name = play.current.definition.trigger, f"play-{play.pk}"
    Watch.objects.filter(play=play).exclude(threshold=_text(trigger.threshold)).delete()
    if not play.on or not (trigger.calendar or trigger.threshold):
        drop_schedule(name)
        return
    cron = trigger.calendar.cron if trigger.calendar else AFTER_MIDNIGHT
    zone = (trigger.calendar.timezone if trigger.calendar else "") or play.workspace.timezone
    kind = TICK_RUN if trigger.calendar else LOOK_RUN
    schedule = keep_schedule(name, cron, kind, timezone=zone, workspace_id=play.workspace_id)
    schedule.state = {"play": play.pk}
    schedule.save(update_fields=["state"])
    if trigger.threshold:
        start_run(LOOK_RUN, schedule.state, workspace_id=play.workspace_id)


def keep_all_calendars() -> None:
    """Write the schedules of plays that are missing, or whose workspace has moved to another time zone."""
    for play in Play.objects.filter(on=True).select_related("workspace"):
        if play.current.definition.trigger.calendar:
            keep_calendar(play)


def perform_tick(work: Work) -> Advance:
    """Fire for everybody of the audience, some at once; whoever follows a killed worker goes on behind the last."""
    play = _standing(work)
    if play is None or play.current.definition.trigger.calendar is None:
        return Advance()
    at_us, after = int(work.state.get("at_us", clock.now_us())), work.state.get("after")
    rows = people_of(play.workspace, play.current.definition.audience, after, AT_ONCE)
    salt = bytes(play.workspace.salt)
    pulls = [
        Pull(
            keyed_hash(salt, "tick", f"{work.run_id} {row['person_key']}"),
            row["person_key"],
            row["person"],
            "schedule",
            at_us,
            {},
        )
        for row in rows
    ]

    def effect() -> None:
        fire_all(play, pulls)

    if len(rows) < AT_ONCE:
        return Advance(effect=effect)
    state = {"play": play.pk, "at_us": at_us, "after": rows[-1]["person_key"]}
    return Advance("further", state=state, effect=effect)


def perform_look(work: Work) -> Advance:
    """Look whether a metric has passed its value since the last look; each passing fires once."""
    play = _standing(work)
    threshold = play.current.definition.trigger.threshold if play else None
    if play is None or threshold is None:
        return Advance()
    found = measured(play.workspace, threshold.watched)
    if not found:
        return Advance()
    until_us, estimate = found[-1]
    return Advance(effect=lambda: _look(play, threshold, until_us, estimate))


def people_of(workspace: Workspace, audience: str, after: int | None = None, most: int | None = None) -> Any:
    """The people of a segment, by key, as rows of `person_key` and `person`, an id to show: at most so many."""
    source = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    inside = persons_in(workspace, segment_of(workspace, audience), People(source.events(), source.resolved(SCORES)))
    if after is not None:
        inside = inside.filter(inside.person_key > after)
    named = _named(source).semi_join(inside, "person_key").order_by("person_key")
    return (named if most is None else named.limit(most)).to_pyarrow().to_pylist()


def _named(source: Snapshot) -> Any:
    rows = ibis.union(
        *(source.resolved(table).select("person_key", "user_id", "anonymous_id") for table in (EVENTS, SCORES))
    )
    return rows.group_by("person_key").agg(person=ibis.coalesce(rows.user_id.min(), rows.anonymous_id.min()))


def _look(play: Play, threshold: Threshold, until_us: int, estimate: Estimate) -> None:
    """Within the transaction: note what was seen, and fire where it was not beyond the value before."""
    Play.objects.select_for_update().get(pk=play.pk)
    watch = Watch.objects.filter(play=play).first() or Watch(play=play, threshold=_text(threshold))
    known, before = estimate.low is not None or estimate.high is not None, watch.passed
    if known:
        watch.passed = threshold.passed(estimate.low, estimate.high)
    watch.until_us, watch.seen, watch.looked_at = until_us, estimate.as_dict(), clock.now()
    watch.save()
    if watch.passed and not before:
        key = keyed_hash(bytes(play.workspace.salt), "threshold", f"{watch.threshold} {until_us}")
        fire_all(play, [Pull(key, None, "", "threshold", until_us, _details(threshold, watch))])


def _details(threshold: Threshold, watch: Watch) -> dict[str, Any]:
    watched = threshold.watched
    named = {"metric": watched.metric, "step": watched.step, "journey": watched.journey}
    seen = {name: threshold.reading(watch.seen[name]) for name in ("value", "low", "high")}
    return {**named, **seen, "said": watch.sentence}


def _standing(work: Work) -> Play | None:
    return Play.objects.select_related("workspace").filter(pk=work.state["play"], on=True).first()


def _text(threshold: Threshold | None) -> str:
    return repr(threshold)
