"""Bring a world into a workspace by the product's public ways in: imports, a journey file, beliefs and their seals."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pyarrow.parquet as pq

from nousnous.base import clock
from nousnous.base.clock import DAY_US, HOUR_US
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.capabilities.attrition.actions.forecasting import train_forecast
from nousnous.capabilities.attrition.actions.signals import find_signals
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs, seal_belief
from nousnous.capabilities.gaps.actions.judging import judge_weeks
from nousnous.capabilities.language.actions.scoring import score_messages
from nousnous.capabilities.spreads.actions.telling import tell_screens
from nousnous.capabilities.themes.actions.finding import find_of
from nousnous.collector.entries import Arrival
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.conversations import ConversationMapping
from nousnous.collector.imports.mapping import EventMapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.collector.landing import land
from nousnous.collector.reading import rows_of_arrivals
from nousnous.facts.evidence import EvidenceFound
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.journeys.actions.evidence import list_evidence, record_evidence
from nousnous.journeys.actions.versions import apply_journey, journey_of
from nousnous.journeys.actions.visits import kept_visits
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_sign_in_address, create_workspace
from nousnous.workspaces.models import Workspace, current_workspace
from nousnous_demo.calling import call_some, keep_what_was_tried
from nousnous_demo.company import NAME
from nousnous_demo.files import Files
from nousnous_demo.plan import Plan, last_midnight_us
from nousnous_demo.recordings import bodies, low_answers

JOURNEY = "travel"
ACTOR = "demo (simulated)"
OWNER = "ada@northwind.example"
MEMBERS = ((OWNER, "owner"), ("grace@northwind.example", "analyst"), ("linus@northwind.example", "viewer"))
FOUNDED_BEFORE_US = 12 * HOUR_US

Share = Callable[[float], None]
Stage = Callable[[str], AbstractContextManager[Share]]


@dataclass(frozen=True, slots=True)
class Brought:
    """A world in its workspace, and how much there is of it."""

    workspace: Workspace
    events: int
    answers: int
    visits: int


@dataclass(frozen=True, slots=True)
class Built:
    """A demo that stands: what is in it, and where the truth lies."""

    plan: Plan
    files: Files
    brought: Brought
    verdicts: int

    @property
    def counts(self) -> dict[str, int]:
        brought = self.brought
        return {
            "events": brought.events,
            "answers": brought.answers,
            "visits": brought.visits,
            "verdicts": self.verdicts,
        }


def build_demo(asked: Plan, stage: Stage) -> Built:
    """Build a demo, or go on with one that was interrupted; one that stands is refused."""
    plan = _begun(asked.checked())
    files = Files.of(plan.workspace)
    brought = bring_in(plan, files, stage)
    with stage("Judging the weeks that closed") as share:
        verdicts = judge_weeks(brought.workspace, share)
        note_fractures(plan, brought.workspace)
        tell_screens(brought.workspace)
        find_of(brought.workspace)
        find_signals(brought.workspace)
        train_forecast(brought.workspace)
        score_messages(brought.workspace)
        keep_what_was_tried(plan, brought.workspace)
        call_some(plan, brought.workspace)
    files.write_truths(plan)
    return Built(plan, files, brought, verdicts)


def bring_in(plan: Plan, files: Files, stage: Stage) -> Brought:
    """Draw a world, write its files, and import them; running it again adds nothing."""
    with stage(f"Drawing {plan.people:,} people and their {plan.days} days"):
        files.draw(plan)
    with stage("Founding the company, writing and sealing its beliefs"):
        workspace = found_workspace(plan, files)
    with stage("Importing their events") as share:
        events = import_file(workspace, Upload(files.events, EventMapping(), actor=ACTOR), _part(share))
    with stage("Importing their answers") as share:
        mapping = survey_mapping(files.mapping.read_text("utf-8"), files.mapping.name)
        answers = import_file(workspace, Upload(files.answers, mapping, actor=ACTOR), _part(share))
    with stage("Importing their conversations") as share:
        import_file(workspace, Upload(files.talks, ConversationMapping(), actor=ACTOR), _part(share))
    with stage("Recording some of their sessions"):
        bring_recordings(plan, files, workspace)
    with stage("Setting up the visits of the journey's steps") as share:
        kept = kept_visits(workspace, journey_of(workspace, JOURNEY).journey, share)
    return Brought(workspace, events.rows_read, answers.rows_read, kept.visits.count().to_pyarrow().as_py())


def bring_recordings(plan: Plan, files: Files, workspace: Workspace) -> None:
    """What the script on the company's pages would have sent of some sessions at its dearest step."""
    events, source = pq.read_table(files.events), workspace.write_keys.get().pk
    passage = plan.company.passage(plan.company.dearest)
    low = low_answers(pq.read_table(files.answers), plan.company.survey(passage.step))
    sent = bodies(events, passage, plan.seed, low)
    arrivals = [Arrival(workspace.id, source, "nous", "/v1/replay", at_us, body=body) for at_us, body in sent]
    land(workspace, REPLAY_CHUNKS, rows_of_arrivals(arrivals)[REPLAY_CHUNKS])


