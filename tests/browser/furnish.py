"""Fill an installation for the tests of pages: the demo company, small, and one of everything that pages show.

Run in a process of its own with `NOUS_HOME` set; prints what tests have to know as JSON.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import django

PEOPLE = 300
SEED = 1
PASSWORD = "long enough for all"


@contextmanager
def quiet(_title: str) -> Iterator[object]:
    yield lambda _share: None


def furnish() -> dict[str, object]:
    from tests.capabilities.attrition.planted import plant_forecast

    from nousnous.site.records import prepare_records
    from nousnous.workspaces.actions import add_member, create_sign_in_address
    from nousnous.workspaces.models import User
    from nousnous_demo.build import JOURNEY, OWNER, build_demo
    from nousnous_demo.plan import WORKSPACE, Plan

    prepare_records()
    built = build_demo(Plan(PEOPLE, SEED, workspace=WORKSPACE), quiet)
    workspace = built.brought.workspace
    plant_forecast(workspace)
    for name in ("grace", "linus"):
        user = User.objects.get(email=f"{name}@northwind.example")
        user.set_password(PASSWORD)
        user.save()
    signing = [create_sign_in_address(add_member(workspace, f"{name}@northwind.example")) for name in ("new", "late")]
    owner = workspace.members.get(user__email=OWNER)
    return {
        "workspace": workspace.slug,
        "journey": JOURNEY,
        "number": 1,
        "secrets": [create_sign_in_address(owner)[1], *(secret for _, secret in signing)],
        **things(workspace),
    }


def looked_at(workspace: object) -> None:
    """A look that found barriers, and somebody who uses the keyboard alone."""
    import pyarrow as pa

    from nousnous.base import clock
    from nousnous.collector.landing import land
    from nousnous.facts.events import EVENTS
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    pale = {
        "rule": "color-contrast",
        "level": "AA",
        "impact": "serious",
        "count": 4,
        "elements": [{"element": "#terms"}],
    }
    look = {"route": "/check-in", "kind": "page", "violations": [pale, {**pale, "rule": "label", "impact": "critical"}]}
    event = {"message_id": ["look", "cart", "way"], "event": [*["Accessibility Scanned"] * 2, "Session Described"]}
    event |= {"screen": ["/check-in", "/cart", "/check-in"], "user_id": [None, None, "ann"]}
    when = {"ts_us": [clock.now_us() - 2 * clock.DAY_US] * 3, "received_us": [clock.now_us()] * 3}
    told = [json.dumps(one) for one in (look, {**look, "route": "/cart"}, {"keyboard_only": True})]
    land(workspace, EVENTS, pa.table({**event, **when, "properties": told}))


def things(workspace: object) -> dict[str, object]:
    import pyarrow as pa

    from nousnous.base import clock
    from nousnous.capabilities.gaps.models import Belief
    from nousnous.capabilities.surveys.actions.versions import publish_survey, save_survey, survey_of
    from nousnous.capabilities.themes.models import Theme
    from nousnous.collector.imports.uploads import keep_upload
    from nousnous.collector.landing import land
    from nousnous.collector.models import Import
    from nousnous.facts.messages import QUARANTINE
    from nousnous.journeys.actions.evidence import list_evidence
    from nousnous.journeys.actions.segments import apply_segment
    from nousnous.people.actions.searches import search_people
    from nousnous.people.models import MergeSuggestion
    from nousnous.runs.actions import start_run
    from nousnous.runs.models import Run
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    rows = {
        "quarantine_id": [f"q{number}" for number in range(3)],
        "received_us": pa.array(range(3)),
        "reason": ["It names neither a user nor an anonymous id."] * 3,
        "body": [b'{"event": "Booking Completed", "properties": {"where": "' + b"far-away " * 12 + b'"}}'] * 3,
    }
    land(workspace, QUARANTINE, pa.table(rows))
    looked_at(workspace)
    apply_segment(workspace, '[segment]\nname = "germany"\n[[condition]]\nevent = "Booking Completed"\n', None, "test")
    suggestion = MergeSuggestion.objects.create(workspace=workspace, **suggested())
    file = b"event,user_id,timestamp\nBooking Completed,ann,2024-01-02T03:04:05Z\n"
    waiting = keep_upload(workspace, "events", "bookings.csv", [file], "test")
    told = "Traceback\nOSError: [Errno 28] No space left on device"
    failed = {"failures": 8, "trouble": told, "finished_at": clock.now()}
    run = start_run("journeys.visits", workspace_id=workspace.id)
    Run.objects.filter(pk=run.pk).update(status=Run.DEAD, **failed)
    again = start_run("gaps.verdicts", workspace_id=workspace.id, due_at=clock.now() + timedelta(days=1))
    Run.objects.filter(pk=again.pk).update(failures=3, trouble="Traceback\nKeyError: 'x'")
    belief = Belief.objects.filter(workspace=workspace).order_by("pk")[0]
    question = {"id": "again", "kind": "nps", "text": "Would you fly with us again?", "help": "Think of last time."}
    document = {"id": "again", "name": "After the trip", "questions": [question], "anonymous": True}
    save_survey(workspace, json.dumps(document), "test")
    publish_survey(workspace, "again", "test")
    return {
        "experiment": proven(workspace),
        "fix": "one-page",
        "theme": Theme.objects.create(workspace=workspace, name="late bags", words={"bags": 1.0}, reach=0.2).pk,
        "survey": "again",
        "conversation_id": "talk-00001",
        **played(workspace),
        **connected(workspace),
        "credit": credited(workspace),
        "case": called(workspace),
        **spoken(workspace),
        "link": survey_of(workspace, "again").token,
        "session": watched(workspace),
        "step": belief.step,
        "belief": belief.pk,
        "segment": "germany",
        "suggestion": suggestion.pk,
        "receipt": unfinished_erasure(workspace),
        "run": run.id,
        "waiting": waiting.id,
        "import_id": Import.objects.filter(workspace=workspace, state=Import.DONE).earliest("started_at").id,
        "evidence": list_evidence(workspace, "travel")[0].id,
        "member": workspace.members.order_by("pk").last().pk,
        "key": workspace.write_keys.get().pk,
        "person": search_people(workspace, "")[0]["person_id"],
        "form": "csv",
    }


def connected(workspace: object) -> dict[str, object]:
    """A channel that takes nothing any more, and one that works."""
    from nousnous.base import clock
    from nousnous.plays.channels.actions import Connection, connect
    from nousnous.plays.channels.models import Channel
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    bot = {"token": "xoxb-1", "channel": "C0123ABCD", "signing_secret": "1"}
    connect(workspace, Connection("slack", "war-room", bot), "test")
    connect(workspace, Connection("github", "tracker", {"repository": "northwind/shop", "token": "1"}), "test")
    told = "Slack says that the token was revoked; paste a new one."
    Channel.objects.filter(name="war-room").update(trouble=told, trouble_at=clock.now())
    Channel.objects.filter(name="tracker").update(used_at=clock.now())
    return {"channel": "war-room", "kind": "slack"}


def played(workspace: object) -> dict[str, object]:
    """A play that failed to write to somebody, and the address by which another asks to be left alone."""
    from tests.plays.planted import plant_play

    from nousnous.plays.channels.email import leaving_token
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    play, firing = plant_play(workspace, "thanks", "Booking Completed", "Thank who booked")
    return {"play": play.play_id, "firing": firing.id, "letter": leaving_token(workspace, "ann")}


def called(workspace: object) -> str:
    """A case whose clock runs, beside one that was closed; answers its id."""
    from tests.capabilities.cases.planted import plant_case

    from nousnous.capabilities.cases.models import Case
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    over = plant_case(workspace, "ben", "first", 2)
    told = {"state": Case.CLOSED, "cause": "Queue at the desk", "resolved": True, "closed_at": over.opened_at}
    Case.objects.filter(pk=over.pk).update(**told)
    return plant_case(workspace, "ann", "second").id


def credited(workspace: object) -> str:
    """A credit that stands, beside one that was reversed; answers its id."""
    from tests.capabilities.credits.planted import plant_credit

    from nousnous.capabilities.credits.actions import reverse_credit
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    reverse_credit(workspace, plant_credit(workspace, "ben", "first", 2).id, "It was a test account.", "test")
    return plant_credit(workspace, "ann", "second").id


def spoken(workspace: object) -> dict[str, object]:
    """A phrase with a wording that is served and two that wait; a workshop that is over, and one in a call."""
    from tests.capabilities.phrases.planted import plant_article, plant_phrase
    from tests.capabilities.workshops.planted import plant_workshop

    from nousnous.base import clock
    from nousnous.capabilities.workshops.actions.holding import open_slot, perform_close
    from nousnous.capabilities.workshops.actions.voting import new_voter, take_vote
    from nousnous.runs.models import OutboxEntry, Run
    from nousnous.runs.registry import Work
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    phrase = plant_phrase(workspace, "order.late").key
    Run.objects.filter(kind="phrases.clock").delete()  # they would look for Slack
    with clock.frozen(clock.now_us() - 2 * clock.DAY_US):
        over = plant_workshop(workspace, "Northwind", monthly=True, groups=["new here", "member"])
        for place in (0, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2):
            take_vote(over.link, new_voter(), str(place), "member")
    counted = perform_close(Work("", workspace.id, "start", {"round": over.current.id}, 1)).effect
    assert counted is not None
    counted()
    Run.objects.filter(kind="workshops.close").delete()
    OutboxEntry.objects.filter(fact="ToneChosen").delete()  # the phrase book is furnished by itself
    made = plant_workshop(workspace, "Northwind", kind="call", call="https://meet.example/refunds", minutes=40_000)
    open_slot(workspace, made.id, "test")
    article = plant_article(workspace, "late-orders").slug
    return {"phrase": phrase, "article": article, "workshop": made.id, "over": over.id, "vote": made.link}


def suggested() -> dict[str, object]:
    from nousnous.base import clock

    ids = {"previous_id": "ann", "known_id": "anna", "previous_key": 1, "known_key": 2}
    return {**ids, "moment_us": clock.now_us(), "suggested_at": clock.now()}


def proven(workspace: object) -> str:
    """An experiment of last month, with a metric, a guard rail and five countries; answers its id."""
    from tests.experiments.shop import END_US, TEXT, bring, shop

    from nousnous.base import clock
    from nousnous.experiments.actions.keeping import apply_experiment
    from nousnous.experiments.actions.proving import apply_fix
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    with clock.frozen(END_US - 20 * clock.DAY_US):
        apply_experiment(workspace, TEXT, None, "test")
    bring(workspace, shop(600, ordering=(0.15, 0.4)))
    told = 'journey = "travel"\nstep = "check-in"\nmetric = "completion"\nchosen = 2026-01-05\nshipped = 2026-02-02\n'
    apply_fix(workspace, f'[fix]\nid = "one-page"\n{told}', None, "test")
    return "short-form"


def watched(workspace: object) -> str:
    """A session of a minute ago with a recording, a rage and a click in vain; answers its id."""
    import pyarrow as pa
    from tests.browser.hostile import small_page
    from tests.capabilities.replays.recorded import START_MS, bring, click, page, piece

    from nousnous.base import clock
    from nousnous.collector.landing import land
    from nousnous.facts.events import EVENTS
    from nousnous.workspaces.models import Workspace

    assert isinstance(workspace, Workspace)
    start_us = clock.now_us() - clock.MINUTE_US
    events = [*page(), click(1_000), click(9_000)]
    events[1]["data"]["node"] = small_page()
    shifted = [{**one, "timestamp": one["timestamp"] - START_MS + start_us // 1000} for one in events]
    bring(workspace, piece("watched", shifted, sessionId="watched", userId="watched-person"))
    place = '{"name": "Pay", "role": "button", "viewport": 1280, "across": 0.5, "down": 0.5}'
    told = {"type": "track", "user_id": "watched-person", "session_id": "watched", "properties": place}
    rows = [
        {
            **told,
            "message_id": f"watched-{name}",
            "event": name,
            "ts_us": start_us + 1,
            "screen": "/cart",
            "element": "#pay",
        }
        for name in ("Element Clicked", "Dead Click", "Rage Click")
    ]
    land(workspace, EVENTS, pa.Table.from_pylist(rows))
    return "watched"


def unfinished_erasure(workspace: object) -> str:
    from nousnous.base import clock
    from nousnous.people.models import ErasureReceipt, new_receipt

    told = {"receipt": new_receipt(), "asked_at": clock.now(), "identities": 2, "rows": {"events": 4, "links": 1}}
    return ErasureReceipt.objects.create(workspace=workspace, **told).receipt


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(furnish(), default=str))
