"""Claiming a case, by a page or a button in Slack, and closing it."""

from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, NousError, Place, Refused, Unavailable
from nousnous.capabilities.cases.actions.rotas import rota_of
from nousnous.capabilities.cases.models import Case
from nousnous.facts import plays as facts
from nousnous.facts.evidence import EvidenceFound
from nousnous.facts.plays import Pressed
from nousnous.journeys.actions.evidence import record_evidence
from nousnous.journeys.actions.versions import journey_of
from nousnous.people.identity import person_with
from nousnous.plays.registry import action_named
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

CLOSE_RUN: Final = "cases.closing"


@dataclass(frozen=True, slots=True)
class Closing:
    """What is said when a case is closed: the root cause, whether it is resolved, and the step where the cause lies."""

    cause: str
    resolved: bool
    journey: str = ""
    step: str = ""


@transaction.atomic
def claim_case(workspace: Workspace, case_id: str, member: str, actor: str) -> Case:
    """Give a case to who takes it on: its clock stops. Who has it already may say so again."""
    Case.objects.named(workspace, case_id)
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state in {Case.WAITING, Case.RUNNING}:
        case.owner, case.state, case.claimed_at = member[:254], Case.CLAIMED, clock.now()
        case.save(update_fields=["owner", "state", "claimed_at"])
        audit(workspace, actor, "claim case", f"{case.id} for {member}")
    elif case.owner != member:
        raise Conflict(f"{case.owner or 'Somebody'} took this case on already.")
    return case


def claimed_in_slack(pressed: Pressed) -> str:
    """The answer to the button: who calls."""
    workspace = Workspace.objects.get(pk=pressed.workspace_id)
    case = Case.objects.of(workspace).filter(pk=pressed.value).first()
    if case is None:
        raise Missing("This case is not here any more.")
    member = rota_of(workspace, case.team).definition.email_of(pressed.member)
    try:
        claim_case(workspace, case.id, member, f"{pressed.member} in Slack")
    except Conflict as other:
        return other.sentence
    return f"{pressed.member} calls."


@transaction.atomic
def close_case(workspace: Workspace, case_id: str, closing: Closing, actor: str) -> Case:
    """Say what it was; the case is closed as soon as the recovery survey went out."""
    _check(workspace, closing)
    Case.objects.named(workspace, case_id)
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state in {Case.CLOSING, Case.CLOSED}:
        raise Conflict("This case is closed already." if case.is_closed else "This case is being closed.")
    case.claimed_at, case.owner = case.claimed_at or clock.now(), case.owner or actor[:254]
    case.cause, case.resolved = closing.cause.strip()[:200], closing.resolved
    case.journey, case.step = closing.journey, closing.step
    case.state, case.trouble = Case.CLOSING, ""
    case.save()
    if closing.step:
        page = f"/w/{workspace.slug}/cases/{case.id}/"
        felt = EvidenceFound(closing.journey, closing.step, "conversation", page, case.moment_us)
        felt = replace(felt, felt=case.cause, identity_key=case.identity_key)
        record_evidence(workspace, felt, actor)
    audit(workspace, actor, "close case", case.id)
    _send(case)
    return case


def send_again(workspace: Workspace, case_id: str, actor: str) -> Case:
    """Try the recovery survey again."""
    case = _stuck(workspace, case_id)
    audit(workspace, actor, "send recovery survey again", case.id)
    _send(case)
    return case


def close_unasked(workspace: Workspace, case_id: str, actor: str) -> Case:
    """Close a case whose customer cannot be asked, and say so: it counts in no recovery rate."""
    case = _stuck(workspace, case_id)
    case.state, case.closed_at = Case.CLOSED, clock.now()
    case.save(update_fields=["state", "closed_at"])
    audit(workspace, actor, "close case unasked", case.id)
    return case


def perform_closing(work: Work) -> Advance:
    """Ask the customer whether it helped; a case closes when they were asked."""
    case = Case.objects.select_related("workspace").filter(pk=work.state["case"], state=Case.CLOSING).first()
    if case is None:
        return Advance()
    try:
        survey, said = _asked(case)
    except Unavailable:
        raise
    except NousError as refusal:
        trouble = f"They were not asked whether it helped. {refusal.sentence}"
        return Advance(effect=lambda: _write(case, trouble=trouble))
    return Advance(effect=lambda: _write(case, state=Case.CLOSED, closed_at=clock.now(), survey=survey, asked=said))


def _asked(case: Case) -> tuple[str, str]:
    """The survey that went out, and how; where we know no address, the link that who called gives to them."""
    survey = rota_of(case.workspace, case.team).definition.survey
    if not survey:
        raise Refused("The rota names no recovery survey.")
    person = person_with(case.workspace, case.identity_key)
    if person is None:
        raise Missing("Nothing is known of them any more.")
    key, asked = f"{case.id}-recovery", {"survey": survey}
    told = facts.Firing(case.workspace_id, "", key, person.identities, person.id, case.moment_us, {}, asked)
    outcome = action_named("ask_survey").perform(told)
    return survey, outcome.said


def _send(case: Case) -> None:
    start_run(CLOSE_RUN, {"case": case.id}, workspace_id=case.workspace_id, key=f"{case.id}-{clock.now_us()}")


def _stuck(workspace: Workspace, case_id: str) -> Case:
    case = Case.objects.named(workspace, case_id)
    if case.state != Case.CLOSING or not case.trouble:
        raise Conflict("Only a case whose recovery survey could not be sent waits for this.")
    return case


def _write(case: Case, **changes: object) -> None:
    Case.objects.filter(pk=case.pk, state=Case.CLOSING).update(**changes)


def _check(workspace: Workspace, closing: Closing) -> None:
    if not closing.cause.strip():
        raise Refused("Say what the root cause was.", Place(field="cause"))
    if bool(closing.journey) != bool(closing.step):
        raise Refused("A step is named with its journey.", Place(field="step"))
    if closing.step:
        steps = {one.id for one in journey_of(workspace, closing.journey).journey.steps}
        if closing.step not in steps:
            raise Refused(f"The journey {closing.journey} has no step “{closing.step}”.", Place(field="step"))
