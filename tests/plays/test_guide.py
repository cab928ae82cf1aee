"""The play that the guide has people write fires as the guide says."""

import re
from datetime import timedelta

import pytest
from tests.mails import Inbox
from tests.places import ROOT
from tests.plays.conftest import NOW, Did, Standing, later, states

from nousnous.base import clock
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 30


def test_the_play_of_the_guide_writes_to_nine_in_ten_of_those_who_came_once(
    standing: Standing, did: Did, inbox: Inbox, workspace: Workspace
) -> None:
    guide = (ROOT / "docs" / "guides" / "write-a-play.md").read_text()
    found = re.search(r"cat > second-login.toml <<'END'\n(.*?)\nEND\n", guide, re.DOTALL)
    assert found is not None
    play = standing(found[1])
    people = [f"p{number:02}@example.org" for number in range(PEOPLE)]
    for person in people:
        did("Signed Up", person)
    with clock.frozen(clock.to_us(NOW + timedelta(hours=30))):
        did("Signed In", people[0])
    later(48.1)
    found_states = dict(states(play))
    assert found_states.pop("p00") == "cancelled"
    held_out = [person for person, state in found_states.items() if state == "held out"]
    assert 1 <= len(held_out) <= 8
    written = {mail["To"].partition("@")[0] for mail in inbox.mails}
    assert (written, len(inbox.mails)) == (found_states.keys() - set(held_out), PEOPLE - 1 - len(held_out))
    assert all("Go on: https://shop.example/go-on" in mail.get_body(("plain",)).get_content() for mail in inbox.mails)  # type: ignore[union-attr]
    later(49)
    rows = lake_of(workspace).snapshot(EVENTS).table(EVENTS)
    viewed = rows.filter(rows.event == "Experiment Viewed").to_pyarrow().to_pylist()
    assert {row["user_id"] for row in viewed} == set(people[1:])
