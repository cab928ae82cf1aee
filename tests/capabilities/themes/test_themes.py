"""Themes of a workspace: found, arranged, kept over new answers, exported, and gone with their people."""

import json
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client
from tests.capabilities.themes.spoken import answer, spoken

from nousnous.base import clock
from nousnous.base.errors import Missing, Refused
from nousnous.capabilities.contacts.actions import contact_report
from nousnous.capabilities.themes.actions.arranging import Arrangement, arrange, read_file, write_file
from nousnous.capabilities.themes.actions.finding import find_of
from nousnous.capabilities.themes.actions.reading import read_theme, read_themes
from nousnous.capabilities.themes.models import Theme
from nousnous.collector.landing import land
from nousnous.facts.messages import MESSAGES
from nousnous.people.actions.erasure import erase_person
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_workspace
from nousnous.workspaces.models import Workspace

PRIVATE = "The refund took ages, and the money back took ages: ada@example.org"


@pytest.fixture
def talking(workspace: Workspace) -> Workspace:
    answer(workspace, [text for _, text in spoken(200)] + [PRIVATE])
    find_of(workspace)
    return workspace


def named(workspace: Workspace, word: str) -> Theme:
    return max(Theme.objects.of(workspace), key=lambda one: one.words.get(word, 0.0))


def quotes(workspace: Workspace) -> list[str]:
    return [quote.text for one in read_themes(workspace, quotes=300).themes for quote in one.quotes]


def test_themes_have_shares_moods_weeks_and_masked_quotes(talking: Workspace) -> None:
    found = read_themes(talking)
    assert found.needed == 0
    assert sum(one.talk.answers for one in found.themes) + found.unsorted == found.answers == 201
    refund = next(one for one in found.themes if one.theme == named(talking, "refund"))
    assert refund.talk.share.value == pytest.approx(refund.talk.answers / 201)
    assert refund.talk.share.low is not None
    assert 0.1 < refund.talk.share.low < refund.talk.share.value
    assert list(refund.languages) == ["en"]
    said = quotes(talking)
    assert any("[email]" in text for text in said)
    assert not any("ada@example.org" in text for text in said)


def test_all_conversations_have_themes_and_contacts_without_a_topic_are_told_by_them(workspace: Workspace) -> None:
    start_us = clock.now_us() - 30 * clock.DAY_US
    rows = [
        {"message_id": f"{talk}-{side}-{hours}", "conversation_id": f"c{talk}", "user_id": f"p{talk}", "side": side,
         "text": text, "topic": "known" if talk >= 120 else None, "ts_us": start_us + hours * clock.HOUR_US}
        for talk, (_, said) in enumerate(spoken(130))
        for side, text, hours in (("customer", said, 0), ("agent", "We look.", 1), ("customer", "Thanks!", 2))
    ]  # fmt: skip
    rows.append({**rows[0], "message_id": "last", "side": "agent", "text": "Well?", "ts_us": clock.now_us()})
    land(workspace, MESSAGES, pa.Table.from_pylist(rows))
    assert find_of(workspace) == 130
    themes = read_themes(workspace)
    assert (themes.answers, sum(one.talk.answers for one in themes.themes) + themes.unsorted) == (130, 130)
    assert {quote.metric for one in themes.themes for quote in one.quotes} == {"conversation"}
    names = {one.theme.name for one in themes.themes}
    assert len(names) > 2
    assert topics(workspace) == names | {"known"}
    child, parent = (one.theme for one in themes.themes[:2])
    arrange(workspace, child.id, Arrangement(parent=parent.id), "ann")
    find_of(workspace)
    assert child.name not in topics(workspace)
    assert parent.name in topics(workspace)
    erase_person(workspace, "p7")
    find_of(workspace)
    assert read_themes(workspace).answers == 129


def topics(workspace: Workspace) -> set[str]:
    return {one.name for one in contact_report(workspace).lines if one.dimension == "topic"}


def test_what_a_member_arranged_stays_when_new_answers_come_in(talking: Workspace) -> None:
    refund, chat, seat = (named(talking, word) for word in ("refund", "chat", "seat"))
    arrange(talking, refund.id, Arrangement(name="Money back"), "ann")
    arrange(talking, chat.id, Arrangement(parent=refund.id), "ann")
    arrange(talking, seat.id, Arrangement(pinned=True), "ann")
    before = {one.theme.id: one.talk.answers for one in read_themes(talking).themes}
    answer(talking, [text for _, text in spoken(120, 9)], first=300)
    find_of(talking)
    found = {one.theme.id: one for one in read_themes(talking).themes}
    assert found[refund.id].theme.name == "Money back"
    assert [part.id for part in found[refund.id].parts] == [chat.id]
    assert found[refund.id].talk.answers > before[refund.id]
    assert found[seat.id].theme.name == seat.name
    assert chat.id not in found
    assert any("boarding" in one.theme.words for one in found.values())