def is_built(workspace: str) -> bool:
    """Whether a demo stands there, built to its end."""
    return Files.of(workspace).truth.exists()


def sign_in_secret(workspace: str) -> str:
    """A one-time secret for the owner of the demo."""
    if not is_built(workspace):
        raise Missing(f"There is no demo in a workspace “{workspace}”; `nous demo build` makes one.")
    member = add_member(current_workspace(workspace), OWNER, actor=ACTOR)
    return create_sign_in_address(member, ACTOR)[1]


def found_workspace(plan: Plan, files: Files) -> Workspace:
    """The workspace with members, journey and beliefs. Seals are set by a clock that stands where the world began.

    That is a simulation of time and said so: in the audit log by the actor, in the workspace's name, in the truths.
    """
    with clock.frozen(plan.from_us - FOUNDED_BEFORE_US):
        workspace = Workspace.objects.filter(slug=plan.workspace).first()
        if workspace is None:
            profile = WorkspaceProfile(plan.workspace, NAME, "UTC", "USD")
            workspace = create_workspace(profile, actor=ACTOR).workspace
        for email, role in MEMBERS:
            add_member(workspace, email, role, ACTOR)
        apply_journey(workspace, files.journey.read_text("utf-8"), files.journey.name, ACTOR)
    _seal(workspace, plan)
    return workspace


def note_fractures(plan: Plan, workspace: Workspace) -> None:
    """What people of the company noticed, on the days on which they did."""
    noted = {(one.step, one.moment_us) for one in list_evidence(workspace, JOURNEY)}
    for one in plan.company.fractures:
        moment_us = plan.until_us - one.days_before * DAY_US + 15 * HOUR_US
        found = EvidenceFound(JOURNEY, one.step, "note", "", moment_us, one.weight, one.meant, one.felt)
        if (one.step, moment_us) not in noted:
            with clock.frozen(moment_us + HOUR_US):
                record_evidence(workspace, found, ACTOR)


def _seal(workspace: Workspace, plan: Plan) -> None:
    convictions = {(one.step, one.metric, one.author, one.segment): one for one in plan.company.convictions}
    for belief in list_beliefs(workspace):
        day = convictions[belief.step, belief.metric, belief.author, belief.segment].sealed_day
        if day is not None:
            with clock.frozen(plan.from_us - HOUR_US + day * DAY_US):
                seal_belief(workspace, belief.id)


def _begun(plan: Plan) -> Plan:
    """Note that a demo is begun; what was begun before must be the same, and ends on the day it was begun for."""
    files = Files.of(plan.workspace)
    if files.truth.exists():
        raise Conflict(
            f"The demo stands in the workspace “{plan.workspace}” already; --workspace builds another one beside it."
        )
    kept = {"people": plan.people, "seed": plan.seed, "days": plan.days}
    if files.plan.exists():
        begun = json.loads(files.plan.read_text("utf-8"))
        if any(begun[name] != value for name, value in kept.items()):
            told = "{people:,} people over {days} days with seed {seed}".format(**begun)
            raise Conflict(f"A demo of {told} was interrupted in “{plan.workspace}”; build that one to its end.")
        return replace(plan, until_us=begun["until_us"])
    if Workspace.objects.filter(slug=plan.workspace).exists():
        raise Refused(f"The workspace “{plan.workspace}” is not a demo; --workspace takes another name.")
    plan = replace(plan, until_us=plan.until_us or last_midnight_us())
    files.folder.mkdir(parents=True, exist_ok=True)
    files.plan.write_text(json.dumps({**kept, "until_us": plan.until_us}), "utf-8")
    return plan


def _part(share: Share) -> Callable[[int, int], None]:
    def show(done: int, of: int) -> None:
        share(done / max(1, of))

    return show
