"""The navigation: each entry has its place and its key; what lies under another is folded away elsewhere."""

import re

import pytest
from django.test import Client

from nousnous.site.navigation import entries
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_workspace

pytestmark = pytest.mark.django_db
ITEM = re.compile(
    r'<li(?P<under> class="under")?(?P<folded> hidden)?>'
    r'<a href="/w/acme/(?P<path>[^"]*)"(?: aria-current="(?P<current>\w+)")?'
)


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(add_member(create_workspace(WorkspaceProfile("acme")).workspace, "ann@acme.example").user)
    return client


def items(client: Client, path: str) -> dict[str, re.Match[str]]:
    page = client.get(f"/w/acme/{path}").content.decode()
    return {found["path"]: found for found in ITEM.finditer(page)}


def test_every_entry_has_a_place_and_a_key_of_its_own() -> None:
    places = [(entry.group, entry.order) for entry in entries()]
    keys = [entry.key for entry in entries() if entry.key]
    assert len(set(places)) == len(places)
    assert len(set(keys)) == len(keys)


def test_what_lies_under_an_entry_follows_it_in_its_group() -> None:
    found = {entry.url_name: entry for entry in entries()}
    beneath = [entry for entry in entries() if entry.under]
    assert beneath
    for entry in beneath:
        parent = found[entry.under]
        assert not parent.under
        between = [one for one in entries() if parent.order < one.order < entry.order and one.group == entry.group]
        assert parent.group == entry.group
        assert {one.under for one in between} <= {entry.under}


def test_entries_beneath_are_folded_away_until_somebody_is_there(owner: Client) -> None:
    elsewhere = items(owner, "journeys/")
    assert elsewhere["journeys/"]["current"] == "page"
    assert elsewhere["heat/"]["folded"]
    assert not elsewhere["replays/"]["folded"]
    for path in ("replays/", "heat/"):
        there = items(owner, path)
        assert not there["heat/"]["folded"]
        assert not there["accessibility/"]["folded"]
        assert there[path]["current"] == "page"


def test_a_page_beneath_an_entry_marks_it_and_none_marks_home(owner: Client) -> None:
    there = items(owner, "cases/closed/")
    assert {path: found["current"] for path, found in there.items() if found["current"]} == {"cases/": "true"}
    assert items(owner, "")[""]["current"] == "page"
