"""What goes wrong around plays, each with a stated end: cycles, consent taken back at night, a play switched off."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.mails import Inbox
from tests.plays.conftest import NOW, WELCOME, Did, Standing, later, states

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.people.actions.consents import decide_consent
from nousnous.plays.actions.versions import apply_play, switch_play
from nousnous.plays.models import Firing
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = 'event = "Experiment Viewed"\nwhere = {{ experiment_id = "play/{}" }}'
NIGHT = WELCOME.replace("[holdout]", '[limits]\nquiet = "11:00-13:00"\n[holdout]')


def test_plays_that_set_each_other_off_are_not_switched_on_together(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace, client: Client
) -> None:
    did("Experiment Viewed", "zoe@example.org", experiment_id="other", variation_id="a")
    standing(WELCOME)
    second = WELCOME.replace('"welcome"', '"second"').replace('event = "Signed Up"', AFTER.format("welcome"))
    standing(second)
    did("Signed Up")
    later(0.1)
    assert Firing.objects.get(play__play_id="second").state == Firing.ACTED
    with pytest.raises(Refused, match="set each other off"):
        apply_play(workspace, WELCOME.replace('event = "Signed Up"', AFTER.format("second")), None, "test")
    alone = WELCOME.replace('"welcome"', '"alone"').replace('event = "Signed Up"', 'event = "Experiment Viewed"')
    apply_play(workspace, alone, None, "test")
    client.force_login(add_member(workspace, "ed@north.example", "editor").user)
    page = client.post("/w/north/plays/alone/switch/", {"on": "1"}, follow=True).content.decode()
    assert "They would set each other off without end" in page


def test_what_goes_round_by_ways_that_nobody_sees_ends_after_ten_times_a_day(
    standing: Standing, did: Did, inbox: Inbox
) -> None:
    play = standing(WELCOME.replace("[holdout]", "[limits]\nonce = false\n[holdout]"))
    for minutes in range(12):
        with clock.frozen(clock.to_us(NOW + timedelta(minutes=minutes))):
            did("Signed Up")
    assert len(inbox.mails) == 10
    said = play.firings.filter(state=Firing.LEFT_OUT).values_list("said", flat=True)
    assert set(said) == {"It reached them 10 times within a day, as plays do that set each other off."}


def test_who_takes_consent_back_in_quiet_hours_gets_nothing_when_they_are_over(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    play = standing(NIGHT)
    did("Signed Up")
    decide_consent(workspace, "ada@example.org", "contact", "revoked")
    later(1.1)
    assert (states(play), inbox.mails) == ([("ada", "left out")], [])


def test_a_play_that_is_switched_off_in_quiet_hours_does_nothing_when_they_are_over(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    play = standing(NIGHT)
    did("Signed Up")
    switch_play(workspace, "welcome", "test", on=False)
    later(1.1)
    assert (states(play), inbox.mails) == ([("ada", "cancelled")], [])
    assert play.firings.get().said == "The play was switched off."
