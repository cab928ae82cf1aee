"""What processes do in the installation of the test that decodes every file; run by `nous shell` in its environment."""

import base64
import json
import os
import signal
from pathlib import Path
from typing import Any

from django.core.management import call_command
from tests.capabilities.attrition.planted import plant_forecast
from tests.capabilities.cases.planted import plant_case
from tests.capabilities.credits.planted import plant_credit
from tests.journeys.texts import SHOP
from tests.plays.planted import plant_play

from nousnous.base import clock
from nousnous.capabilities.attrition.actions.signals import find_signals
from nousnous.capabilities.cases.models import Case
from nousnous.capabilities.surveys.actions.asking import Who
from nousnous.capabilities.surveys.actions.links import make_link
from nousnous.capabilities.surveys.actions.versions import publish_survey, save_survey
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import event_mapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.collector.imports.uploads import keep_upload
from nousnous.facts.attrition import RISKS, SIGNS_OF_FADING
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.evidence import EvidenceFound
from nousnous.facts.messages import MESSAGES
from nousnous.journeys.actions.evidence import record_evidence
from nousnous.journeys.actions.versions import apply_journey
from nousnous.journeys.actions.visits import kept_visits
from nousnous.people.actions.consents import decide_consent
from nousnous.people.actions.exports import export_person
from nousnous.people.actions.merges import merge_persons, unmerge_person
from nousnous.people.identity import known_key
from nousnous.plays.channels.models import PageMessage, PushSubscription
from nousnous.plays.models import Firing
from nousnous.runs.models import OutboxEntry, Run
from nousnous.runs.scratch import scratch_folder
from nousnous.runs.worker import work_all
from nousnous.warehouse.lake import Snapshot, lake_of, rows_of
from nousnous.warehouse.maintenance import compact
from nousnous.workspaces.actions import WorkspaceProfile, audit, create_key, create_workspace
from nousnous.workspaces.models import Workspace

# An id with all that JSON, addresses, SQL and CSV escape; everything else that is the person's
USER = "us\"er'planted\\seven%25kü7q2ζ@example.org"
ALIAS = "alias-planted-5h2k9d"
ANONYMOUS = "device-planted-3f8w1z"
PLANTED = {
    "user": USER,
    "alias": ALIAS,
    "device": ANONYMOUS,
    "e-mail": "mail-planted-8t4n@mail.example",
    "phone": "+49 30 5550 77421 planted",
    "name": "Adelheid Planted-Ötzberg",
    "value": "a value planted 6m3v0c here",
    "comment": "I waited planted 2x7r4j for hours",
    "replay": "typed planted 9p1s6u in a recording",
    "message": "wrote planted 4d0y5g in a chat",
    "rejected": "a rejected planted 1b9z8e note",
    "quarantined": "a bad planted 7w2a3n note",
    "asked": "asked-planted-8y3q6b",
    "felt": "felt planted 0k6f1h lost",
    "left": "a message planted 8f2c6t waits",
    "fired": "a play planted 7d5w2n said so",
    "called": "a cause planted 4t7w2n key",
    "pushed": "planted-2w9f5m-browser",
    "credited": "a credit planted 8q3h6v key",
    "spilled": "a spilled planted 5c4t9x row",
    "uploaded": "an uploaded planted 3j8o2m row",
}
# Others whose ids begin as the person's do, or go on from there
SHORTER, LONGER, BOB = USER[:20], USER + "2", "bob"

SURVEY = '[survey]\nperson = "who"\ntime = "day"\n[[score]]\ncolumn = "q"\nmetric = "nps"\ncomment = "why"\n'


def found() -> Workspace:
    return Workspace.objects.get(slug="shop")


