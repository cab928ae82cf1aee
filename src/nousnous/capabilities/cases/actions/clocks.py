"""The clock of a case: given to somebody of the rota, reminded at half time, handed on when it is over."""

from datetime import datetime, timedelta
from typing import Any

from nousnous.base import clock
from nousnous.capabilities.cases.actions.rotas import loads_of, rota_of
from nousnous.capabilities.cases.actions.sheets import spent_before
from nousnous.capabilities.cases.measures.rota import Rota, choose, next_on_duty
from nousnous.capabilities.cases.models import Case
from nousnous.runs.actions import start_run
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work

POST_RUN = "cases.post"
OPENED, REMINDED, ESCALATED = "opened", "reminded", "escalated"
START, REMIND, ESCALATE = "start", "remind", "escalate"
A_DAY = timedelta(days=1)


def perform_clock(work: Work) -> Advance:
    """One stage; a case that was claimed meanwhile needs no clock any more."""
    case = Case.objects.select_related("workspace").filter(pk=work.state["case"]).first()
    if case is None or case.state not in {Case.WAITING, Case.RUNNING}:
        return Advance()
    rota = rota_of(case.workspace, case.team).definition
    if work.stage == START:
        return _give(case, rota)
    return _remind(case, work) if work.stage == REMIND else _escalate(case, rota)


def _give(case: Case, rota: Rota) -> Advance:
    """Give it to somebody who is there, or wait until somebody is."""
    with exclusive(f"rota-{case.workspace_id}-{case.team}"):
        case.refresh_from_db()
        until = _choose(case, rota) if case.state == Case.WAITING else None
    if case.state == Case.WAITING:
        return Advance(START, until or clock.now() + A_DAY, {"case": case.id})
    if case.state != Case.RUNNING or case.given_at is None or case.due_at is None:
        return Advance()
    remind = rota.hours.after(case.given_at, timedelta(minutes=rota.remind)) or case.due_at
    state = {"case": case.id, "due_us": clock.to_us(case.due_at)}
    return Advance(REMIND, remind, state, lambda: _post(case, OPENED))


def _choose(case: Case, rota: Rota) -> datetime | None:
    """Written under the lock, so that the next case sees this load; answers from when on somebody is there, if not now.

    A process that dies right after it leaves a case that runs, and the run goes on from there.
    """
    now, loads = clock.now(), loads_of(case.workspace)
    member = choose(rota, now, loads)
    if member is None:
        until = next_on_duty(rota, now, loads)
        case.due_at, case.trouble = until, "" if until else "Nobody of the rota is at work in the next sixty days."
        case.save(update_fields=["due_at", "trouble"])
        return until
    case.owner, case.state, case.given_at, case.trouble = member.email, Case.RUNNING, now, ""
    case.due_at = rota.hours.after(now, timedelta(minutes=rota.minutes)) or now + A_DAY
    case.stake = spent_before(case) if case.stake is None else case.stake
    case.save(update_fields=["owner", "state", "given_at", "due_at", "trouble", "stake"])
    return None


def _remind(case: Case, work: Work) -> Advance:
    def effect() -> None:
        if _changed(case, "reminded_at"):
            _post(case, REMINDED)

    return Advance(ESCALATE, clock.from_us(work.state["due_us"]), {"case": case.id}, effect)


def _escalate(case: Case, rota: Rota) -> Advance:
    """The time is over: somebody else of the rota gets it where somebody is there, and all are told."""
    now = clock.now()
    other = choose(rota, now, loads_of(case.workspace), besides=case.owner)
    changes = {"owner": other.email, "given_at": now} if other else {}

    def effect() -> None:
        if _changed(case, "escalated_at", **changes):
            _post(case, ESCALATED)

    return Advance(effect=effect)


def _post(case: Case, what: str) -> None:
    state = {"case": case.id, "what": what}
    start_run(POST_RUN, state, workspace_id=case.workspace_id, key=f"{case.id}-{what}")


def _changed(case: Case, moment: str, **changes: Any) -> bool:
    """Note a moment of the clock once, unless somebody claimed the case meanwhile; answers whether it was noted."""
    rows = Case.objects.filter(pk=case.pk, **{moment: None}).unclaimed()
    return bool(rows.update(**{moment: clock.now()}, **changes))
