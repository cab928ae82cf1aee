"""Cases on their pages, in the API and by the command say the same."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from tests.capabilities.cases.planted import ROTA, plant_case

from nousnous.capabilities.cases.actions.working import Closing, close_case
from nousnous.capabilities.cases.models import Case
from nousnous.journeys.actions.versions import apply_journey
from nousnous.runs.worker import work_all
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")


@pytest.fixture
def analyst(workspace: Workspace) -> Client:
    client = Client()
    client.force_login(add_member(workspace, "analyst@north.example", "analyst").user)
    return client


def test_a_rota_is_written_and_a_case_opened_claimed_and_closed_on_the_pages(
    workspace: Workspace, analyst: Client
) -> None:
    assert "Nobody is called yet" in analyst.get("/w/north/cases/").content.decode()
    text = ROTA.format(name="Callers", email="analyst@north.example", more="")
    wrong = analyst.post("/w/north/cases/rota/", {"text": text.replace("analyst@", "eve@")})
    assert (wrong.status_code, "is no member of this workspace" in wrong.content.decode()) == (422, True)
    assert analyst.post("/w/north/cases/rota/", {"text": text}).status_code == 302
    assert "Nobody waits for a call" in analyst.get("/w/north/cases/").content.decode()
    nobody = analyst.post("/w/north/cases/new/", {"person": "nobody", "said": "waited", "team": "paramedics"})
    assert (nobody.status_code, "Nobody with the id" in nobody.content.decode()) == (422, True)
    case = plant_case(workspace, "ann", "k")
    assert "One customer waits for a call" in analyst.get("/w/north/cases/").content.decode()
    page = analyst.get(f"/w/north/cases/{case.id}/").content.decode()
    assert "Listen. Do not sell." in page
    assert "May be offered: ann offer" in page
    analyst.post(f"/w/north/cases/{case.id}/claim/")
    assert "Everybody is being called: one case" in analyst.get("/w/north/cases/").content.decode()
    empty = analyst.post(f"/w/north/cases/{case.id}/close/", {"resolved": "yes"})
    assert (empty.status_code, "This field is required" in empty.content.decode()) == (422, True)
    analyst.post(f"/w/north/cases/{case.id}/close/", {"cause": "Queue", "resolved": "no"})
    work_all()
    assert "The rota names no recovery survey" in analyst.get(f"/w/north/cases/{case.id}/").content.decode()
    analyst.post(f"/w/north/cases/{case.id}/survey/", {"do": "close"})
    assert "Queue: not resolved" in analyst.get(f"/w/north/cases/{case.id}/").content.decode()
    closed = analyst.get("/w/north/cases/closed/").content.decode()
    assert "One case is closed; too few answered to say whether it helped" in closed


def test_the_api_and_the_command_say_the_same_of_a_case(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    case = plant_case(workspace, "ann", "k")
    bearer = {"Authorization": f"Bearer {create_token(workspace)[1]}"}
    room = Client().get("/api/v1/cases/room", headers=bearer).json()
    call_command("case", "list", "--workspace", "north", "--json")
    (row,) = json.loads(capsys.readouterr().out)
    assert (room["cases"][0]["id"], row["id"], row["person"]) == (case.id, case.id, "ann")
    claimed = Client().post(f"/api/v1/cases/{case.id}/claim", headers=bearer).json()
    assert (claimed["state"], claimed["owner"][:5]) == (Case.CLAIMED, "token")
    call_command("case", "close", case.id, "--workspace", "north", "--cause", "Queue", "--resolved", "--json")
    assert '"state": "closing"' in capsys.readouterr().out
    sheet = Client().get(f"/api/v1/cases/{case.id}", headers=bearer).json()["sheet"]
    assert sheet["orders"] == 0
    assert Client().get("/api/v1/cases/results", headers=bearer).json()["recovery"]["value"] is None


def test_the_step_where_the_cause_lies_leads_to_the_case(workspace: Workspace, analyst: Client) -> None:
    step = '[[step]]\nid = "arrive"\nname = "Arrive"\nstarts = { event = "Arrived" }\n'
    apply_journey(
        workspace,
        f'[journey]\nid = "stay"\nname = "A stay"\ncurrency = "EUR"\nhourly_wage = 25.0\n{step}',
        None,
        "test",
    )
    case = plant_case(workspace, "ann", "k")
    closing = Closing("Queue", resolved=True, journey="stay", step="arrive")
    close_case(workspace, case.id, closing, "grace@north.example")
    page = analyst.get("/w/north/journeys/stay/steps/arrive/fractures/").content.decode()
    assert "Queue" in page
    assert f'<a href="/w/north/cases/{case.id}/">Open it</a>' in page
