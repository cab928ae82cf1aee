"""Who calls whom at the made-up company: a rota, plays that were tried, and cases that stand or are over."""

import json
from pathlib import Path
from typing import Final

from nousnous.base import clock
from nousnous.base.clock import DAY_US, HOUR_US
from nousnous.capabilities.attrition.plays import past
from nousnous.capabilities.cases.actions.opening import Cause, Whom, open_case
from nousnous.capabilities.cases.actions.rotas import apply_rota
from nousnous.capabilities.cases.actions.working import Closing, claim_case, close_case
from nousnous.capabilities.cases.models import Case
from nousnous.capabilities.surveys.actions.versions import publish_survey, save_survey
from nousnous.experiments.actions.keeping import apply_experiment
from nousnous.people.identity import person_with
from nousnous.plays.actions.versions import apply_play
from nousnous.workspaces.models import Workspace
from nousnous_demo.plan import Plan
from nousnous_demo.rescuing import AGO_DAYS, LASTING_DAYS

ACTOR: Final = "demo (simulated)"
CALLER: Final = "grace@northwind.example"
SAID: Final = Path(__file__).parent / "plays_and_rota"
SURVEY: Final = {
    "id": "recovery",
    "name": "After the call",
    "questions": [{"id": "again", "kind": "csat", "text": "Did we make it good?"}],
}
CAUSES: Final = (
    Closing("Check-in takes too long", resolved=True, journey="travel", step="check-in"),
    Closing("Check-in takes too long", resolved=False, journey="travel", step="check-in"),
    Closing("Card was refused", resolved=True, journey="travel", step="payment"),
    Closing("Nobody answered in chat", resolved=True),
)
STANDING: Final = 6
OFFERS: Final = (
    ("restitution", "A credit for the inconvenience we may have caused."),
    ("retention", "A discount if you stay."),
)
ENDS: Final = {"start": AGO_DAYS + 1, "end": AGO_DAYS - LASTING_DAYS - 1}


def keep_what_was_tried(plan: Plan, workspace: Workspace) -> None:
    """The plays, switched off, and the experiments in which they are read out."""
    for file in sorted(SAID.glob("play-*.toml")):
        apply_play(workspace, file.read_text("utf-8"), file.name, ACTOR)
    days = {name: f"{clock.from_us(plan.until_us - ago * DAY_US):%Y-%m-%d}" for name, ago in ENDS.items()}
    for file in sorted(SAID.glob("experiment-*.toml")):
        apply_experiment(workspace, file.read_text("utf-8").format(**days), file.name, ACTOR)


def call_some(plan: Plan, workspace: Workspace) -> None:
    """The newest who fade stand open, two of them are being called; some before them are over."""
    survey = json.dumps(SURVEY)
    save_survey(workspace, survey, ACTOR)
    publish_survey(workspace, str(SURVEY["id"]), ACTOR)
    apply_rota(workspace, (SAID / "rota.toml").read_text("utf-8"), "rota.toml", ACTOR)
    signs = sorted(past(workspace, plan.until_us - 30 * DAY_US), key=lambda one: (-one.moment_us, one.key))
    people = {one.identity_key: one for one in reversed(signs)}
    chosen = list(people.values())[: STANDING + len(CAUSES)]
    for place, told in enumerate(chosen):
        person = person_with(workspace, told.identity_key)
        if person is None:
            continue
        ago_us = plan.until_us - (place - STANDING + 1) * DAY_US + 10 * HOUR_US
        signal, said = (str(told.details[name]) for name in ("signal", "said"))
        with clock.frozen(ago_us if place >= STANDING else clock.now_us()):
            cause = Cause(f"demo {told.key}", signal, said, told.moment_us, "rescue", *OFFERS[place % len(OFFERS)])
            case, _ = open_case(workspace, Whom(person.id, person.identities), cause)
            _go_on(workspace, case, place)


def _go_on(workspace: Workspace, case: Case, place: int) -> None:
    if case.state != Case.WAITING or 2 <= place < STANDING:
        return
    claim_case(workspace, case.id, CALLER, ACTOR)
    if place >= STANDING:
        close_case(workspace, case.id, CAUSES[place - STANDING], ACTOR)
