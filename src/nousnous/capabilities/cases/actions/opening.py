"""Opening a case: by a play or by hand; one person has one case at a time."""

from dataclasses import dataclass

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Place, Refused
from nousnous.base.ids import random_id
from nousnous.capabilities.cases.actions.rotas import CLOCK_RUN, rota_of
from nousnous.capabilities.cases.models import Case
from nousnous.people.identity import find_person
from nousnous.runs.actions import start_run
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

BY_HAND = "hand"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a case is opened: what it came from, what happened when, and which play opens it, for which arm."""

    key: str
    source: str
    said: str
    moment_us: int
    play: str = ""
    arm: str = ""
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Whom:
    """The person of a case: their id as it is shown, their identities, and the team that calls them."""

    person: str
    identities: tuple[int, ...]
    team: str = ""
    priority: str = "normal"


@transaction.atomic
def open_case(workspace: Workspace, whom: Whom, cause: Cause) -> tuple[Case, bool]:
    """The case of a person, and whether it is new: under the same key, or while one stands, it is not."""
    team = rota_of(workspace, whom.team).rota_id
    standing = Case.objects.of(workspace).filter(key=cause.key).first()
    standing = standing or Case.objects.of_people(workspace, whom.identities).standing().first()
    if standing is not None:
        return standing, False
    case = Case.objects.create(
        workspace=workspace,
        key=cause.key,
        identity_key=min(whom.identities),
        person=whom.person[:500],
        source=cause.source[:60],
        said=cause.said,
        moment_us=cause.moment_us,
        play=cause.play[:60],
        arm=cause.arm,
        offer=cause.offer,
        team=team,
        priority=whom.priority,
    )
    start_run(CLOCK_RUN, {"case": case.id}, workspace_id=workspace.id, key=case.id)
    return case, True


def open_by_hand(workspace: Workspace, person_id: str, said: str, team: str, actor: str) -> tuple[Case, bool]:
    """Open a case for somebody that a member heard of."""
    if not said.strip():
        raise Refused("Say what happened: whoever calls reads it first.", Place(field="said"))
    person = find_person(workspace, person_id)
    cause = Cause(random_id("hand"), BY_HAND, said.strip(), clock.now_us())
    case, fresh = open_case(workspace, Whom(person.id, person.identities, team), cause)
    if fresh:
        audit(workspace, actor, "open case", case.id)
    return case, fresh
