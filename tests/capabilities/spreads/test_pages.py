"""Spreads on pages, in the API, as a command and among the evidence of the gap: the same, for whoever may see it."""

import json
import re
import warnings

import pyarrow as pa
import pytest
from django.core.management import call_command
from django.test import Client
from tests.capabilities.spreads.house import JOURNEY, START_S

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.spreads.actions.telling import keep_all_weekly, perform_screens, tell_screens
from nousnous.collector.landing import land
from nousnous.facts.evidence import EvidenceFound
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.evidence import list_evidence, record_evidence
from nousnous.journeys.actions.segments import apply_segment
from nousnous.journeys.actions.versions import apply_journey
from nousnous.runs.models import Schedule
from nousnous.runs.registry import Work
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import AuditEntry, Workspace

TITLE = "“/seats” stands behind low checkout answers: 75% of low sessions saw it, 20% of high ones"
STEP = "/w/north/spreads/of/checkout/"


def client(workspace: Workspace, role: str = "owner") -> Client:
    found = Client()
    found.force_login(add_member(workspace, f"{role}@north.example", role).user)
    return found


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def heading(page: str) -> str:
    return re.sub(r"\s+", " ", re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)[0]).strip()


def test_the_list_leads_to_the_screen_and_the_screen_to_its_replays_and_its_gap(shop: Workspace) -> None:
    owner = client(shop)
    listed = page(owner, "/w/north/spreads/?by=country")
    assert heading(listed) == "Checkout is where most answers are low: 40%"
    assert f'href="{STEP}?by=country&amp;metric=nps"' in listed
    shown = page(owner, STEP)
    assert heading(shown) == TITLE
    assert re.findall(r'href="(/w/north/replays/[^"]+)"', shown)[0].startswith("/w/north/replays/s1/?t=")
    assert 'href="/w/north/gap/shop/checkout/"' in shown
    assert STEP in page(owner, "/w/north/gap/shop/checkout/")


def test_a_replay_opens_at_the_second_at_which_it_turned(shop: Workspace) -> None:
    moments = Client(headers={"Authorization": f"Bearer {create_token(shop)[1]}"}).get(
        "/api/v1/spreads/moments?step=checkout&metric=nps"
    )
    first = moments.json()["items"][0]
    assert (first["screen"], first["person"], first["turned_s"]) == ("/seats", "u1", 200)
    begun_us = first["session"]["begun_us"]
    assert first["replay"] == f"/w/north/replays/s1/?t={begun_us // 1_000_000 + 200}"


def test_who_may_not_see_single_people_sees_findings_alone(shop: Workspace) -> None:
    viewer = page(client(shop, "viewer"), f"{STEP}?people=1")
    assert heading(viewer) == TITLE
    assert not re.search(r"/replays/|people/show|>u\d+<", viewer)
    api = Client(headers={"Authorization": f"Bearer {create_token(shop, scopes=('spreads:read',))[1]}"})
    assert api.get("/api/v1/spreads/screens?step=checkout&metric=nps").status_code == 200
    assert api.get("/api/v1/spreads/moments?step=checkout&metric=nps").status_code == 403


def test_showing_who_it_was_is_asked_for_and_noted(shop: Workspace) -> None:
    owner = client(shop)
    assert ">u5<" not in page(owner, STEP)
    assert ">u5<" in page(owner, f"{STEP}?people=1")
    assert AuditEntry.objects.filter(verb="read low answers").count() == 1


def test_pages_without_answers_say_what_to_do(workspace: Workspace) -> None:
    empty = page(client(workspace), "/w/north/spreads/")
    assert heading(empty) == "Nobody answered a survey in this period"
    assert "Import answers" in empty
    assert client(workspace).get(STEP).status_code == 404
    apply_journey(workspace, JOURNEY, None, "test")
    assert heading(page(client(workspace), STEP)) == "Nobody was asked about Checkout in this period"


def test_the_api_and_the_command_say_the_same(shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    apply_segment(shop, '[segment]\nname = "buyers"\n[[condition]]\nevent = "Page Viewed"\n', None, "test")
    api = Client(headers={"Authorization": f"Bearer {create_token(shop)[1]}"})
    found = api.get("/api/v1/spreads/screens?step=checkout&metric=nps&segment=buyers").json()
    assert found["screens"][0]["screen"] == "/seats"
    assert spoken(capsys, "--step", "checkout", "--metric", "nps", "--segment", "buyers", "--json") == found
    assert spoken(capsys, "--json") == api.get("/api/v1/spreads").json()
    assert "“/seats” stands behind" in printed(capsys, "--step", "checkout", "--metric", "nps")
    assert "Checkout" in printed(capsys, "--by", "country")
    with pytest.raises(Refused, match="both --step and --metric"):
        printed(capsys, "--step", "checkout")


def test_what_a_member_noted_of_a_screen_is_left_alone(shop: Workspace) -> None:
    record_evidence(shop, EvidenceFound("shop", "checkout", "screen", "/pay", felt="slow"), "ada")
    for _ in range(2):
        perform_screens(Work("run", shop.id, "", {}, 1))
    assert tell_screens(shop) == 0  # the last Monday is long after these answers
    assert [one.reference for one in list_evidence(shop, "shop")] == ["/pay"]


def test_the_gap_shows_what_was_told_and_leads_back(shop: Workspace) -> None:
    with clock.frozen(1_711_000_000_000_000):  # 21 March 2024: the answers lie in the 90 days before
        assert [tell_screens(shop), tell_screens(shop)] == [1, 1]
    (told,) = list_evidence(shop, "shop")
    assert (told.kind, told.reference, told.felt, told.weight) == ("screen", "/seats", TITLE, 0.75)
    shown = page(client(shop), "/w/north/gap/shop/checkout/")
    assert "The low answers behind /seats" in shown
    keep_all_weekly()
    assert Schedule.objects.filter(name=f"screens-{shop.id}").exists()


def test_what_strangers_send_moves_no_terminal(shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    scale = {"metric": "nps", "step": "checkout", "value": 1.0, "scale_low": 0.0, "scale_high": 10.0}
    said = {**scale, "ts_us": START_S * clock.SECOND_US, "country": "[/x]\x1b[2J"}
    answers = [{**said, "score_id": f"odd-{number}", "user_id": f"odd-{number}"} for number in range(30)]
    land(shop, SCORES, pa.Table.from_pylist(answers))
    assert "country [/x]\ufffd[2J" in printed(capsys, "--by", "country")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "In Typer, only the parameter", DeprecationWarning)
        call_command("spreads", *words, "--workspace", "north")
    return capsys.readouterr().out


def spoken(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    return json.loads(printed(capsys, *words))
