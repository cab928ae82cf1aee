"""Keeping plays in versions, switching them on and off, finding them again."""

from django.db import transaction

from nousnous.base.errors import Conflict, Missing, NousError, Place, Refused
from nousnous.journeys.actions.seen import nearest_names, seen_names
from nousnous.journeys.actions.segments import segment_of
from nousnous.plays.actions.budgets import largest_cost
from nousnous.plays.actions.calendar import keep_calendar
from nousnous.plays.cycles import cycle_from
from nousnous.plays.definition import Play as Definition
from nousnous.plays.definition import Trigger, parse_play
from nousnous.plays.models import Play, PlayVersion, Reading
from nousnous.plays.ports import measured
from nousnous.plays.registry import action_named, trigger_named
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace


def apply_play(workspace: Workspace, text: str, file: str | None, actor: str) -> Play:
    """Keep a text as the newest version of the play that it names; a new play is off. The same text changes nothing."""
    definition = parse_play(text, file)
    check_play(workspace, definition, file)
    with transaction.atomic():
        play, _ = Play.objects.update_or_create(
            workspace=workspace, play_id=definition.id, defaults={"name": definition.name}
        )
        if play.on:
            _check_cycle(play, definition)
        newest = play.versions.order_by("-number").first()
        if newest is None or newest.text != text:
            number = newest.number + 1 if newest else 1
            PlayVersion.objects.create(play=play, number=number, text=text, actor=actor)
            audit(workspace, actor, "apply play", f"{definition.id} version {number}")
            keep_calendar(play)
    return play


def refuse_taken(workspace: Workspace, definition: Definition) -> None:
    """A new play overwrites none that has the same name."""
    if Play.objects.filter(workspace=workspace, play_id=definition.id).exists():
        raise Refused(f"There is a play “{definition.id}” already; choose another name.", Place(field="play.name"))


def check_play(workspace: Workspace, definition: Definition, file: str | None = None) -> None:
    """Refuse what means nothing here: events that never came, a segment or an action that is not there."""
    _check_fact(definition.trigger, Place(file, field="trigger"))
    seen = list(seen_names(workspace))
    for name in sorted(definition.events.difference(seen)):
        told = ", ".join(f"“{one}”" for one in nearest_names(name, seen))
        nearest = f"the nearest names are {told}" if told else "no event came in yet"
        raise Refused(f"No event “{name}” ever came in; {nearest}.", Place(file, field="trigger"))
    if definition.audience:
        segment_of(workspace, definition.audience)
    for at, step in enumerate(definition.steps, start=1):
        place = Place(file, field=f"do {at}")
        try:
            action = action_named(step.action)
            action.check(step.parameters)
        except NousError as trouble:
            raise Refused(trouble.sentence, place) from None
        if definition.trigger.threshold and action.personal:
            raise Refused(f"“{step.action}” needs a person, and a metric concerns no single one.", place)
    _check_budget(definition, Place(file, field="limits"))
    if definition.trigger.threshold:
        measured(workspace, definition.trigger.threshold.watched)


def _check_budget(definition: Definition, place: Place) -> None:
    limits, cost = definition.limits, largest_cost(definition)
    if limits.budget_cents is not None and not cost:
        raise Refused("A budget needs to know what one person costs: cost = 0.50.", place)
    if limits.budget_cents is not None and cost > limits.budget_cents:
        raise Refused("One person costs more than the budget of a month.", place)


def _check_fact(trigger: Trigger, place: Place) -> None:
    if not trigger.fact:
        return
    try:
        names = trigger_named(trigger.fact).names
    except Missing as trouble:
        raise Refused(trouble.sentence, place) from None
    for one in trigger.where:
        if one.property not in names:
            raise Refused(f"“{trigger.fact}” tells no “{one.property}”; it tells {', '.join(names)}.", place)


def _check_cycle(play: Play, definition: Definition) -> None:
    others = Play.objects.filter(workspace=play.workspace, on=True).exclude(pk=play.pk)
    cycle = cycle_from(definition, [one.current.definition for one in others])
    if cycle:
        way = ", ".join(f"“{name}”" for name in (*cycle, cycle[0]))
        raise Refused(f"They would set each other off without end: {way}. Change the trigger of one, or leave it off.")


def switch_play(workspace: Workspace, play_id: str, actor: str, *, on: bool) -> Play:
    """Let a play fire from now on, or no more; what waits is cancelled when its time comes."""
    with transaction.atomic():
        play = play_of(workspace, play_id)
        if play.on == on:
            raise Conflict(f"{play.name} is {'on' if on else 'off'} already.")
        if on:
            check_play(workspace, play.current.definition)
            _check_cycle(play, play.current.definition)
            landed_us = lake_of(workspace).snapshot().landed_us
            Reading.objects.get_or_create(workspace=workspace, defaults={"landed_us": landed_us})
        play.on = on
        play.save(update_fields=["on"])
        keep_calendar(play)
        audit(workspace, actor, f"switch play {'on' if on else 'off'}", play_id)
    return play


def play_of(workspace: Workspace, play_id: str) -> Play:
    found = Play.objects.filter(workspace=workspace, play_id=play_id).first()
    if found is None:
        raise Missing(f"There is no play “{play_id}” in this workspace; `nous play list` shows those that are.")
    return found


def list_plays(workspace: Workspace) -> list[Play]:
    return list(Play.objects.filter(workspace=workspace).prefetch_related("versions"))
