"""What is done for an event that pulled a trigger, step by step.

Each stage is a stage of a durable run: a process that dies is followed by another that goes on where it stopped.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from traceback import format_exception
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.base.timezones import timezone_names
from nousnous.collector.accepting import accept_events
from nousnous.facts import plays as facts
from nousnous.plays.actions.admitting import admit
from nousnous.plays.actions.judging import OFF, Case, case_of, is_off, settle, why_not, without_consent
from nousnous.plays.actions.people import newest_trait
from nousnous.plays.actions.triggers import FIRING_RUN
from nousnous.plays.definition import Limits
from nousnous.plays.models import Firing
from nousnous.plays.registry import action_named
from nousnous.runs.actions import is_last_try, start_run
from nousnous.runs.models import MOST_FAILURES, Run
from nousnous.runs.reasons import reason_of
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

logger = logging.getLogger(__name__)

SOURCE: Final = "plays"
JUDGE, ACT = "start", "act"


def perform_firing(work: Work) -> Advance:
    """One stage of a firing: judge it, then act, one action a stage."""
    firing = Firing.objects.select_related("play__workspace").filter(pk=work.state["firing"]).first()
    if firing is None:  # erased with its person
        return Advance()
    case = case_of(firing)
    if case is None:
        return Advance(
            effect=lambda: settle(firing, Firing.CANCELLED, "What pulled the trigger is not there any more.")
        )
    if work.stage == JUDGE:
        return _judge(case)
    reason = None if work.state["at"] else _no_more(case, again=bool(work.state.get("again")))
    if reason is not None:
        return Advance(effect=lambda: settle(firing, *reason))
    try:
        return _act(case, int(work.state["at"]))
    except Exception as trouble:
        if not is_last_try(work.run_id):
            raise
        logger.exception("%s gave up", firing)
        said = f"It was tried {MOST_FAILURES} times. {reason_of(''.join(format_exception(trouble)))}"
        return Advance(effect=lambda: settle(firing, Firing.FAILED, said))


def retry_firing(workspace: Workspace, firing_id: str, actor: str) -> Firing:
    """Let a firing that failed try again from its first action on; the other side knows the keys that it has."""
    with transaction.atomic():
        firing = Firing.objects.of(workspace).filter(pk=firing_id).first()
        if firing is None:
            raise Missing(f"There is no firing “{firing_id}” in this workspace.")
        if firing.state != Firing.FAILED:
            raise Conflict(f"This firing is {firing.state}; only one that failed can be tried again.")
        settle(firing, Firing.ACTING, "")
        state, key = {"firing": firing.id, "at": 0, "again": True}, f"{firing.id}-{clock.now_us()}"
        run = start_run(FIRING_RUN, state, workspace_id=workspace.id, key=key)
        Run.objects.filter(pk=run.pk).update(stage=ACT)
        audit(workspace, actor, "try firing again", firing.id)
    return firing


def after_quiet(instant: datetime, limits: Limits, timezone: str) -> datetime:
    """The instant, or the end of the quiet hours in which it lies, on the clocks of a time zone.

    >>> night = Limits(quiet=(22 * 60, 8 * 60))
    >>> after_quiet(datetime.fromisoformat("2026-03-28T23:30+00:00"), night, "Europe/Berlin").isoformat()
    '2026-03-29T06:00:00+00:00'
    """
    if limits.quiet is None:
        return instant
    begin, end = limits.quiet
    local = instant.astimezone(ZoneInfo(timezone))
    minute = local.hour * 60 + local.minute
    inside = begin <= minute < end if begin <= end else minute >= begin or minute < end
    if not inside:
        return instant
    day = local.date() + timedelta(days=int(begin > end and minute >= begin))
    over = datetime(day.year, day.month, day.day, *divmod(end, 60), tzinfo=ZoneInfo(timezone))
    return over.astimezone(instant.tzinfo)


def _judge(case: Case) -> Advance:
    reason = why_not(case)
    if reason is not None:
        return Advance(effect=lambda: settle(case.firing, *reason))
    limits = case.version.definition.limits
    due = after_quiet(clock.now(), limits, _timezone_of(case, limits)) if limits.quiet else clock.now()
    return Advance(ACT, due_at=due, state={"firing": case.firing.id, "at": 0}, effect=lambda: admit(case))


def _no_more(case: Case, *, again: bool) -> tuple[str, str] | None:
    """Why nothing is done although it was decided on: hours may lie between. A member may try what is off again."""
    if case.firing.state not in {Firing.ACTING, Firing.HELD_OUT}:
        return None
    return OFF if not again and is_off(case) else without_consent(case)


def _act(case: Case, at: int) -> Advance:
    firing, steps = case.firing, case.version.definition.steps
    if firing.state not in {Firing.ACTING, Firing.HELD_OUT}:
        return Advance()
    if at == 0 and case.concerns_somebody:
        _tell_arm(case)
    places = [place for place in case.version.definition.places(firing.arm) if place >= at]
    if not places:
        return Advance()
    at, last = places[0], len(places) == 1
    step = steps[at]
    action, told = action_named(step.action), _told(case, at)
    stage, state = (None, {}) if last else (ACT, {"firing": firing.id, "at": at + 1})
    if action.inner:
        perform = partial(_apart, action.perform, told)
        return Advance(stage, state=state, effect=lambda: _note(firing, _tried(step.action, perform), last=last))
    outcome = _tried(step.action, partial(action.perform, told))
    return Advance(stage, state=state, effect=lambda: _note(firing, outcome, last=last))


@transaction.atomic
def _apart(perform: Callable[[facts.Firing], facts.Outcome], told: facts.Firing) -> facts.Outcome:
    """What a refusal has written goes, and the rest of the transaction stays."""
    return perform(told)


def _tried(name: str, perform: Callable[[], facts.Outcome]) -> facts.Outcome | str:
    """What an action did, or the sentence with which it refuses for good; any other trouble is tried again."""
    try:
        return perform()
    except (Refused, Missing) as trouble:
        return f"{name}: {trouble.sentence}"


def _note(firing: Firing, outcome: facts.Outcome | str, *, last: bool) -> None:
    """Write what an action did; one that refused ends the firing."""
    if isinstance(outcome, str):
        settle(firing, Firing.FAILED, outcome)
        return
    firing.references = [*firing.references, outcome.reference] if outcome.reference else firing.references
    said = " ".join(part for part in (firing.said, outcome.said) if part)
    settle(firing, Firing.ACTED if last else Firing.ACTING, said)


def _told(case: Case, at: int) -> facts.Firing:
    firing, step = case.firing, case.version.definition.steps[at]
    return facts.Firing(
        case.workspace.id,
        firing.play.play_id,
        f"{firing.id}-{at}",
        case.person.identities,
        firing.person,
        firing.moment_us,
        case.details,
        step.parameters,
        firing.arm,
    )


def _tell_arm(case: Case) -> None:
    """Both arms are told, so that the experiment is read as assigned; the same event however often it is tried."""
    firing, person = case.firing, case.person
    known = {"userId": min(person.user_ids)} if person.user_ids else {"anonymousId": min(person.anonymous_ids)}
    event = {
        "type": "track",
        "event": "Experiment Viewed",
        "messageId": f"{firing.id}-viewed",
        **known,
        "timestamp": (firing.decided_at or clock.now()).isoformat(),
        "properties": {"experiment_id": case.version.definition.experiment, "variation_id": firing.arm},
    }
    accept_events(case.workspace, [event], SOURCE)


def _timezone_of(case: Case, limits: Limits) -> str:
    """The person's own time zone where they told one, else the play's, else the workspace's."""
    told = newest_trait(case.source, case.person.identities, "timezone") or ""
    return told if told in timezone_names() else limits.timezone or case.workspace.timezone
