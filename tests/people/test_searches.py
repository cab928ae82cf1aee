"""People are found by any of their ids, and shown with what happened to them."""

from tests.people.conftest import Came

from nousnous.people.actions.merges import Meeting, observe_meetings
from nousnous.people.actions.searches import PAGE, read_person, search_people
from nousnous.workspaces.models import Workspace


def test_a_person_is_found_by_an_anonymous_id_under_the_known_one(workspace: Workspace, came: Came) -> None:
    came(anonymous_id="device-7", ts_us=1)
    came(user_id="ada", ts_us=2, country="AT")
    came(user_id="bob", ts_us=3)
    observe_meetings(workspace, [Meeting("device-7", "ada", 2)])
    (found,) = search_people(workspace, "Device")
    assert (found["person_id"], found["n"], found["country"]) == ("ada", 2, "AT")
    assert [one["person_id"] for one in search_people(workspace, "")] == ["bob", "ada"]


def test_a_person_is_shown_with_ids_merges_and_events_newest_first(workspace: Workspace, came: Came) -> None:
    came(anonymous_id="device-7", ts_us=1)
    came(user_id="ada", ts_us=2)
    observe_meetings(workspace, [Meeting("device-7", "ada", 2)])
    page = read_person(workspace, "ada")
    assert [event["ts_us"] for event in page.events] == [2, 1]
    assert page.merges == [{"previous_id": "device-7", "known_id": "ada", "reason": "event"}]
    assert page.person.anonymous_ids == ("device-7",)


def test_a_long_history_comes_in_pages(workspace: Workspace, came: Came) -> None:
    for ts_us in range(PAGE + 5):
        came(user_id="ada", ts_us=ts_us)
    first = read_person(workspace, "ada")
    assert len(first.events) == PAGE
    second = read_person(workspace, "ada", first.older_before_us)
    assert [event["ts_us"] for event in second.events] == [4, 3, 2, 1, 0]
