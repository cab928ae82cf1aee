"""`nous journey` and `nous segment` do what the pages do, and answer JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from tests.journeys.conftest import Came
from tests.journeys.texts import BELIEF, SHOP

from nousnous.base.errors import Refused
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")

DAY_S = 86_400
Nous = Callable[..., str]


@pytest.fixture
def nous(
    workspace: Workspace,
    came: Came,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Nous:
    came("ada", ("shipping_details", DAY_S), ("purchase", DAY_S + 60))
    came("bob", ("Order Completed", 3 * DAY_S))
    monkeypatch.chdir(tmp_path)
    Path("shop.toml").write_text(SHOP + BELIEF)

    def run(*arguments: str) -> str:
        capsys.readouterr()
        call_command(*arguments)
        return capsys.readouterr().out

    return run


def test_a_file_is_applied_shown_and_put_away(nous: Nous) -> None:
    made = json.loads(nous("journey", "apply", "shop.toml", "-w", "north", "--json"))
    assert (made["id"], made["version"], made["changed"]) == ("shop", 1, True)
    assert len(made["warnings"]) == 2
    assert (
        nous("journey", "apply", "shop.toml", "-w", "north").strip()
        == "Web shop: unchanged, still version 1. `nous gap` shows its report."
    )
    assert nous("journey", "show", "-w", "north") == SHOP + BELIEF
    assert json.loads(nous("journey", "history", "shop", "-w", "north", "--json"))[0]["version"] == 1
    assert json.loads(nous("journey", "list", "-w", "north", "--json"))[0]["steps"] == 1
    assert json.loads(nous("journey", "archive", "shop", "-w", "north", "--json")) == {"archived": "shop"}
    assert json.loads(nous("journey", "list", "-w", "north", "--json")) == []
    assert json.loads(nous("gap", "-w", "north", "--journey", "shop", "--format", "json"))["journey"]["id"] == "shop"


def test_a_wrong_file_is_refused_with_its_place(nous: Nous) -> None:
    Path("shop.toml").write_text(SHOP.replace('"30m"', '"0m"'))
    with pytest.raises(Refused) as caught:
        nous("journey", "apply", "shop.toml", "-w", "north")
    assert str(caught.value) == "shop.toml, line 17, step.within: “within” must be above 0; write 45s, 30m, 2h or 1d."


def test_all_that_is_wrong_with_a_file_is_told_at_once(nous: Nous, capsys: pytest.CaptureFixture[str]) -> None:
    Path("shop.toml").write_text(SHOP.replace('"30m"', '"0m"').replace('currency = "USD"', ""))
    with pytest.raises(Refused, match="2 things are wrong"):
        nous("journey", "apply", "shop.toml", "-w", "north")
    told = capsys.readouterr().err
    assert 'journey.currency: “currency” is missing; write currency = "EUR".' in told
    assert "step.within: “within” must be above 0" in told


def test_a_suggestion_and_a_template_are_files_to_apply(nous: Nous) -> None:
    for name, text in (
        ("suggested", nous("journey", "suggest", "-w", "north")),
        ("shop", json.loads(nous("journey", "template", "shop", "--json"))["text"]),
    ):
        Path(f"{name}.toml").write_text(text)
        assert "saved as version 1" in nous("journey", "apply", f"{name}.toml", "-w", "north")
    assert len(json.loads(nous("journey", "templates", "--json"))) == 3


def test_a_segment_is_applied_shown_and_forgotten(nous: Nous) -> None:
    nous("journey", "apply", "shop.toml", "-w", "north")
    Path("s.toml").write_text('[segment]\nname = "came far"\n[[condition]]\nstage = "purchase"\n')
    assert nous("segment", "apply", "s.toml", "-w", "north").strip() == "came far: 1 of 2 people."
    assert json.loads(nous("segment", "show", "came far", "-w", "north", "--json"))["persons"] == 1
    assert json.loads(nous("segment", "list", "-w", "north", "--json"))[0]["conditions"] == "reached the stage purchase"
    report = json.loads(nous("gap", "-w", "north", "--segment", "came far", "--format", "json"))
    assert report["journey"]["id"] == "shop"
    nous("segment", "remove", "came far", "-w", "north", "--json")
    assert json.loads(nous("segment", "list", "-w", "north", "--json")) == []
