"""The pages of the loop: what they answer, what they say when nothing is there, who sees what."""

import re
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from tests.capabilities.gaps.house import DAY_S, SHOP, START_S, apply, bring, people

from nousnous.base import clock
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs, withdraw_belief
from nousnous.capabilities.gaps.models import Belief
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import AuditEntry, Workspace


def client(workspace: Workspace, role: str = "owner") -> Client:
    found = Client()
    found.force_login(add_member(workspace, f"{role}@north.example", role).user)
    return found


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def heading(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return text_of(re.findall(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[0]).strip()


def test_the_gap_answers_in_its_title(shop: Workspace) -> None:
    owner = client(shop)
    assert heading(owner, "/w/north/gap/") == "Checkout costs most: teams believe 95% finish, 67% do"
    page = owner.get("/w/north/gap/").content.decode()
    assert "Checkout: the team believes 95%, customers 67%" in page
    assert page.count('role="group"') == 4
    assert 'href="/w/north/gap/shop/checkout/"' in page


def test_a_home_without_anything_tells_the_first_five_minutes(empty: Workspace) -> None:
    owner = client(empty)
    assert heading(owner, "/w/north/") == "Three steps to your first gap"
    page = owner.get("/w/north/").content.decode()
    assert page.count("button primary") == 1
    assert "Import a file" in page
    assert heading(owner, "/w/north/gap/") == "No gap yet: no journey is drawn"
    assert heading(owner, "/w/north/beliefs/") == "Nobody has written down a belief yet"
    assert "an editor, admin or owner can draw one" in text_of(
        client(empty, "viewer").get("/w/north/gap/").content.decode()
    )


def test_events_alone_leave_two_steps_to_the_first_gap(empty: Workspace, tmp_path: Path) -> None:
    bring(empty, people(30), tmp_path)
    assert heading(client(empty), "/w/north/") == "Two steps to your first gap"


def test_home_shows_the_loop_and_the_dearest_gap(shop: Workspace) -> None:
    owner = client(shop)
    assert heading(owner, "/w/north/").startswith("Begin with Checkout: its gap costs customers $")
    page = text_of(owner.get("/w/north/").content.decode())
    assert "One of two steps is worse than its team believes" in page
    assert "Seal one belief" in page
    assert "The journey has no owner." in page


def test_visits_without_a_belief_wait_for_the_first(shop: Workspace) -> None:
    withdraw_belief(shop, list_beliefs(shop)[0].id)
    assert heading(client(shop), "/w/north/gap/") == "No gap yet: nobody has written down a belief"
    assert heading(client(shop), "/w/north/") == "One step to your first gap"
    assert heading(client(shop), "/w/north/gap/shop/checkout/") == (
        "Checkout: 67% finish, and nobody wrote down a belief"
    )


def test_a_period_in_which_nobody_came_says_so(shop: Workspace) -> None:
    address = "/w/north/gap/?period=2023-01-01..2023-02-01"
    assert heading(client(shop), address) == "Nobody came by in this period"
    assert "choose another period" in client(shop).get(address).content.decode()


def test_filters_are_kept_in_links_and_split_the_report(shop: Workspace) -> None:
    page = client(shop).get("/w/north/gap/?by=country&segment=country%3DDE").content.decode()
    assert "/w/north/gap/shop/checkout/?segment=country%3DDE&amp;by=country" in page
    split = text_of(client(shop).get("/w/north/gap/?by=country").content.decode())
    assert "By country, most people first" in split


def test_a_wrong_filter_is_a_sentence(shop: Workspace) -> None:
    for query in ("period=tomorrow..", "by=shoe", "segment=nobody", "journey=other"):
        answer = client(shop).get(f"/w/north/gap/?{query}")
        assert answer.status_code in {400, 404, 422}, query
        assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("csv", b"step"), ("json", b"{")])
