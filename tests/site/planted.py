"""A workspace with one of everything, every text of which holds its own word: what leaks is seen at once.

Two such workspaces share some ids (a person, a journey, a segment), as companies do.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from tests.capabilities.attrition.planted import plant_forecast
from tests.capabilities.cases.planted import plant_case
from tests.capabilities.credits.planted import plant_credit
from tests.capabilities.language.planted import plant_conversation, plant_scorer
from tests.capabilities.phrases.planted import plant_article, plant_phrase
from tests.capabilities.replays.recorded import START_MS, click, page
from tests.capabilities.workshops.planted import document, plant_workshop
from tests.plays.channels.planted import plant_channel
from tests.plays.planted import plant_play

from nousnous.base import clock
from nousnous.capabilities.attrition.actions.signals import find_signals
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs, seal_belief
from nousnous.capabilities.gaps.actions.judging import judge_weeks
from nousnous.capabilities.language.actions.scoring import score_messages
from nousnous.capabilities.replays.actions.reading import ReplayQuery, list_replays
from nousnous.capabilities.surveys.actions.asking import Who
from nousnous.capabilities.surveys.actions.links import make_link
from nousnous.capabilities.surveys.actions.versions import publish_survey, save_survey
from nousnous.capabilities.themes.models import Theme
from nousnous.capabilities.workshops.actions.holding import create_workshop
from nousnous.collector.capture import Capture, choose_capture
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import EventMapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.collector.imports.rejects import reject_path
from nousnous.collector.imports.replays import RecordingMapping
from nousnous.collector.imports.uploads import keep_upload, upload_folder
from nousnous.collector.landing import land
from nousnous.experiments.actions.keeping import apply_experiment
from nousnous.experiments.actions.proving import apply_fix
from nousnous.facts.events import EVENTS
from nousnous.facts.evidence import EvidenceFound
from nousnous.facts.messages import QUARANTINE
from nousnous.journeys.actions.evidence import record_evidence
from nousnous.journeys.actions.segments import apply_segment
from nousnous.journeys.actions.versions import apply_journey, archive_journey
from nousnous.people.actions.consents import decide_consent
from nousnous.people.actions.merges import merge_persons
from nousnous.people.models import ErasureReceipt, MergeSuggestion, new_receipt
from nousnous.runs.actions import start_run
from nousnous.runs.models import Run
from nousnous.warehouse.actions import set_term
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_token, create_workspace
from nousnous.workspaces.models import User, Workspace

SHARED = {
    "person": "ada",
    "device": "phone-7",
    "journey": "shop",
    "step": "pay",
    "segment": "returning",
    "question": "shared-survey",
    "play": "shared-play",
    "experiment": "short-form",
    "channel": "shared-channel",
    "phrase": "shared-phrase",
    "article": "shared-article",
    "fix": "one-page",
}
MONDAY_S = 1_704_067_200
EARLIER_MS = MONDAY_S * 1000 - START_MS
JOURNEY = """
[journey]
id = "{journey}"
name = "{word} shop"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "{step}"
name = "{word} till"
owner = "{word} team"
starts = {{ event = "{word} begins" }}
completes = {{ event = "{word} ends" }}
within = "30m"

[[belief]]
step = "{step}"
metric = "completion"
value = 0.9
range = [0.8, 0.95]
author = "{word} team"
"""
SEGMENT = '[segment]\nname = "{segment}"\n[[condition]]\nevent = "{word} ends"\n'
EXPERIMENT = """
[experiment]
id = "{experiment}"
name = "{word} form"
reading = "any time"
[[variant]]
id = "control"
weight = 0.000001
[[variant]]
id = "everybody"
[[metric]]
did = {{ event = "Order Completed" }}
"""
FIX = """
[fix]
id = "{fix}"
name = "{word} fix"
journey = "{journey}"
step = "{step}"
metric = "completion"
chosen = 2024-01-01
shipped = 2024-02-01
"""
SURVEY = """
[survey]
person = "person"
time = "time"
country = "'{word}-land'"
[[score]]
column = "answer"
metric = "csat"
scale = [1, 5]
step = "{step}"
"""


@dataclass(frozen=True)
class Planted:
    """A workspace, its word, and the values that name its things: those only it has, and those that another has too."""

    workspace: Workspace
    word: str
    own: dict[str, str]

    @property
    def shared(self) -> dict[str, str]:
        return self.own | SHARED


def plant(word: str, folder: Path) -> Planted:
    """Make a workspace and fill it by the product's own ways in."""
    made = create_workspace(WorkspaceProfile(word), f"{word}-write-key")
    workspace = made.workspace
    add_member(workspace, f"owner@{word}.example")
    names = {**SHARED, "word": word}
    own = {**names, "journey": f"{word}-only", "step": f"{word}-step", "segment": f"{word}-segment"}
    own |= {"experiment": f"{word}-experiment", "fix": f"{word}-fix"}
    for texts in (names, own):
        apply_journey(workspace, JOURNEY.format(**texts), f"{word}.toml", f"{word} editor")
        apply_segment(workspace, SEGMENT.format(**texts), None, f"{word} editor")
        apply_experiment(workspace, EXPERIMENT.format(**texts), None, f"{word} editor")
        apply_fix(workspace, FIX.format(**texts), None, f"{word} editor")
    apply_journey(workspace, JOURNEY.format(**own | {"journey": f"{word}-away"}), None, f"{word} editor")
    archive_journey(workspace, f"{word}-away", f"{word} editor")
    brought = _bring(workspace, word, folder)
    return Planted(workspace, word, own | brought | _ids(workspace, word))


