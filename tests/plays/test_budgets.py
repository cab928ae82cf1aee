"""The budget of a play: never overspent, and when it is spent nobody enters any arm."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.mails import Inbox
from tests.plays.conftest import NOW, WELCOME, Did, Standing, states
from tests.runs.conftest import installation  # noqa: F401  # a fixture

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.plays.actions.versions import apply_play
from nousnous.plays.models import Firing
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

SPENDING = Path(__file__).with_name("spending.py")
DEAR = WELCOME.replace("[holdout]", "[limits]\nbudget = 5\ncost = 2.5\n[holdout]")


def test_threads_that_admit_at_once_spend_the_budget_to_the_cent(installation: dict[str, str]) -> None:  # noqa: F811
    command = [sys.executable, str(SPENDING)]
    done = subprocess.run(command, env=installation, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["spent"], found["acting"]) == (2_000, 8)
    assert found["left out"] + found["held out"] == 22
    assert found["left out"] >= 1


@pytest.mark.django_db(transaction=True)
def test_a_spent_budget_stops_both_arms_until_the_next_month_and_the_page_says_so(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace, client: Client
) -> None:
    play = standing(DEAR)
    for person in ("ada", "bob", "cas"):
        did("Signed Up", f"{person}@example.org")
    assert states(play) == [("ada", "acted"), ("bob", "acted"), ("cas", "left out")]
    said = "Its budget is spent ($5.00 of $5.00): nobody enters any arm before 1 April."
    assert (play.firings.get(state=Firing.LEFT_OUT).said, play.firings.get(state=Firing.LEFT_OUT).arm) == (said, "")
    client.force_login(add_member(workspace, "ed@north.example", "editor").user)
    assert "has spent its budget" in client.get("/w/north/plays/welcome/").content.decode()
    with clock.frozen(clock.to_us(NOW + timedelta(days=22))):
        did("Signed Up", "dan@example.org")
    assert len(inbox.mails) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("cost = 2.5\n", ""), "needs to know what one person costs"),
        (("cost = 2.5", "cost = 25"), "more than the budget"),
        (("budget = 5", "budget = -5"), "above 0"),
    ],
)
def test_a_budget_that_means_nothing_is_refused(
    did: Did, workspace: Workspace, change: tuple[str, str], said: str
) -> None:
    did("Signed Up", "zoe@example.org")
    with pytest.raises(Refused, match=said):
        apply_play(workspace, DEAR.replace(*change), None, "test")
