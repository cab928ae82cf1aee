"""Chances to leave in a workspace: learned, kept, told once a rise, shown to who may see them, exported and erased."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from bench.leaving import World, world
from django.core.management import call_command
from django.test import Client
from tests.capabilities.attrition.brought import bring_world
from tests.capabilities.cases.planted import plant_case

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.capabilities.attrition.actions.forecasting import (
    find_risks,
    perform_risks,
    perform_train,
    read_history,
    train_forecast,
)
from nousnous.capabilities.attrition.actions.risks import list_risks, read_backtest, read_outlook
from nousnous.capabilities.attrition.actions.signals import change_thresholds
from nousnous.capabilities.attrition.measures.features import FEATURES
from nousnous.capabilities.attrition.models import ForecastVersion
from nousnous.capabilities.attrition.plays import RAISED
from nousnous.capabilities.cases.models import Case
from nousnous.facts.attrition import RISKS
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.plays.actions.versions import apply_play, switch_play
from nousnous.runs.models import OutboxEntry, Run
from nousnous.runs.registry import Work, planned
from nousnous.runs.worker import work_all
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import AuditEntry, Workspace

PLAY = """
[play]
id = "rescue"
name = "Call who may leave"
[trigger]
fact = "risk_raised"
[holdout]
share = 0.0
[[do]]
action = "open_case"
"""


@pytest.fixture(scope="module")
def made() -> World:
    return world(1_300, seed=4, periods=10)


@pytest.fixture
def shop(workspace: Workspace, made: World) -> Iterator[Workspace]:
    with clock.frozen(made.history.timeline.until_us + clock.HOUR_US):
        bring_world(workspace, made)
        yield workspace


def rows_of(workspace: Workspace) -> list[dict[str, Any]]:
    return lake_of(workspace).snapshot(RISKS).table(RISKS).to_pyarrow().to_pylist()  # type: ignore[no-any-return]


def told() -> list[dict[str, Any]]:
    return list(OutboxEntry.objects.filter(fact="RiskRaised").values_list("payload", flat=True))


def work(workspace: Workspace) -> Work:
    return Work("run", workspace.id, "", {}, 1)


def client(workspace: Workspace, role: str) -> Client:
    found = Client()
    found.force_login(add_member(workspace, f"{role}@north.example", role).user)
    return found


def typed(*words: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "In Typer, only the parameter", DeprecationWarning)
        call_command("attrition", *words)


def test_it_is_learned_kept_in_versions_and_told_once_a_rise(shop: Workspace) -> None:
    with pytest.raises(Missing, match="nous attrition train"):
        read_backtest(shop)
    perform_risks(work(shop))
    assert read_outlook(shop) is None
    perform_train(work(shop))
    perform_train(work(shop))
    assert list(ForecastVersion.objects.values_list("number", "definition")) == [(2, "leaving@1"), (1, "leaving@1")]
    rows = rows_of(shop)
    assert {row["forecast"] for row in rows} == {2}
    assert told() == []
    likely = [row for row in rows if row["chance"] >= 0.3 and row["features"]]
    whose = max(likely, key=lambda row: row["chance"])["person_key"]
    lake_of(shop).delete(RISKS, f"person_key = {whose}")
    for _ in range(2):
        find_risks(shop)
    (fact,) = told()
    assert (fact["workspace_id"], fact["identity_key"]) == (shop.id, whose)
    assert fact["chance"] >= 0.3
    assert {one.kind: one.cron for one in planned()}["attrition.train"] == "0 5 * * 1"
    pulled = RAISED.told(fact)
    assert pulled is not None
    assert (pulled.identity_key, pulled.details["chance"]) == (whose, pytest.approx(fact["chance"]))
    assert len(list(RAISED.past(shop, 0))) == len(likely)
    change_thresholds(shop, {"risk_chance": 0.99}, "test")
    assert RAISED.told(fact) is None


def test_a_play_opens_a_case_for_whose_chance_rose(shop: Workspace) -> None:
    train_forecast(shop)
    plant_case(shop, "customer-x", "x")
    apply_play(shop, PLAY, None, "test")
    switch_play(shop, "rescue", "test", on=True)
    whose = max((row for row in rows_of(shop) if row["features"]), key=lambda row: row["chance"])["person_key"]
    lake_of(shop).delete(RISKS, f"person_key = {whose}")
    find_risks(shop)
    work_all()
    case = Case.objects.get(identity_key=whose)
    assert case.person.startswith("customer-")
    assert "odds" not in case.said
    assert len(case.said) > 20


def test_members_see_what_is_likely_and_people_only_when_asked(shop: Workspace, capsys: Any) -> None:
    owner, address = client(shop, "owner"), f"/w/{shop.slug}/fading/forecast/"
    assert "Nobody has learned yet who leaves" in owner.get(address).content.decode()
    assert owner.post(f"{address}learn/").status_code == 302
    assert Run.objects.filter(kind="attrition.train").count() == 1
    typed("train", "--workspace", shop.slug)
    assert "likely to leave" in capsys.readouterr().out
    outlook = read_outlook(shop)
    assert outlook is not None
    assert outlook.likely > 10
    page = owner.get(address).content.decode()
    assert "are likely to leave within 30 days" in page
    assert "customer-" not in page
    assert "odds" in owner.get(f"{address}?people=1").content.decode()
    assert AuditEntry.objects.filter(verb="looked at who may leave").count() == 1
    assert client(shop, "viewer").get(address).status_code == 404
    typed("risks", "--workspace", shop.slug, "--json")
    items = json.loads(capsys.readouterr().out)["items"]
    assert len(items) == 200
    assert items == [one.as_dict() for one in list_risks(shop, "test")]
    chances = [one["chance"] for one in items]
    assert chances == sorted(chances, reverse=True)
    typed("backtest", "--workspace", shop.slug, "--json")
    tried = json.loads(capsys.readouterr().out)["backtest"]
    assert tried["auc"]["value"] > 0.7
    shown = owner.get(f"/w/{shop.slug}/fading/backtest/").content.decode()
    assert f"n {tried['periods']:,}" in shown


def test_they_are_exported_and_erased_with_their_person(shop: Workspace) -> None:
    train_forecast(shop)
    person = list_risks(shop, "test")[0].person
    (row,) = export_person(shop, person)["risks"]
    assert row["chance"] > 0.3
    assert set(row["features"]) <= set(FEATURES)
    before = len(rows_of(shop))
    erase_person(shop, person)
    assert len(rows_of(shop)) == before - 1
    find_risks(shop)
    assert person not in [one.person for one in list_risks(shop, "test")]


def test_what_was_read_is_the_world(shop: Workspace, made: World) -> None:
    """Everybody's events and answers, in order, whatever the keys of persons are."""
    found = read_history(lake_of(shop).snapshot(EVENTS, LINKS, SCORES))
    assert found.timeline.ts_us.size == made.history.timeline.ts_us.size
    assert found.score.size == made.history.score.size
    assert sorted(found.score.tolist()) == sorted(made.history.score.tolist())
    assert (found.timeline.until_us, found.keys.size) == (int(made.history.timeline.ts_us.max()), 1_300)