def _ids(workspace: Workspace, word: str) -> dict[str, str]:
    """What is there besides signals and journeys; answers the ids that commands take."""
    belief, other, away = (list_beliefs(workspace, one)[0] for one in (f"{word}-only", "shop", f"{word}-away"))
    with clock.frozen((MONDAY_S - 86_400) * clock.SECOND_US):
        seal_belief(workspace, other.id)
    judge_weeks(workspace)
    felt = EvidenceFound("shop", "pay", "note", felt=f"{word} queue", meant=f"{word} welcome", reference=f"{word} desk")
    evidence = record_evidence(workspace, felt, f"{word} editor")
    pair = {"previous_key": 1, "known_key": 2, "moment_us": 1, "suggested_at": clock.now()}
    MergeSuggestion.objects.create(workspace=workspace, previous_id=f"{word}-a", known_id=f"{word}-b", **pair)
    decide_consent(workspace, f"{word}-ann", "contact", "granted")
    set_term(workspace, "scores", 9_000, "test")
    choose_capture(workspace, Capture(traits=(f"{word}-trait",)), f"{word} editor")
    asked = {"id": "q", "kind": "nps", "text": f"{word} again?"}
    for survey in (f"{word}-survey", "shared-survey"):
        save_survey(
            workspace, json.dumps({"id": survey, "name": f"{word} asks", "questions": [asked]}), f"{word} editor"
        )
        publish_survey(workspace, survey, f"{word} editor")
    make_link(workspace, f"{word}-survey", Who(user_id=f"{word}-ann"), f"{word} editor")
    for play in (f"{word}-play", "shared-play"):
        plant_play(workspace, play, f"{word} begins", f"{word} play")
    for phrase in (f"{word}-phrase", "shared-phrase"):
        plant_phrase(workspace, phrase, word)
        plant_article(workspace, phrase.replace("phrase", "article"), word)
    for channel in (f"{word}-channel", "shared-channel"):
        plant_channel(workspace, channel, word)
    receipt = {"receipt": new_receipt(), "asked_at": clock.now(), "erased_at": clock.now(), "identities": 1}
    ErasureReceipt.objects.create(workspace=workspace, **receipt)
    run = start_run("collector.import", {"word": word}, workspace_id=workspace.id)
    Run.objects.filter(pk=run.pk).update(status=Run.DEAD, trouble=f"OSError: {word}", finished_at=clock.now())
    themes = [
        Theme.objects.create(workspace=workspace, name=f"{word} {name}", words={word: 1.0}, reach=0.5, pinned=True).pk
        for name in ("queue", "desk")
    ]
    return {
        "question": f"{word}-survey",
        "play": f"{word}-play",
        "channel": f"{word}-channel",
        "phrase": f"{word}-phrase",
        "article": f"{word}-article",
        "case": plant_case(workspace, f"{word} person", f"{word} key", name=f"{word} callers").id,
        "workshop": plant_workshop(workspace, word, kind="call", call="https://meet.example").id,
        "unopened": create_workshop(workspace, document(word), f"{word} editor").id,
        "credit": plant_credit(workspace, f"{word} person", f"{word} key").id,
        "theme": themes[0],
        "wider": themes[1],
        "belief": belief.id,
        "unsealed": away.id,
        "evidence": evidence.id,
        "run": run.id,
        "receipt": str(receipt["receipt"]),
        "token": create_token(workspace, label=f"{word} program")[0].id,
        "key": f"{word}-write-key",
        "new_key": f"{word}-new-key",
        "email": f"owner@{word}.example",
        "country": f"{word}-land",
        "label": f"{word} label",
    }


