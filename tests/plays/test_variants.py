"""Plays that do one thing for some people and another thing for others."""

import pytest
from tests.mails import Inbox
from tests.plays.conftest import WELCOME, Did, Standing, later

from nousnous.base.errors import Refused
from nousnous.capabilities.credits.actions import set_budget
from nousnous.experiments.actions.reading import read_experiment
from nousnous.plays.definition import parse_play
from nousnous.plays.models import Firing
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = WELCOME[WELCOME.index("[[do]]") :]
FRAMED = (
    WELCOME.replace("welcome", "framed")
    .replace("share = 0.0", "share = 0.3")
    .replace("[[do]]", "[variants]\nrestitution = 1.0\nretention = 1.0\n\n[[do]]")
    .replace("One step is left.", "A credit.")
    + 'only = "restitution"\n'
    + MAIL
    + 'only = "retention"\n'
)
GRANT = '[[do]]\naction = "grant_credit"\namount = 10\nmonth = 10\n'


def test_each_arm_gets_its_own_and_is_read_as_assigned(
    workspace: Workspace, did: Did, standing: Standing, inbox: Inbox
) -> None:
    play = standing(FRAMED)
    people = [f"p{number}@example.org" for number in range(8)]
    for person in people:
        did("Signed Up", person)
    arms = dict(play.firings.values_list("person", "arm"))
    assert set(arms.values()) == {"held_out", "restitution", "retention"}
    texts = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in inbox.mails}
    assert {one: "A credit." in text for one, text in texts.items()} == {
        one: arm == "restitution" for one, arm in arms.items() if arm != "held_out"
    }
    later(1)
    readout = read_experiment(workspace, "play/framed")
    assert dict(zip(readout.split.arms, readout.split.persons, strict=True)) == {
        arm: list(arms.values()).count(arm) for arm in arms.values()
    }


def test_where_the_budget_is_spent_nobody_enters_any_arm(
    workspace: Workspace, did: Did, standing: Standing, inbox: Inbox
) -> None:
    play = standing(FRAMED + GRANT)
    set_budget(workspace, 1_500, 30, "test")
    for number in range(8):
        did("Signed Up", f"p{number}@example.org")
    given = play.firings.exclude(state=Firing.LEFT_OUT)
    assert given.filter(said__contains="A credit of 10.00").count() == 1
    late = play.firings.filter(said="The budget for credits is spent.")
    assert late.count() == 8 - given.count()
    assert set(late.values_list("arm", flat=True)) == {""}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("retention = 1.0\n", ""), "One variant compares with nothing"),
        (
            ('only = "retention"', 'only = "retention"\n[[do]]\naction = "grant_credit"\nonly = "none"'),
            "There is no variant “none”",
        ),
        (("retention = 1.0", "held_out = 1.0"), "A variant is a name in small letters and its weight"),
        (("retention = 1.0", "retention = 1.0\nthird = 1.0"), "Nothing is done for “third”"),
    ],
)
def test_variants_that_mean_nothing_are_refused(change: tuple[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        parse_play(FRAMED.replace(*change))
