"""The made-up company is built by one command, into a home of its own."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.places import ROOT

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.capabilities.attrition.actions.reading import list_fading
from nousnous.capabilities.attrition.measures.signals import SIGNALS
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.models import StoredVerdict
from nousnous.collector.models import Import
from nousnous.journeys.windows import Asked
from nousnous.people.actions.exports import export_person
from nousnous.workspaces.actions import WorkspaceProfile, create_workspace
from nousnous.workspaces.models import AuditEntry, Workspace, current_workspace

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:In Typer, only:DeprecationWarning"),  # django-typer calls it
]
PEOPLE, DAYS = 200, 70


def build(capsys: pytest.CaptureFixture[str], workspace: str = "northwind") -> dict[str, Any]:
    call_command("demo", "build", "--people", str(PEOPLE), "--days", str(DAYS), "--workspace", workspace, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def demo(settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    settings.NOUS = replace(settings.NOUS, home=tmp_path)
    return build(capsys)


def test_a_demo_stands_after_one_command(demo: dict[str, Any]) -> None:
    workspace = Workspace.objects.get(slug="northwind")
    assert demo["events"] > 5_000
    assert demo["answers"] > 50
    assert demo["visits"] > 500
    report = gap_report(workspace, Asked()).as_dict()
    assert report["steps"][0]["step"] == "check-in"
    assert report["steps"][0]["evidence"]


def test_it_says_everywhere_that_it_is_made_up(demo: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    workspace = Workspace.objects.get(slug="northwind")
    assert "made-up" in workspace.name
    assert "Made-up" in demo["made_up"]
    assert set(AuditEntry.objects.values_list("actor", flat=True)) == {"demo (simulated)"}
    call_command("gap", "--workspace", "northwind")
    assert "made-up" in capsys.readouterr().out


def test_the_truths_stand_beside_the_files(demo: dict[str, Any]) -> None:
    truths = json.loads(Path(demo["truth"]).read_text())
    assert truths["dearest"] == {"step": "check-in", "cause": "Rage Click #check-in-button"}
    assert truths["people"] == PEOPLE
    assert {path.name for path in Path(demo["truth"]).parent.iterdir()} == {
        "answers.parquet",
        "conversations.parquet",
        "events.parquet",
        "drawn.json",
        "journey.toml",
        "plan.json",
        "truth.json",
    }


def test_who_was_made_to_fade_is_found_by_each_sign(demo: dict[str, Any]) -> None:
    faders = json.loads(Path(demo["truth"]).read_text())["faders"]
    found = {one.person: one for one in list_fading(current_workspace("northwind"), "test")}
    assert {kind: len(who) for kind, who in faders.items()} == dict.fromkeys((*SIGNALS, "downgrade"), 1 + PEOPLE // 100)
    for kind in SIGNALS:
        for one in faders[kind]:
            assert kind in {sign["signal"] for sign in found[one].signals}
            assert kind == "pause" or len(found[one].signals[0]["evidence_at"]) >= 3
    for one in faders["downgrade"]:
        kept = export_person(current_workspace("northwind"), one)
        read_us = max(sign["moment_us"] for sign in kept["signs_of_fading"] if sign["signal"] == "articles")
        after_us = max(row["ts_us"] for row in kept["events"] if row["event"] == "Subscription Downgraded") - read_us
        assert 7 <= after_us / clock.DAY_US <= 17


def test_no_part_of_the_product_knows_the_truths() -> None:
    """The import contract keeps the code apart; this keeps the file apart."""
    naming = [
        path
        for path in (ROOT / "src").rglob("*.py")
        if any(word in path.read_text() for word in ("truth.json", "nousnous_demo"))
    ]
    assert naming == []


def test_beliefs_are_sealed_before_their_data_and_judged_every_week(demo: dict[str, Any]) -> None:
    workspace = Workspace.objects.get(slug="northwind")
    beliefs = list_beliefs(workspace)
    sealed = [one for one in beliefs if one.sealed_at is not None]
    assert len(beliefs) - len(sealed) == 1
    assert StoredVerdict.objects.count() == demo["verdicts"] >= 9 * len(beliefs)


def test_building_twice_is_refused(demo: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Conflict, match="stands in the workspace “northwind” already"):
        build(capsys)


def test_an_interrupted_build_is_gone_on_with(demo: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    Path(demo["truth"]).unlink()
    again = build(capsys)
    assert again["visits"] == demo["visits"]
    brought = Import.objects.filter(kind="events").values_list("added", flat=True)
    assert sorted(brought) == [0, demo["events"]]
    assert Workspace.objects.count() == 1


def test_the_same_seed_builds_the_same_company(demo: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    build(capsys, "southwind")
    one, other = (
        gap_report(Workspace.objects.get(slug=slug), Asked()).as_dict()["steps"] for slug in ("northwind", "southwind")
    )
    assert [step["visits"] for step in one] == [step["visits"] for step in other]
    for step, same in zip(one, other, strict=True):
        assert step["debt"]["hours"]["value"] == pytest.approx(same["debt"]["hours"]["value"], rel=1e-9)
        assert step["trend"] == same["trend"]


def test_a_workspace_of_somebody_else_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    create_workspace(WorkspaceProfile("acme"))
    with pytest.raises(Refused, match="“acme” is not a demo"):
        build(capsys, "acme")
    with pytest.raises(Missing, match="no demo in a workspace “acme”"):
        call_command("demo", "sign-in", "--workspace", "acme")


def test_a_company_of_nobody_is_refused() -> None:
    with pytest.raises(Refused, match="50 to 1,000,000 people, not 3"):
        call_command("demo", "build", "--people", "3")


def test_the_owner_signs_in_by_a_one_time_address(demo: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", "sign-in", "--json")
    found = json.loads(capsys.readouterr().out)
    assert "/sign-in/once_" in found["address"]
    assert found["email"] == "ada@northwind.example"