def test_themes_that_are_found_again_under_the_same_words_keep_their_ids(talking: Workspace) -> None:
    before = {theme.id for theme in Theme.objects.of(talking)}
    find_of(talking, anew=True)
    assert {theme.id for theme in Theme.objects.of(talking)} == before


def test_a_theme_is_taken_apart_again_and_no_circle_can_be_made(talking: Workspace) -> None:
    refund, chat, seat = (named(talking, word) for word in ("refund", "chat", "seat"))
    arrange(talking, chat.id, Arrangement(parent=refund.id), "ann")
    for theme, parent in ((refund, refund), (refund, chat), (refund, seat), (seat, chat)):
        with pytest.raises(Refused):
            arrange(talking, theme.id, Arrangement(parent=parent.id), "ann")
    arrange(talking, chat.id, Arrangement(parent=""), "ann")
    assert {one.theme.id for one in read_themes(talking).themes} >= {refund.id, chat.id}
    with pytest.raises(Refused, match="needs a name"):
        arrange(talking, chat.id, Arrangement(name=" "), "ann")


def test_a_file_carries_themes_to_another_workspace_and_one_of_another_version_is_refused(talking: Workspace) -> None:
    arrange(talking, named(talking, "chat").id, Arrangement(parent=named(talking, "refund").id), "ann")
    document = json.loads(json.dumps(write_file(talking)))
    other = create_workspace(WorkspaceProfile("south")).workspace
    answer(other, [text for _, text in spoken(100, 4)])
    count = read_file(other, document, "ann")
    assert count == len(document["themes"])
    assert {one.name for one in Theme.objects.of(other)} >= {one["name"] for one in document["themes"]}
    again = write_file(other)
    assert read_file(other, again, "ann") == len(again["themes"])
    assert {one["id"] for one in write_file(other)["themes"]} == {one["id"] for one in again["themes"]}
    assert named(other, "chat").parent == named(other, "refund")
    assert sum(one.talk.answers for one in read_themes(other).themes) > 50
    stood = write_file(other)
    for wrong, sentence in (
        ({**document, "version": 2}, "version 2"),
        ({"themes": []}, "no file of themes"),
        ({**document, "themes": [{"id": "a", "name": "x", "words": {"a": "b"}, "reach": 0.1}]}, "weights"),
    ):
        with pytest.raises(Refused, match=sentence):
            read_file(other, wrong, "ann")
    assert write_file(other) == stood


def test_quotes_of_an_erased_person_are_gone(talking: Workspace) -> None:
    assert any("[email]" in text for text in quotes(talking))
    answers = read_themes(talking).answers
    erase_person(talking, "person-200")
    assert not any("[email]" in text for text in quotes(talking))
    assert read_themes(talking).answers == answers - 1


def test_one_workspace_sees_no_theme_of_another(talking: Workspace) -> None:
    other = create_workspace(WorkspaceProfile("south")).workspace
    theme = named(talking, "refund")
    for act in (lambda: read_theme(other, theme.id), lambda: arrange(other, theme.id, Arrangement(name="x"), "ann")):
        with pytest.raises(Missing):
            act()
    assert read_themes(other).answers == 0


def client(workspace: Workspace, role: str) -> Client:
    found = Client()
    found.force_login(add_member(workspace, f"{role}@north.example", role).user)
    return found


def page(client: Client, address: str) -> str:
    answered: Any = client.get(address)
    assert answered.status_code == 200, address
    return str(answered.content.decode())


def test_pages_say_what_is_talked_about_or_what_is_missing(workspace: Workspace) -> None:
    owner = client(workspace, "owner")
    assert "Nobody has told yet what they think" in page(owner, "/w/north/themes/")
    answer(workspace, [text for _, text in spoken(20)])
    find_of(workspace)
    assert "40 more are needed" in page(owner, "/w/north/themes/")
    answer(workspace, [text for _, text in spoken(200, 3)], first=20)
    find_of(workspace)
    first = read_themes(workspace).themes[0].theme
    assert f"Customers talk most about “{first.name}”" in page(owner, "/w/north/themes/")
    assert f"about “{first.name}”" in page(owner, f"/w/north/themes/{first.id}/")
    form = {"name": "What hurts", "pinned": "on", "parent": ""}
    assert owner.post(f"/w/north/themes/{first.id}/arrange/", form).status_code == 302
    assert "What hurts" in page(owner, "/w/north/themes/")
    assert "merged into itself" not in page(owner, f"/w/north/themes/{first.id}/arrange/")
    assert owner.post("/w/north/themes/find/").status_code == 302
    assert "What hurts" in page(owner, "/w/north/themes/")
    viewer = client(workspace, "viewer")
    assert "Find themes again" not in page(viewer, "/w/north/themes/")
    assert viewer.post(f"/w/north/themes/{first.id}/arrange/", form).status_code == 404
