"""From a workshop to what the API answers: counted when it closes, approved in time, held again in a month."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from tests.capabilities.workshops.planted import document, plant_workshop

from nousnous.base import clock
from nousnous.capabilities.workshops.actions.holding import stop_repeating
from nousnous.capabilities.workshops.actions.voting import new_voter, sheet_of, take_vote
from nousnous.capabilities.workshops.models import Workshop
from nousnous.runs.worker import work_all
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning"),
]
DAY_US, HOUR_US = clock.DAY_US, clock.HOUR_US


def vote(workshop: Workshop, counts: tuple[int, int, int], group: str = "") -> None:
    for place, count in enumerate(counts):
        for _ in range(count):
            take_vote(workshop.link, new_voter(), str(place), group)


def outcomes(workshop: Workshop) -> list[tuple[int, int | None]]:
    return [(one.outcome["votes"], one.outcome["winner"]) for one in workshop.rounds.all() if one.outcome]


def test_a_winner_is_approved_within_48_hours_and_served_and_its_drift_is_shown(workspace: Workspace) -> None:
    owner = Client()
    owner.force_login(add_member(workspace, "owner@north.example", "owner").user)
    api = Client(headers={"Authorization": f"Bearer {create_token(workspace)[1]}"})
    start_us = clock.now_us()
    with clock.frozen(start_us):
        workshop = plant_workshop(workspace, monthly=True)
        vote(workshop, (6, 30, 14))
    with clock.frozen(start_us + HOUR_US):
        work_all()
        assert outcomes(workshop) == [(50, 1)]
        assert api.get("/api/v1/phrases/refund.delay").status_code == 404
        waiting = owner.get("/w/north/phrases/refund.delay/").content.decode()
        assert "30 of 50 customers chose it, 32 points before the second (7 to 55)" in waiting
    with clock.frozen(start_us + 40 * HOUR_US):
        owner.post("/w/north/phrases/refund.delay/1/approve/")
        served = api.get("/api/v1/phrases/refund.delay").json()
        assert served["plain"] == "north: we know waiting is hard; your money is back on Friday."
        assert (served["tone"], served["version"]) == ("empathetic", 1)
    with clock.frozen(start_us + 32 * DAY_US):
        work_all()
        vote(workshop, (2, 6, 42))
    with clock.frozen(start_us + 32 * DAY_US + 2 * HOUR_US):
        work_all()
        assert outcomes(workshop) == [(50, 2), (50, 1)]
        page = owner.get(f"/w/north/workshops/{workshop.id}/").content.decode()
        assert "Conversational won: 84% chose it" in page
        assert "−48 (−62 to −30) <b>moved</b>" in page
        stop_repeating(workspace, workshop.id, "an owner")
    with clock.frozen(start_us + 100 * DAY_US):
        work_all()
    assert workshop.rounds.count() == 2


def test_empathy_of_the_old_and_the_new_wording_is_rated_by_all_whatever_they_choose(workspace: Workspace) -> None:
    workshop = plant_workshop(workspace, empathy=True)
    rated = 0
    for turn, voter in enumerate(f"voter-{at}" for at in range(80)):
        shown = sheet_of(workshop.link, voter).rated
        assert shown is not None
        mine = shown.tone == "empathetic"
        rated += mine
        take_vote(workshop.link, voter, "1", "", ("2", str(3 + turn % 2 + mine)))
    browser = Client()
    assert browser.get(f"/vote/{workshop.link}/").content.decode().count('type="radio" name="version"') == 5
    wrong = browser.post(f"/vote/{workshop.link}/", {"choice": "1", "today": "6", "version": "1"})
    assert (wrong.status_code, "from 1 to 5, or neither" in wrong.content.decode()) == (422, True)
    browser.post(f"/vote/{workshop.link}/", {"choice": "1"})
    with clock.frozen(clock.now_us() + 2 * HOUR_US):
        work_all()
    outcome = workshop.rounds.get().outcome
    assert outcome is not None
    told = outcome["empathy"]
    assert (told["today"]["value"], told["today"]["n"], told["versions"][1]["rating"]["n"]) == (2.0, 80, rated)
    assert sum(one["rating"]["n"] for one in told["versions"]) == 80
    viewer = Client()
    viewer.force_login(add_member(workspace, "viewer@north.example", "viewer").user)
    said = f"among {rated} who rated both."
    assert said in viewer.get(f"/w/north/workshops/{workshop.id}/").content.decode()
    assert said in viewer.get("/w/north/phrases/refund.delay/").content.decode()


def test_without_a_winner_it_is_said_how_many_more_it_takes_and_nothing_is_proposed(workspace: Workspace) -> None:
    workshop = plant_workshop(workspace, groups=["new here", "member"])
    vote(workshop, (2, 7, 6), "member")
    vote(workshop, (0, 9, 0), "new here")
    with clock.frozen(clock.now_us() + 2 * HOUR_US):
        work_all()
    vote_page = Client()
    vote_page.force_login(add_member(workspace, "viewer@north.example", "viewer").user)
    page = vote_page.get(f"/w/north/workshops/{workshop.id}/").content.decode()
    assert "Empathetic won" in page
    assert "member: no winner of 15" in page
    assert "new here: empathetic of 9" in page
    close = plant_workshop(workspace, key="other")
    vote(close, (5, 7, 3))
    with clock.frozen(clock.now_us() + 2 * HOUR_US):
        work_all()
    page = vote_page.get(f"/w/north/workshops/{close.id}/").content.decode()
    assert "No winner yet: Empathetic leads, and needs 157 more votes" in page
    api = Client(headers={"Authorization": f"Bearer {create_token(workspace)[1]}"})
    assert api.get("/api/v1/phrases/other/versions").status_code == 404


def test_the_pages_the_api_and_the_command_hold_the_same_workshop(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = Client()
    editor.force_login(add_member(workspace, "editor@north.example", "editor").user)
    assert "No workshop was held yet" in editor.get("/w/north/workshops/").content.decode()
    said = {**document(), "locale": "en", "kind": "text", "minutes": "30", "groups": "new here, member"}
    versions = said.pop("versions")
    for number, one in enumerate(versions, 1):
        said |= {f"tone_{number}": one["tone"], f"text_{number}": one["text"]}
    wrong = editor.post("/w/north/new-workshop/", said | {"key": "No key!"})
    assert (wrong.status_code, "small letters, such as refund.delay" in wrong.content.decode()) == (422, True)
    made = editor.post("/w/north/new-workshop/", said)
    assert editor.get(made["Location"]).status_code == 200
    workshop = Workshop.objects.get()
    assert "Open the vote for 30 minutes" in editor.get(made["Location"]).content.decode()
    assert editor.post(f"{made['Location']}open/").status_code == 302
    again = editor.post(f"{made['Location']}open/")
    assert (again.status_code, "is open until" in again.content.decode()) == (422, True)
    assert editor.get(f"{made['Location']}code.svg")["Content-Type"] == "image/svg+xml"
    api = Client(headers={"Authorization": f"Bearer {create_token(workspace)[1]}"})
    vote(workshop, (1, 2, 3), "member")
    told = api.get(f"/api/v1/workshops/{workshop.id}").json()
    assert (told["rounds"][0]["votes"], told["rounds"][0]["outcome"]) == (6, None)
    call_command("workshop", "show", workshop.id, "--workspace", "north", "--json")
    assert json.loads(capsys.readouterr().out)["address"] == told["address"]
    body = document("api", kind="call", call="https://meet.example/x")
    other = api.post("/api/v1/workshops", body, content_type="application/json").json()
    assert api.post(f"/api/v1/workshops/{other['id']}/slot").status_code == 409
    assert api.post(f"/api/v1/workshops/{other['id']}/open").json()["slots"] == 0
    assert api.post(f"/api/v1/workshops/{other['id']}/slot").json()["slots"] == 1
