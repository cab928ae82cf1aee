"""Plays that are triggered by what capabilities tell."""

from datetime import timedelta

import pytest
from tests.mails import Inbox
from tests.plays.conftest import NOW, WELCOME, Did, Standing

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.attrition.actions.signals import find_signals
from nousnous.plays.actions.dry_run import dry_run
from nousnous.plays.actions.versions import apply_play
from nousnous.plays.models import Firing
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
HOVER = (
    WELCOME.replace("welcome", "hover")
    .replace('event = "Signed Up"', 'fact = "attrition_signalled"\nwhere = { signal = "hover" }')
    .replace("One step is left.", "You {said}.")
    .replace("Your {plan} plan waits", "Are you well?")
)


def fades(workspace: Workspace, did: Did) -> None:
    """Ada, who bought before, logs in three times and buys nothing."""
    with clock.frozen(clock.to_us(NOW - timedelta(days=40))):
        did("Order Completed")
    find_signals(workspace)
    for hours in (1, 2, 3):
        with clock.frozen(clock.to_us(NOW - timedelta(hours=hours))):
            did("Signed In")
    find_signals(workspace)


def test_a_sign_of_fading_pulls_a_trigger_once_and_says_what_it_saw(
    workspace: Workspace, did: Did, standing: Standing, inbox: Inbox
) -> None:
    did("identify", email="ada@example.org")
    play = standing(HOVER)
    tried = dry_run(workspace, play.current.definition)
    fades(workspace, did)
    work_all()
    firing = play.firings.get()
    assert (firing.state, firing.event, firing.person) == (Firing.ACTED, "attrition_signalled", "ada@example.org")
    assert "logged in 3 times in 14 days and bought nothing" in inbox.mails[0].get_body(("plain",)).get_content()
    find_signals(workspace)
    work_all()
    assert play.firings.count() == len(inbox.mails) == 1
    assert (tried.persons, dry_run(workspace, play.current.definition).persons) == (0, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("attrition_signalled", "attrition"), "No part tells “attrition”; there are attrition_signalled"),
        (("signal =", "sign ="), "“attrition_signalled” tells no “sign”; it tells signal."),
    ],
)
def test_a_fact_that_nobody_tells_is_refused(workspace: Workspace, change: tuple[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        apply_play(workspace, HOVER.replace(*change), None, "test")
