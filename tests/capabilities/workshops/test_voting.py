"""Customers vote: once each, in random order, until the closing and no later; nothing leads to them."""

import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from tests.capabilities.workshops.planted import document, plant_workshop
from tests.mails import mail_server

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.capabilities.workshops.actions.holding import create_workshop, open_round, open_slot
from nousnous.capabilities.workshops.actions.letters import Recipient, send_letters
from nousnous.capabilities.workshops.actions.voting import new_voter, sheet_of, take_vote
from nousnous.capabilities.workshops.measures import order_of
from nousnous.capabilities.workshops.models import Vote, Workshop
from nousnous.people.actions.consents import decide_consent
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def page(browser: Client, workshop: Workshop) -> str:
    return browser.get(f"/vote/{workshop.link}/").content.decode()


def choose(browser: Client, workshop: Workshop, place: str, **more: str) -> Any:
    return browser.post(f"/vote/{workshop.link}/", {"choice": place, **more})


def test_a_browser_votes_once_however_many_tabs_it_has_and_the_last_choice_counts(workspace: Workspace) -> None:
    workshop, browser = plant_workshop(workspace), Client()
    seen = page(browser, workshop)
    assert "legal" not in re.sub(r"<[^>]*>", "", seen)
    assert "One choice counts for each browser" in seen
    for place in ("0", "2", "2"):  # two tabs, and a click too many
        assert "Your choice is kept" in choose(browser, workshop, place).content.decode()
    assert [(one.place, one.group) for one in Vote.objects.all()] == [(2, "")]
    assert 'value="2" required checked' in page(browser, workshop)
    choose_again = Client()
    page(choose_again, workshop)
    choose(choose_again, workshop, "1")
    assert Counter(Vote.objects.values_list("place", flat=True)) == {1: 1, 2: 1}


def test_a_browser_without_a_token_and_a_choice_that_is_none_are_told_so_and_keep_nothing(workspace: Workspace) -> None:
    workshop, browser = plant_workshop(workspace, groups=["new here", "member"]), Client()
    first = choose(browser, workshop, "1", group="member")
    assert (first.status_code, "sent no token" in first.content.decode()) == (422, True)
    for choice, group in (("9", "member"), ("one", "member"), ("", "member"), ("1", "staff"), ("²", "member")):
        assert choose(browser, workshop, choice, group=group).status_code == 422
    assert not Vote.objects.exists()
    assert choose(browser, workshop, "1", group="member").status_code == 200
    assert Vote.objects.get().group == "member"
    assert Client().get("/vote/vote_nothing/").status_code == 404
    assert Client().get("/vote/round_x-letter_y.forged/").status_code == 404


def test_a_vote_after_the_closing_is_told_so_and_one_voter_is_no_winner(workspace: Workspace) -> None:
    workshop, browser, late = plant_workshop(workspace), Client(), Client()
    for one in (browser, late):
        page(one, workshop)
    choose(browser, workshop, "1")
    with clock.frozen(clock.now_us() + 61 * clock.MINUTE_US):
        assert "The vote is closed" in choose(late, workshop, "0").content.decode()
        work_all()
        assert "The vote is closed" in choose(late, workshop, "0").content.decode()
        assert "The vote is closed" in page(Client(), workshop)
    newest = workshop.current
    assert newest is not None
    assert newest.outcome is not None
    assert (newest.outcome["votes"], newest.outcome["winner"], newest.outcome["more"]) == (1, None, 4)
    assert newest.outcome["lead"]["method"] == "too few"
    assert not Vote.objects.exists()  # counted; who chose what is not kept


def test_the_closing_is_set_once_and_a_round_is_open_alone(workspace: Workspace) -> None:
    workshop = plant_workshop(workspace)
    with pytest.raises(Conflict, match="Round 1 is open until"):
        open_round(workspace, workshop.id, "an editor")
    with clock.frozen(clock.now_us() + 61 * clock.MINUTE_US):
        with pytest.raises(Conflict, match="just being counted"):
            open_round(workspace, workshop.id, "an editor")
        work_all()
        assert open_round(workspace, workshop.id, "an editor").number == 2


