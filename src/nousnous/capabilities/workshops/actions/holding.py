"""Holding a workshop: make it, open a round, open a slot of a call, close with an outcome, do it again in a month."""

import json
from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing
from nousnous.capabilities.workshops.measures import Definition, empathy_of, outcome_of, read_workshop
from nousnous.capabilities.workshops.models import Round, Workshop
from nousnous.charts.words import number, signed
from nousnous.facts.phrases import ToneChosen
from nousnous.runs.actions import cancel_run, start_run
from nousnous.runs.outbox import record
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

CLOSE_RUN: Final = "workshops.close"
REPEAT_RUN: Final = "workshops.repeat"


def list_workshops(workspace: Workspace) -> Any:
    """The workshops of a workspace, newest first."""
    return Workshop.objects.of(workspace).prefetch_related("rounds")


def workshop_named(workspace: Workspace, workshop_id: str) -> Workshop:
    return Workshop.objects.named(workspace, workshop_id)


@transaction.atomic
def create_workshop(workspace: Workspace, document: Any, actor: str) -> Workshop:
    """Keep a workshop; nobody can vote before a round is opened."""
    definition = read_workshop(document)
    text = json.dumps(definition.as_dict(), ensure_ascii=False)
    made = Workshop.objects.create(workspace=workspace, text=text, created_by=actor[:200])
    audit(workspace, actor, "create workshop", made.id)
    return made


@transaction.atomic
def open_round(workspace: Workspace, workshop_id: str, actor: str) -> Round:
    """Let customers vote from now on, until the closing that is set with this."""
    workshop = _held(workspace, workshop_id)
    newest = workshop.current
    if newest is not None and not newest.is_over:
        raise Conflict(f"Round {newest.number} is open until {newest.closes_at:%Y-%m-%d %H:%M} UTC.")
    if newest is not None and newest.outcome is None:
        raise Conflict(f"Round {newest.number} is just being counted; try again in a moment.")
    cancel_run(REPEAT_RUN, _after(newest))
    made = _begin(workshop, newest)
    audit(workspace, actor, "open round", str(made))
    return made


@transaction.atomic
def open_slot(workspace: Workspace, workshop_id: str, actor: str) -> Round:
    """The next version was heard in the call: it may be chosen from now on."""
    workshop = _held(workspace, workshop_id)
    newest = workshop.current
    if newest is None or newest.is_over:
        raise Conflict("No round is open; open one first.")
    if newest.slots >= len(workshop.definition.versions):
        raise Conflict("All slots are open.")
    newest.slots += 1
    newest.save(update_fields=["slots"])
    audit(workspace, actor, "open slot", f"{newest}, slot {newest.slots}")
    return newest


@transaction.atomic
def stop_repeating(workspace: Workspace, workshop_id: str, actor: str) -> Workshop:
    """Hold it no more after this round."""
    workshop = _held(workspace, workshop_id)
    if workshop.stopped_at is None:
        workshop.stopped_at = clock.now()
        workshop.save(update_fields=["stopped_at"])
        cancel_run(REPEAT_RUN, _after(workshop.current))
        audit(workspace, actor, "stop workshop", workshop.id)
    return workshop


def perform_close(work: Work) -> Advance:
    """Count a round when its time is over: the outcome is kept, and a winner is told."""
    return Advance(effect=lambda: _close(str(work.state["round"])))


def perform_repeat(work: Work) -> Advance:
    """Open the round of the next month, unless somebody did or stopped it."""

    def again() -> None:
        workshop = Workshop.objects.select_for_update().filter(pk=work.state["workshop"]).first()
        if workshop is None or workshop.stopped_at is not None:
            return
        newest = workshop.current
        if newest is not None and newest.number == work.state["after"]:
            _begin(workshop, newest)

    return Advance(effect=again)


def month_after(instant: datetime) -> datetime:
    """The same time a calendar month later, or on the last day of a shorter one.

    >>> month_after(datetime(2026, 1, 31, 9)).isoformat()
    '2026-02-28T09:00:00'
    """
    year, month = instant.year + instant.month // 12, instant.month % 12 + 1
    return instant.replace(year=year, month=month, day=min(instant.day, monthrange(year, month)[1]))


def _held(workspace: Workspace, workshop_id: str) -> Workshop:
    found = Workshop.objects.select_for_update().filter(workspace=workspace, pk=workshop_id).first()
    if found is None:
        raise Missing(f"There is no workshop “{workshop_id}” in this workspace.")
    return found


def _begin(workshop: Workshop, before: Round | None) -> Round:
    definition, now = workshop.definition, clock.now()
    made = Round.objects.create(
        workshop=workshop,
        number=before.number + 1 if before else 1,
        opens_at=now,
        closes_at=now + timedelta(minutes=definition.minutes),
        slots=0 if definition.kind == "call" else len(definition.versions),
    )
    owner = workshop.workspace_id
    start_run(CLOSE_RUN, {"round": made.id}, workspace_id=owner, key=made.id, due_at=made.closes_at)
    return made


def _close(round_id: str) -> None:
    found = (
        Round.objects.select_for_update().select_related("workshop").filter(pk=round_id, outcome__isnull=True).first()
    )
    if found is None:
        return
    workshop, definition = found.workshop, found.workshop.definition
    found.outcome = outcome_of(found.counted(len(definition.versions)), found.counted_by_group(definition))
    if definition.empathy:
        found.outcome["empathy"] = empathy_of(found.ratings(), len(definition.versions))
    found.save(update_fields=["outcome"])
    found.votes.all().delete()  # counted: which browser chose what is nobody's business any more
    if found.outcome["winner"] is not None:
        record(_chosen(workshop, found, definition))
    if definition.monthly and workshop.stopped_at is None:
        due_at = month_after(found.opens_at)
        state = {"workshop": workshop.id, "after": found.number}
        start_run(REPEAT_RUN, state, workspace_id=workshop.workspace_id, key=_after(found), due_at=due_at)


def _chosen(workshop: Workshop, found: Round, definition: Definition) -> ToneChosen:
    outcome: dict[str, Any] = found.outcome or {}
    place, lead = outcome["winner"], outcome["lead"]
    version = definition.versions[place]
    evidence = (
        f"Workshop “{definition.name}”: {outcome['counts'][place]} of {outcome['votes']} customers chose "
        f"it, {100 * lead['value']:.0f} points before the second ({100 * lead['low']:.0f} to {100 * lead['high']:.0f})."
        + felt(outcome, place)
    )
    return ToneChosen(
        workspace_id=workshop.workspace_id,
        moment_us=clock.now_us(),
        source=f"workshop {found.id}",
        key=definition.key,
        locale=definition.locale,
        tone=version.tone,
        jargon=definition.sentence,
        plain=version.text,
        evidence=evidence,
    )


def felt(outcome: Mapping[str, Any], place: int) -> str:
    """What customers said of the empathy of today's wording and of a version; nothing where nobody was asked."""
    if "empathy" not in outcome:
        return ""
    found = outcome["empathy"]["versions"][place]
    today, change = found["today"], found["change"]
    if change["value"] is None:
        return f" Empathy: {found['rating']['n']} rated it, too few to say."
    ends = f"{signed(change['low'], 1)} to {signed(change['high'], 1)}"
    return (
        f" Empathy from 1 to 5: {number(today['value'], 1)} as it is, {number(found['rating']['value'], 1)} so; "
        f"a change of {signed(change['value'], 1)} ({ends}) among {change['n']} who rated both."
    )


def _after(found: Round | None) -> str:
    return f"after-{found.id}" if found else ""