def begin() -> None:
    """A second workspace with a key of its own, in which the same id is another person's."""
    north = create_workspace(WorkspaceProfile("north", "", "UTC", "USD")).workspace
    create_key(north, key="NORTH")
    apply_journey(found(), SHOP, None, "ann")


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def live(folder: Path) -> None:
    """Everything that does not come by HTTP."""
    workspace = found()
    header = "user_id,anonymous_id,event,time,note\n"
    rows = [
        f"{cell(USER)},{ANONYMOUS},shipping_details,2024-03-01,{cell(PLANTED['value'])}",
        f"{cell(USER)},,purchase,2024-03-02,",
        f"{cell(USER)},,purchase,never,{cell(PLANTED['rejected'])}",
        f"{cell(LONGER)},,purchase,never,",
        f"{cell(USER)},too few",
        f"{cell(SHORTER)},,shipping_details,2024-03-01,",
        f"{cell(LONGER)},,shipping_details,2024-03-01,",
        *(f"{cell(one)},,Product Added to Wishlist,2024-03-0{day}," for one in (USER, LONGER) for day in (1, 2, 3)),
    ]
    file = folder / f"export of {ANONYMOUS}.csv"
    file.write_text(header + "\n".join(rows) + "\n")
    import_file(workspace, Upload(file, event_mapping("")))
    file.rename(folder / "north.csv")
    import_file(Workspace.objects.get(slug="north"), Upload(folder / "north.csv", event_mapping("")))
    (folder / "own.csv").write_text("event,time\nSeen,2024-03-04\n")
    own = event_mapping("").with_sources([f"user_id={ALIAS}"], "constant")
    import_file(workspace, Upload(folder / "own.csv", own))
    answers = f"who,day,q,why\n{cell(USER)},2024-03-03,3,{PLANTED['comment']}\n{cell(LONGER)},2024-03-03,9,fine\n"
    (folder / "survey.csv").write_text(answers)
    import_file(workspace, Upload(folder / "survey.csv", survey_mapping(SURVEY, "m.toml")))
    keep_upload(workspace, "events", "more.csv", [PLANTED["uploaded"].encode()], "ann")
    tell_records(workspace)
    message = {"message_id": "chat-1", "message_key": 5, "ts_us": 7, "user_id": USER, "text": PLANTED["message"]}
    message["identity_key"] = known_key(workspace, USER)
    lake_of(workspace).append(MESSAGES, rows_of(MESSAGES, {name: [value] for name, value in message.items()}))
    merge_persons(workspace, ALIAS, USER)
    merge_persons(workspace, BOB, USER)
    unmerge_person(workspace, BOB)
    plant_forecast(workspace)
    for one in (workspace, Workspace.objects.get(slug="north")):
        find_signals(one)
    for command in (("person", "export", USER), ("events", "export", "--person", USER), ("quarantine", "export")):
        call_command(*command, "--workspace", "shop")
    work_all()
    kept_visits(workspace, apply_journey(workspace, SHOP, None, "ann").version.journey)
    compact(lake_of(workspace), EVENTS)
    lake_of(workspace).open(EVENTS).create_checkpoint()