def _bring(workspace: Workspace, word: str, folder: Path) -> dict[str, str]:
    """Events of people of its own and of one that both have, a file with a row that cannot be read, answers, a body
    in quarantine, a file that waits."""
    people = ["ada", f"{word}-ann", f"{word}-bob", *(f"{word}-{number}" for number in range(12))]
    rows = [
        {
            "user_id": person,
            "anonymous_id": "phone-7" if person == "ada" else "",
            "event": f"{word} {name}",
            "timestamp": MONDAY_S + number * 3_600 * 24 + later,
            "message_id": f"{word}-{number}-{name}",
            "country": f"{word}-land",
        }
        for number, person in enumerate(people)
        for name, later in (("begins", 0), ("ends", 60))
    ]
    rows.append(rows[0] | {"timestamp": f"{word} o'clock", "message_id": f"{word}-none"})
    events = import_file(workspace, Upload(write(folder / f"{word}-events.csv", rows), EventMapping()))
    answers = [{"person": person, "time": MONDAY_S + 90, "answer": 4} for person in people]
    mapping = survey_mapping(SURVEY.format(word=word, step="pay"), f"{word}.toml")
    survey = import_file(workspace, Upload(write(folder / f"{word}-answers.csv", answers), mapping))
    body = json.dumps({"event": f"{word} lost"}).encode()
    came = {"received_us": 1, "dialect": "segment", "path": "/v1/track", "source": "key"}
    kept = {"quarantine_id": f"{word}-q", "reason": f"{word} is no time", "body": body, **came}
    land(workspace, QUARANTINE, pa.Table.from_pylist([kept]))
    wished = {
        "type": "track",
        "user_id": f"{word}-bob",
        "event": "Product Added to Wishlist",
        "received_us": 1,
        "country": f"{word}-land",
    }
    wishes = [
        {**wished, "ts_us": (MONDAY_S + 3_600 * at) * clock.SECOND_US, "message_id": f"{word}-w{at}"}
        for at in (1, 2, 3)
    ]
    land(workspace, EVENTS, pa.Table.from_pylist(wishes))
    find_signals(workspace)
    plant_forecast(workspace)
    plant_conversation(workspace, f"{word}-talk", f"{word}-ann", word)
    score_messages(workspace)
    waiting = keep_upload(workspace, "events", f"{word}-waits.csv", [f"event,user_id\n{word},ann\n".encode()], "test")
    merge_persons(workspace, f"{word}-bob", f"{word}-ann")
    recording = folder / f"{word}-recording.json"
    begun_ms = EARLIER_MS + sum(word.encode())  # a recording is known by its moments
    recording.write_text(json.dumps([*page(begun_ms, f"/{word}"), *(click(begun_ms + at) for at in (100, 300, 500))]))
    import_file(workspace, Upload(recording, RecordingMapping(f"{word}-ann")))
    return {
        "session": list_replays(workspace, ReplayQuery())[0].session_id,
        "person": f"{word}-ann",
        "merged": f"{word}-bob",
        "other": f"{word}-1",
        "device": f"{word}-phone",
        "message": f"{word}-0-begins",
        "import_id": events.id,
        "survey": survey.id,
        "waiting": waiting.id,
        "labelled": plant_scorer(workspace, word),
        "head": f"{word}-head+1",
    }


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def fingerprint(workspace: Workspace) -> dict[str, str]:
    """What stands of a workspace, in the records and in files, so that a change is seen wherever it is."""
    found = {}
    with connection.cursor() as cursor:
        for name, question in _questions(workspace).items():
            cursor.execute(*question)
            found[name] = repr(cursor.fetchall())
    places = (settings.NOUS.lake_folder, settings.NOUS.replays_address)
    folders = [*(Path(place) / workspace.id for place in places), upload_folder(workspace.id)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in (*files, *(reject_path(record.id) for record in workspace.imports.all())):
        found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "absent"
    return found


@cache  # asked hundreds of times, and writing the questions takes longer than answering them
def _questions(workspace: Workspace) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """The SQL that reads the rows of each table."""
    asked = {
        model.__name__: model._default_manager.filter(**{way: workspace.pk})
        for model, way in ways_to_workspace().items()
    }
    asked["User"] = User.objects.filter(memberships__workspace=workspace)
    return {name: rows.order_by("pk").values().query.sql_with_params() for name, rows in asked.items()}


def ways_to_workspace() -> dict[type[Model], str]:
    """Each of our tables that belongs to a workspace, with the look-up that leads there."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("nousnous")]
    found: dict[type[Model], str] = {Workspace: "pk"}
    for model in ours:
        found.update((model, way) for way in _ways(model) if model not in found)
    return found


def _ways(model: type[Model]) -> Iterator[str]:
    fields = {field.name: field for field in model._meta.fields}
    if "workspace_id" in fields or "workspace" in fields:
        yield "workspace_id"
    for field in fields.values():
        if isinstance(field.related_model, type) and field.related_model is not model:
            yield from (f"{field.name}__{way}" for way in _ways(field.related_model))
