"""What pulls a trigger, who is written to and who is not, each with its reason."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.mails import Inbox
from tests.plays.conftest import NOW, WELCOME, Did, Standing, later, states

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.themes.models import Theme
from nousnous.facts import plays as facts
from nousnous.facts.events import EVENTS
from nousnous.journeys.actions.segments import apply_segment
from nousnous.people.actions.erasure import erase_person
from nousnous.plays.actions.firing import retry_firing
from nousnous.plays.actions.versions import switch_play
from nousnous.plays.models import Firing
from nousnous.plays.registry import Action
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_does_not_come_back_in_time_is_written_to_once(standing: Standing, did: Did, inbox: Inbox) -> None:
    play = standing()
    did("Signed Up", plan="pro")
    later(47.9)
    assert (states(play), inbox.mails) == ([("ada", "waiting")], [])
    later(48.1)
    later(49)
    (mail,) = inbox.mails
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Your pro plan waits")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, page = (part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    assert "Go on: https://shop.example/go-on" in text
    assert "https://shop.example/go-on" in page
    assert states(play) == [("ada", "acted")]


def test_who_comes_back_in_time_is_not(standing: Standing, did: Did, inbox: Inbox) -> None:
    play = standing()
    did("Signed Up")
    with clock.frozen(clock.to_us(NOW + timedelta(hours=20))):
        did("Signed In")
    assert states(play) == [("ada", "cancelled")]
    later(49)
    assert inbox.mails == []


def test_an_event_acts_at_once_and_only_while_the_play_is_on(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    play = standing(WELCOME)
    did("Signed Up")
    assert [mail["To"] for mail in inbox.mails] == ["ada@example.org"]
    switch_play(workspace, "welcome", "test", on=False)
    did("Signed Up", "bob@example.org")
    assert states(play) == [("ada", "acted")]


def test_what_lies_in_the_past_pulls_no_trigger(standing: Standing, did: Did, inbox: Inbox) -> None:
    play = standing(WELCOME)
    with clock.frozen(clock.to_us(NOW - timedelta(days=2))):
        did("Looked")
    did("Signed Up")
    assert states(play) == [("ada", "acted")]


def test_the_arms_are_told_for_both_and_the_held_out_are_left_alone(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    play = standing(WELCOME.replace("share = 0.0", "share = 0.5"))
    for number in range(8):
        did("Signed Up", f"p{number}@example.org")
    found = [state for _, state in states(play)]
    assert set(found) == {"acted", "held out"}
    assert len(inbox.mails) == found.count("acted")
    later(0.1)
    events = lake_of(workspace).snapshot(EVENTS).table(EVENTS)
    viewed = events.filter(events.event == "Experiment Viewed").to_pyarrow().to_pylist()
    assert len({row["user_id"] for row in viewed}) == len(viewed) == 8


def test_what_a_play_does_is_read_out_beside_who_was_held_out(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace, client: Client
) -> None:
    standing(WELCOME.replace("share = 0.0", "share = 0.5"))
    for number in range(8):
        did("Signed Up", f"p{number}@example.org")
    later(0.1)
    client.force_login(add_member(workspace, "ed@north.example", "editor").user)
    page = client.get("/w/north/plays/welcome/").content.decode()
    address = "/w/north/experiments/play/welcome/"
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200


def test_who_is_outside_of_the_audience_is_left_out(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    apply_segment(workspace, '[segment]\nname = "buyers"\n[[condition]]\nevent = "Order Completed"\n', None, "test")
    standing(WELCOME.replace("name = ", 'audience = "buyers"\nname = '))
    did("Order Completed", "eve@example.org")
    did("Signed Up", "eve@example.org")
    did("Signed Up")
    left_out = Firing.objects.get(state=Firing.LEFT_OUT)
    assert (left_out.person, left_out.said) == ("ada@example.org", "They are not in the segment buyers.")
    assert [mail["To"] for mail in inbox.mails] == ["eve@example.org"]


def test_a_limit_of_a_day_stops_both_arms(standing: Standing, did: Did, inbox: Inbox) -> None:
    play = standing(WELCOME.replace("[holdout]", "[limits]\nmost_a_day = 1\n[holdout]"))
    for person in ("ada@example.org", "bob@example.org"):
        did("Signed Up", person)
    assert (states(play), len(inbox.mails)) == ([("ada", "acted"), ("bob", "left out")], 1)


def test_nobody_is_reached_twice_by_one_play_or_too_often_by_all(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    first = standing(WELCOME)
    did("Signed Up")
    other = standing(WELCOME.replace('"welcome"', '"hello"').replace("[holdout]", '[limits]\nevery = "7d"\n[holdout]'))
    with clock.frozen(clock.to_us(NOW + timedelta(hours=1))):
        did("Signed Up")
    assert [state for _, state in states(first)] == ["acted", "left out"]
    assert [state for _, state in states(other)] == ["left out"]
    assert len(inbox.mails) == 1


def test_who_wants_no_mail_gets_none_and_one_click_is_enough(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace, client: Client
) -> None:
    play = standing(WELCOME)
    did("Signed Up")
    address = inbox.mails[0]["List-Unsubscribe"].strip("<>")
    path = address[address.index("/u/") :]
    assert "Do not write" in client.get(path).content.decode()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    standing(WELCOME.replace('"welcome"', '"hello"'))
    with clock.frozen(clock.to_us(NOW + timedelta(hours=1))):
        did("Signed Up")
    assert len(inbox.mails) == 1
    assert Firing.objects.exclude(play=play).get().said == "They did not allow it (contact)."
    assert client.get("/u/made-up/").status_code == 422


def test_quiet_hours_wait_until_they_are_over_on_the_clock_of_the_person(
    standing: Standing, did: Did, inbox: Inbox
) -> None:
    play = standing(WELCOME.replace("[holdout]", '[limits]\nquiet = "21:00-08:00"\n[holdout]'))
    did("identify", timezone="Asia/Tokyo")  # noon in London is 21:00 there
    did("Signed Up")
    assert (states(play), inbox.mails) == ([("ada", "acting")], [])
    later(10.9)
    assert inbox.mails == []
    later(11.1)
    assert len(inbox.mails) == 1


def test_a_mail_refused_for_ever_is_a_dead_letter_that_can_be_tried_again(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    play = standing(WELCOME)
    inbox.answers["ada@example.org"] = ["550 No such user", "250"]
    did("Signed Up")
    (failed,) = Firing.objects.filter(play=play)
    assert (failed.state, failed.said) == ("failed", "email: The mail server refuses this address for ever (550).")
    retry_firing(workspace, failed.id, "test")
    later(0)
    assert (states(play), len(inbox.mails)) == ([("ada", "acted")], 1)


def test_a_mail_server_that_is_busy_is_asked_again(standing: Standing, did: Did, inbox: Inbox) -> None:
    play = standing(WELCOME)
    inbox.answers["ada@example.org"] = ["451 Later", "451 Later", "250"]
    did("Signed Up")
    assert states(play) == [("ada", "acting")]
    later(0.01)
    later(0.02)
    assert (states(play), len(inbox.mails)) == ([("ada", "acted")], 1)


def test_nothing_goes_out_for_somebody_who_was_erased_meanwhile(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    play = standing()
    did("Signed Up")
    with clock.frozen(clock.to_us(NOW + timedelta(hours=1))):
        erase_person(workspace, "ada@example.org")
    later(49)
    assert (states(play), inbox.mails) == ([], [])


def test_somebody_without_an_address_is_a_dead_letter(standing: Standing, did: Did, inbox: Inbox) -> None:
    play = standing(WELCOME)
    did("Signed Up", "customer-7")
    did("identify", "customer-8", email="eight@example.org")
    did("Signed Up", "customer-8")
    assert states(play) == [("customer-7", "failed"), ("customer-8", "acted")]
    assert [mail["To"] for mail in inbox.mails] == ["eight@example.org"]
    assert re.search("no e-mail address", Firing.objects.get(state=Firing.FAILED).said)


def test_an_action_within_the_house_that_refuses_ends_the_firing_and_leaves_nothing(
    standing: Standing, did: Did, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def perform(told: facts.Firing) -> facts.Outcome:
        Theme.objects.create(workspace=workspace, name=told.person, words={}, reach=0.1)
        raise Refused("There is no budget.")

    refusing = Action(perform, lambda _: None, inner=True)
    monkeypatch.setattr("nousnous.plays.channels.email.ACTION", refusing)
    play = standing(WELCOME)
    did("Signed Up")
    assert states(play) == [("ada", "failed")]
    assert Firing.objects.get(play=play).said == "email: There is no budget."
    assert not Theme.objects.exists()