def tell_records(workspace: Workspace) -> None:
    """What records say of the person: consents, fractures, the audit log, runs that died and facts."""
    for person in (USER, LONGER):
        decide_consent(workspace, person, "contact", "denied")
    mine = EvidenceFound("shop", "checkout", "event", "m-purchase", None, 1.0, "one tap", PLANTED["felt"], None)
    record_evidence(workspace, mine, "ann")
    named = EvidenceFound("shop", "checkout", "note", "", 5, 1.0, "one tap", f"{USER} called", None)
    record_evidence(workspace, named, "ann")
    record_evidence(workspace, EvidenceFound("shop", "checkout", "note", "", 5, 1.0, "", f"{LONGER} called", None), "a")
    asked = json.dumps({"id": "nps", "name": "NPS", "questions": [{"id": "q", "kind": "nps", "text": "Again?"}]})
    save_survey(workspace, asked, "ann")
    publish_survey(workspace, "nps", "ann")
    for person in (USER, LONGER):
        make_link(workspace, "nps", Who(user_id=person, screen=f"/{PLANTED['asked'] if person == USER else ''}"), "ann")
    for person, said in ((USER, PLANTED["fired"]), (LONGER, "")):
        _, firing = plant_play(workspace, "hello", "Seen", "Hello", known_key(workspace, person))
        Firing.objects.filter(pk=firing.pk).update(person=person, said=said)
    for person, text in ((USER, PLANTED["left"]), (LONGER, "")):
        told = {"title": "x", "text": text, "until": clock.now()}
        PageMessage.objects.create(workspace=workspace, key=text, identity_key=known_key(workspace, person), **told)
    for person, cause in ((USER, PLANTED["called"]), (LONGER, "x")):
        case = plant_case(workspace, person, cause, known_key(workspace, person))
        Case.objects.filter(pk=case.pk).update(cause=cause, asked=f"{person} by e-mail")
    for person, path in ((USER, PLANTED["pushed"]), (LONGER, "")):
        named = {"workspace": workspace, "identity_key": known_key(workspace, person)}
        PushSubscription.objects.create(**named, endpoint=f"https://push.example/{path}", public_key="x", secret="x")
    for person, key in ((USER, PLANTED["credited"]), (LONGER, "")):
        plant_credit(workspace, person, key, known_key(workspace, person))
    for _ in range(60):
        audit(workspace, "ann", "read person", USER)
        audit(workspace, "ann", "export events", f"of {USER}, as a long text {'x' * 200}")
        audit(workspace, "ann", "read person", LONGER)
        audit(workspace, "ann", "merge people", ALIAS)
    trouble = f"ValueError: {USER!r} has no {json.dumps(USER)}\n" + base64.b64encode(USER.encode()).decode()
    state = {"import_id": "none", "asked": {"columns": {"user_id": USER}}}
    now = {"due_at": clock.now(), "created_at": clock.now(), "workspace_id": workspace.id}
    Run.objects.create(kind="collector.import", status=Run.DEAD, state=state, trouble=trouble * 40, **now)
    Run.objects.create(kind="warehouse.retention", status=Run.DEAD, trouble=f"of {USER}", **{**now, "workspace_id": ""})
    payload = {"workspace_id": workspace.id, "of": USER}
    OutboxEntry.objects.create(fact="Told", payload=payload, recorded_at=clock.now())


def die() -> None:
    """A process that is killed while it has spilled rows."""
    old = Path(os.environ["NOUS_HOME"]) / "import-old"
    with scratch_folder() as folder:
        old.mkdir()
        for place in (folder, old):
            (place / "duckdb_temp_storage-0.tmp").write_text(PLANTED["spilled"])
        os.kill(os.getpid(), signal.SIGKILL)


def others() -> None:
    """All that is kept of others, in this workspace and the other one, where the same id is another person's."""
    work_all()
    north = Workspace.objects.get(slug="north")
    people = [(found(), SHORTER), (found(), LONGER), (found(), BOB), (north, USER)]
    rejects = [f"rejects/{one.pk}.jsonl" for one in north.imports.all()]
    told_of = {f"{one.slug} {who}": told(one, who) for one, who in people}
    snapshot = lake_of(found()).snapshot()
    fading = {
        table.name: table.name in snapshot.versions and known_key(found(), USER) in _keys(snapshot, table)
        for table in (RISKS, SIGNS_OF_FADING)
    }
    print(json.dumps({**told_of, "fading": fading, "files of north": [f"lake/{north.pk}", *rejects]}))  # noqa: T201  # the test reads it


def _keys(snapshot: Snapshot, table: Table) -> set[int]:
    return set(snapshot.table(table).person_key.to_pyarrow().to_pylist())


def told(workspace: Workspace, who: str) -> dict[str, Any]:
    document = export_person(workspace, who)
    kept = {name: value for name, value in document.items() if name not in {"snapshot", "exported_at"}}
    return {name: sorted(value, key=str) if isinstance(value, list) else value for name, value in kept.items()}