def test_each_voter_has_an_order_of_their_own_and_keeps_it(workspace: Workspace) -> None:
    orders = Counter(tuple(order_of("round", new_voter(), 3)) for _ in range(3_000))
    assert len(orders) == 6
    assert max(abs(count - 500) for count in orders.values()) < 5 * 500**0.5
    workshop = plant_workshop(workspace)
    voter = new_voter()
    first = [place for place, _ in sheet_of(workshop.link, voter).versions]
    take_vote(workshop.link, voter, "0", "")
    assert [place for place, _ in sheet_of(workshop.link, voter).versions] == first
    assert str(Vote.objects.get().voter) not in voter


def test_in_a_call_a_version_can_be_chosen_once_its_slot_is_open(workspace: Workspace) -> None:
    workshop = plant_workshop(workspace, kind="call", call="https://meet.example/refunds")
    voter = new_voter()
    assert sheet_of(workshop.link, voter).state == "waiting"
    with pytest.raises(Refused, match="cannot be chosen yet"):
        take_vote(workshop.link, voter, "0", "")
    open_slot(workspace, workshop.id, "an editor")
    take_vote(workshop.link, voter, "0", "")
    for _ in range(2):
        open_slot(workspace, workshop.id, "an editor")
    assert [place for place, _ in take_vote(workshop.link, voter, "2", "").versions] == [0, 1, 2]
    with pytest.raises(Conflict, match="All slots are open"):
        open_slot(workspace, workshop.id, "an editor")
    assert Vote.objects.get().place == 2


def test_a_letter_takes_one_choice_in_its_round_and_is_kept_nowhere(workspace: Workspace, settings: Any) -> None:
    workshop = plant_workshop(workspace)
    decide_consent(workspace, "ben", "contact", "denied")
    to = [Recipient("ann@example.org"), Recipient("ben@example.org", "ben"), Recipient("nobody")]
    with mail_server(settings) as inbox:
        sent = send_letters(workspace, workshop.id, to, "an editor")
    assert (sent["sent"], [one["email"] for one in sent["left_out"]]) == (1, ["ben@example.org", "nobody"])
    (mail,) = inbox.mails
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert html
    (path,) = set(re.findall(r"/vote/[^\s\"]+", plain.get_content() + html.get_content()))
    browser = Client()
    assert browser.get(path).cookies == {}
    for place in ("0", "1"):
        assert "Your choice is kept" in browser.post(path, {"choice": place}).content.decode()
    Client().post(path, {"choice": "2"})  # forwarded to somebody: still one choice
    assert [one.place for one in Vote.objects.all()] == [2]
    with clock.frozen(clock.now_us() + 61 * clock.MINUTE_US):
        work_all()
        open_round(workspace, workshop.id, "an editor")
        assert "The vote is closed" in browser.post(path, {"choice": "0"}).content.decode()
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"versions": []}, "versions"),
        ({"versions": [{"tone": "a", "text": "x"}] * 3}, "versions"),
        ({"versions": "three"}, "versions"),
        ({"kind": "song"}, "kind"),
        ({"kind": "recording"}, "recording"),
        ({"kind": "call"}, "call"),
        ({"call": "https://meet.example"}, "call"),
        ({"kind": "call", "call": "javascript:alert(1)"}, "call"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"monthly": "yes"}, "monthly"),
        ({"groups": ["alone"]}, "groups"),
        ({"key": "No key!"}, "key"),
        ({"locale": "english please"}, "locale"),
        ({"sentence": "a\0b"}, "sentence"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_document_that_is_wrong_names_the_field(workspace: Workspace, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        create_workshop(workspace, document(**said), "an editor")
    assert refusal.value.place is not None
    assert refusal.value.place.field == field
    with pytest.raises(Missing):
        open_round(workspace, "workshop_none", "an editor")
