"""Pages, commands and API of experiments."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from tests.experiments.shop import END_US, START_US, TEXT, bring, shop

from nousnous.base import clock
from nousnous.experiments.actions.keeping import apply_experiment, experiment_of
from nousnous.journeys.actions.versions import apply_journey
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace


@pytest.fixture
def client(workspace: Workspace) -> Client:
    found = Client()
    found.force_login(add_member(workspace, "ada@north.example", "editor").user)
    return found


def page(client: Client, path: str, **posted: str) -> tuple[int, str]:
    address = f"/w/north/{path}"
    answer = client.post(address, posted, follow=True) if posted else client.get(address)
    return answer.status_code, answer.content.decode()


def test_a_member_writes_an_experiment_looks_what_it_can_show_and_keeps_it(
    client: Client, workspace: Workspace
) -> None:
    bring(workspace, shop(300))
    assert "Nothing was assigned here" in page(client, "experiments/")[1]
    assert "id = &quot;short-form&quot;" in page(client, "new-experiment/")[1]
    ahead = TEXT.replace("2026-", "2999-")
    wrong = page(client, "new-experiment/", text=ahead.replace("kind", "x").replace("did =", "done =", 1), apply="1")
    assert (wrong[0], "<strong>Line 16</strong>" in wrong[1]) == (422, True)
    assert "What it can show" in page(client, "new-experiment/", text=ahead, preview="1")[1]
    kept = page(client, "new-experiment/", text=ahead, apply="1")[1]
    assert "A shorter form is kept as version 1." in kept
    assert "<h1>It starts on 5 January 2999, and needs " in kept
    assert "Version 1" in page(client, "experiments/short-form/history/")[1]


def test_the_page_says_first_what_was_found(client: Client, workspace: Workspace) -> None:
    with clock.frozen(START_US - 1):
        apply_experiment(workspace, TEXT, None, "ada")
    bring(workspace, shop())
    with clock.frozen(END_US):
        _, body = page(client, "experiments/short-form/")
    assert "<h1>With the short form, Ordered rises from " in body
    assert "What must not get worse" in body
    assert "A new country" in body


def test_a_running_experiment_is_ended_by_a_button(client: Client, workspace: Workspace) -> None:
    with clock.frozen(START_US - 1):
        apply_experiment(workspace, TEXT, None, "ada")
    with clock.frozen(START_US + 1):
        assert "End it now" in page(client, "experiments/short-form/")[1]
        assert "is ended" in page(client, "experiments/short-form/end/", sure="1")[1]
        assert experiment_of(workspace, "short-form").stopped


def test_the_api_keeps_reads_and_ends_experiments_and_answers_flags(client: Client, workspace: Workspace) -> None:
    secret = create_token(workspace)[1]
    text = TEXT.replace("end = 2026-01-19", 'reading = "any time"').replace("start = 2026-01-05\n", "")
    headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}

    def ask(method: str, path: str, **body: str) -> tuple[int, dict[str, object]]:
        answer = client.generic(method, f"/api/v1/{path}", json.dumps(body) if body else "", headers=headers)
        return answer.status_code, answer.json()

    assert ask("POST", "experiments", text=text)[1]["status"] == "running"
    assert [one["id"] for one in ask("GET", "experiments")[1]["items"]] == ["short-form"]  # type: ignore[attr-defined]  # a list
    assert set(ask("GET", "flags?user_id=ann")[1]["arms"]) == {"short-form"}  # type: ignore[call-overload]  # an object
    assert ask("POST", "flags", user_id="ann", country="DE") == ask("POST", "flags", user_id="ann", country="DE")
    assert ask("POST", "flags", country="DE")[0] == 422
    assert ask("GET", "experiments/short-form/readout")[1]["found"] == "Nobody has been seen in an arm yet."
    assert len(ask("GET", "experiments/short-form")[1]["plan"]) == 3  # type: ignore[arg-type]  # a list
    assert ask("POST", "experiments/short-form/end")[1]["stopped"] is True
    assert ask("GET", "experiments/play/nothing/readout")[0] == 404


@pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")
def test_the_shell_reads_an_experiment_out(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with clock.frozen(START_US - 1):
        apply_experiment(workspace, TEXT, None, "ada")
    bring(workspace, shop(1_000))
    with clock.frozen(END_US):
        call_command("experiment", "read", "short-form", "--workspace", "north")
        assert capsys.readouterr().out.startswith("With the short form, Ordered rises from ")
        call_command("experiment", "read", "short-form", "--workspace", "north", "--json")
    told = json.loads(capsys.readouterr().out)
    assert sum(told["split"]["persons"].values()) == 1_000
    assert told["metrics"][0]["verdict"] == "better"


def test_a_fix_is_noted_and_its_page_says_what_it_rests_on(client: Client, workspace: Workspace) -> None:
    journey = '[journey]\nid = "shop"\ncurrency = "USD"\nhourly_wage = 1\n'
    journey += '[[step]]\nid = "pay"\nstarts = { event = "x" }\n'
    assert "No fix is waiting for its proof" in page(client, "fixes/")[1]
    apply_journey(workspace, journey, None, "ada")
    text = '[fix]\nid = "a"\njourney = "shop"\nstep = "pay"\nmetric = "completion"\n'
    text += "chosen = 2026-01-05\nshipped = 2026-02-02\n"
    assert page(client, "new-fix/", text=text.replace("pay", "fly"))[0] == 422
    kept = page(client, "new-fix/", text=text)[1]
    assert "a is kept." in kept
    assert "<h1>Nothing is proven: fewer than 5 other steps were seen" in kept
    assert "One fix to prove" in page(client, "fixes/")[1]
    assert "a as it is written" in page(client, "fixes/a/text/")[1]
    headers = {"authorization": f"Bearer {create_token(workspace)[1]}", "content-type": "application/json"}
    told = client.get("/api/v1/fixes/a", headers=headers).json()
    assert (told["proof"]["standing"], told["read_on"]) == ("not proven", "16 March 2026")
    changed = json.dumps({"text": text.replace("shipped", "weeks = 4\nshipped")})
    assert client.generic("POST", "/api/v1/fixes", changed, headers=headers).json()["id"] == "a"
    assert [one["id"] for one in client.get("/api/v1/fixes", headers=headers).json()["items"]] == ["a"]