def test_the_report_can_be_handed_around(shop: Workspace, form: str, begins: bytes) -> None:
    answer = client(shop).get(f"/w/north/gap/report.{form}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins) or form == "csv"
    assert f".{form}" in answer.headers["Content-Disposition"]
    assert client(shop).get("/w/north/gap/report.exe").status_code == 404


def test_a_step_shows_outcomes_durations_causes_and_single_visits_to_those_who_may(shop: Workspace) -> None:
    page = client(shop).get("/w/north/gap/shop/checkout/").content.decode()
    words = text_of(page)
    assert "67% of " in words
    assert "Half of the finished visits take up to" in words
    assert "Payment Error wastes 100% of the time lost here" in words
    assert "Show them" in words
    assert not AuditEntry.objects.filter(workspace=shop, verb="read visits").exists()
    shown = text_of(client(shop).get("/w/north/gap/shop/checkout/?visits=1").content.decode())
    assert "4 visits, event by event" in shown
    assert AuditEntry.objects.filter(workspace=shop, verb="read visits").exists()
    hidden = text_of(client(shop, "editor").get("/w/north/gap/shop/checkout/?visits=1").content.decode())
    assert "event by event" not in hidden
    assert client(shop).get("/w/north/gap/shop/nowhere/").status_code == 404


def test_a_step_shows_its_weeks_as_bands_and_how_visits_ended_with_intervals(shop: Workspace) -> None:
    page = client(shop).get("/w/north/gap/shop/checkout/").content.decode()
    words = text_of(page)
    assert "The slow tenth took" in words
    assert re.search(r"Finished: \d+ of \d+ visits, 67% \(\d+ to \d+%\)", page)
    assert "Still open, of all that began" in words
    assert page.count('aria-label="Week from ') == 8 * 2 * 2  # a trend and bands, in two forms each


def test_a_step_says_what_became_of_people_as_soon_as_their_90_days_are_over(shop: Workspace) -> None:
    """The shop's people come for 100 days and never order: nobody is seen to leave."""
    words = text_of(client(shop).get("/w/north/gap/shop/checkout/").content.decode())
    assert "What lost time leads to cannot be seen yet" in words
    assert "No order and no subscription is known here" in words
    early = text_of(client(shop).get("/w/north/gap/shop/checkout/?period=2024-01-01..2024-02-01").content.decode())
    assert "What lost time leads to cannot be seen yet" in early


def test_people_who_lost_time_are_shown_beside_others_as_association(empty: Workspace, tmp_path: Path) -> None:
    random = Random(1)
    rows = [row for person in range(240) for row in life(person, random)]
    bring(empty, rows, tmp_path)
    apply(empty, SHOP)
    page = client(empty).get("/w/north/gap/shop/checkout/").content.decode()
    words = text_of(page)
    found = re.search(r"People who lost time here left more often: (\d+)% against (\d+)%", words)
    assert found
    assert int(found[1]) > int(found[2]) + 10
    assert '<td class="num worse">+' in page
    assert "From singles" not in words  # nobody was failed twice in 30 days
    report = Client(headers={"Authorization": f"Bearer {create_token(empty)[1]}"}).get(
        "/api/v1/gaps/shop/steps/checkout"
    )
    told = report.json()["consequence"]
    assert (told["design"], told["left"]["verdict"], told["days"]) == ("association", "gap", 90)


def life(person: int, random: Random) -> list[dict[str, Any]]:
    """200 days of somebody who comes and orders every week; whom the shop fails stays away with a chance of a half."""
    rows: list[dict[str, Any]] = []
    for week in range(29):
        at = START_S + (7 * week + person % 7) * DAY_S + person
        fails = 4 <= week < 17 and random.random() < 0.08
        names = ("Checkout", "Payment Error") if fails else ("Checkout", "Bought", "Order Completed")
        rows += [
            {"user_id": f"u{person}", "event": name, "timestamp": at + 60 * place, "revenue": 20 * (place == 2)}
            for place, name in enumerate(names)
        ]
        if random.random() < (0.5 if fails else 0.005):
            break
    return rows


def test_the_simulator_needs_no_script(shop: Workspace) -> None:
    words = text_of(client(shop).get("/w/north/gap/shop/checkout/?seconds=10").content.decode())
    assert "With no visit longer than 10 s, $" in words
    wrong = client(shop).get("/w/north/gap/shop/checkout/?seconds=-1")
    assert (wrong.status_code, "greater than or equal to 0" in wrong.content.decode()) == (200, True)


def test_a_belief_is_written_in_per_cent_and_sealed_after_a_question(shop: Workspace) -> None:
    owner = client(shop)
    given = {"journey": "shop", "step": "delivery", "metric": "completion", "value": "80", "tolerance": "3"}
    given |= {"low": "70", "high": "88", "author": "logistics"}
    assert owner.post("/w/north/beliefs/write/", given).status_code == 302
    belief = Belief.objects.get(author="logistics")
    assert (belief.value, belief.tolerance, belief.range) == (0.8, 0.03, (0.7, 0.88))
    assert heading(owner, f"/w/north/beliefs/{belief.id}/seal/") == "Seal this belief for good?"
    assert Belief.objects.get(id=belief.id).sealed_at is None
    owner.post(f"/w/north/beliefs/{belief.id}/seal/")
    assert Belief.objects.get(id=belief.id).sealed_at is not None
    assert heading(owner, "/w/north/beliefs/") == "Two beliefs stand, one is not sealed"
    assert owner.post(f"/w/north/beliefs/{belief.id}/withdraw/").status_code == 409


def test_a_belief_off_its_scale_is_refused_beside_its_field(shop: Workspace) -> None:
    given = {"journey": "shop", "step": "delivery", "metric": "completion", "value": "180", "author": "logistics"}
    page = client(shop).post("/w/north/beliefs/write/", given)
    assert (page.status_code, "off the scale" in page.content.decode()) == (200, True)
    half = client(shop).post("/w/north/beliefs/write/", given | {"value": "80", "low": "70"})
    assert "Give both ends of the range" in half.content.decode()


def test_a_viewer_reads_beliefs_and_changes_none(shop: Workspace) -> None:
    viewer, belief = client(shop, "viewer"), list_beliefs(shop)[0]
    page = viewer.get("/w/north/beliefs/").content.decode()
    assert "/seal/" not in page
    assert "Write a belief" not in page
    for address in ("write/", f"{belief.id}/seal/", f"{belief.id}/withdraw/"):
        assert viewer.get(f"/w/north/beliefs/{address}").status_code == 404


def test_a_report_says_how_new_its_data_are(shop: Workspace) -> None:
    landed = clock.from_us(lake_of(shop).snapshot(EVENTS).landed_us).astimezone(ZoneInfo(shop.timezone))
    told = f"Data as of {landed.day} {landed:%b %Y, %H:%M}."
    for address in ("gap/", "gap/shop/checkout/"):
        page = client(shop).get(f"/w/north/{address}").content.decode()
        assert told in page
        assert ">Snapshot" not in page


def test_readiness_points_to_the_next_action(shop: Workspace) -> None:
    owner = client(shop)
    assert "begin with beliefs" in heading(owner, "/w/north/readiness/")
    page = owner.get("/w/north/readiness/").content.decode()
    assert "/w/north/beliefs/write/?journey=shop&amp;step=delivery" in page
    assert "/w/north/beliefs/write/" not in client(shop, "viewer").get("/w/north/readiness/").content.decode()


def test_no_page_has_style_or_script_of_its_own(shop: Workspace) -> None:
    owner = client(shop)
    for address in ("", "gap/", "gap/shop/checkout/", "beliefs/", "beliefs/write/", "readiness/"):
        page = owner.get(f"/w/north/{address}").content.decode().replace(f"<style>{settings.STYLE}</style>", "", 1)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", page), address
