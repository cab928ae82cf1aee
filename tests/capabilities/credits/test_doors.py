"""Credits on their pages, in the API and by the command say the same."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from tests.capabilities.credits.planted import plant_credit

from nousnous.capabilities.credits.models import Credit
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")


def member(workspace: Workspace, role: str) -> Client:
    client = Client()
    client.force_login(add_member(workspace, f"{role}@north.example", role).user)
    return client


def test_a_budget_is_set_and_a_credit_reversed_on_the_pages(workspace: Workspace) -> None:
    admin = member(workspace, "admin")
    assert "Nothing can be given back yet" in admin.get("/w/north/credits/").content.decode()
    wrong = admin.post("/w/north/credits/budget/", {"amount": "a lot", "period_days": 90})
    assert (wrong.status_code, "is no amount" in wrong.content.decode()) == (422, True)
    assert admin.post("/w/north/credits/budget/", {"amount": "500", "period_days": 90}).status_code == 302
    credit = plant_credit(workspace, "ann", "k")
    page = admin.get("/w/north/credits/").content.decode()
    assert "$480.10 are left to give back" in page
    again = admin.post("/w/north/credits/grant/", {"person": "nobody"})
    assert (again.status_code, "Nobody with the id" in again.content.decode()) == (422, True)
    analyst = member(workspace, "analyst")
    assert "An admin or owner can reverse it" in analyst.get(f"/w/north/credits/{credit.id}/").content.decode()
    analyst.post(f"/w/north/credits/{credit.id}/reverse/", {"reason": "no"})
    assert Credit.objects.get().reversed_at is None
    admin.post(f"/w/north/credits/{credit.id}/reverse/", {"reason": "a test account"})
    assert Credit.objects.get().reason == "a test account"
    assert "$500.00 are left to give back" in admin.get("/w/north/credits/").content.decode()


def test_the_api_and_the_command_say_the_same_of_a_credit(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    credit = plant_credit(workspace, "ann", "k")
    bearer = {"Authorization": f"Bearer {create_token(workspace)[1]}"}
    (item,) = Client().get("/api/v1/credits", headers=bearer).json()["items"]
    call_command("credit", "list", "--workspace", "north", "--json")
    (row,) = json.loads(capsys.readouterr().out)
    assert (item["id"], item["cents"], row["id"], row["cents"]) == (credit.id, 1_990, credit.id, 1_990)
    call_command("credit", "reverse", credit.id, "--workspace", "north", "--reason", "a mistake")
    call_command("credit", "budget", "--workspace", "north", "--amount", "20", "--json")
    assert '"left": 2000' in capsys.readouterr().out
    budget = Client().get("/api/v1/credits/budget", headers=bearer).json()
    assert budget == {"currency": "USD", "total": 2_000, "granted": 0, "left": 2_000, "period_days": 90}
