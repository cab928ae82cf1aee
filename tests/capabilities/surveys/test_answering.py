"""Answering by a link, as a browser without a script does, and what stands in the lake of it."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from tests.capabilities.surveys.conftest import Kept, Published
from tests.capabilities.surveys.documents import AFTER_PURCHASE

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.actions import answering
from nousnous.capabilities.surveys.actions.asking import Who
from nousnous.capabilities.surveys.actions.links import make_link, open_address
from nousnous.capabilities.surveys.actions.rates import rates_of
from nousnous.capabilities.surveys.actions.versions import close_survey, publish_survey, save_survey
from nousnous.capabilities.surveys.models import Asking, Survey
from nousnous.facts.events import EVENTS
from nousnous.people.actions.consents import decide_consent, need_consent
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def path_of(address: str) -> str:
    return "/s/" + address.partition("/s/")[2]


def state_in(page: HttpResponse) -> str:
    found = re.search(r'name="state" value="([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return found[1]


def answer(client: Client, path: str, given: Any, page: HttpResponse | None = None) -> HttpResponse:
    """Answer the question that a page shows (the first without one), as its form would."""
    said = {"words": given} if isinstance(given, str) and not given.isdigit() else {"answer": given}
    found: HttpResponse = client.post(path, {"state": state_in(page or client.get(path)), **said})
    return found


def for_ada(workspace: Workspace, survey: Survey, person: str = "ada") -> str:
    return path_of(make_link(workspace, survey.survey_id, Who(user_id=person), "test")["address"])


def test_an_answer_by_a_one_time_link_is_a_score_of_its_person(
    workspace: Workspace, published: Published, kept: Kept
) -> None:
    client, path = Client(), for_ada(workspace, published())
    page = answer(client, path, "3")
    assert "What went wrong?" in page.content.decode()
    (score,) = kept()
    assert (score["metric"], score["value"], score["scale_low"], score["scale_high"]) == ("nps", 3, 0, 10)
    assert (score["user_id"], score["step"], score["source"]) == ("ada", "checkout", "survey:after-purchase")
    over = answer(client, path, "The button did nothing, ada@example.org", page)
    assert "Thank you" in over.content.decode()
    _, words = kept()
    assert (words["metric"], words["value"], words["comment"]) == ("comment", None, "The button did nothing, [email]")
    assert [one["event"] for one in kept(EVENTS)] == ["Survey Answered"] * 2
    assert {one["message_id"] for one in kept(EVENTS)} == {one["score_id"] for one in kept()}


def test_of_two_answers_by_one_link_the_first_stands(workspace: Workspace, published: Published, kept: Kept) -> None:
    path = for_ada(workspace, published())
    here, there = Client(), Client()
    waiting = there.get(path)
    answer(here, path, "10")
    late = answer(there, path, "0", waiting)
    assert "You answered this already on" in late.content.decode()
    assert "You answered this already on" in there.get(path).content.decode()
    assert [one["value"] for one in kept()] == [10]


@pytest.mark.parametrize("anonymous", [False, True])
def test_of_answers_by_one_link_at_the_same_time_one_stands(
    workspace: Workspace, published: Published, kept: Kept, monkeypatch: pytest.MonkeyPatch, *, anonymous: bool
) -> None:
    accept = answering.accept_events

    def slowly(*given: Any) -> None:
        time.sleep(0.2)
        accept(*given)

    monkeypatch.setattr(answering, "accept_events", slowly)
    link = for_ada(workspace, published(anonymous=anonymous)).strip("/").rsplit("/", 1)[-1]
    states = [answering.open_sheet(link).state for _ in range(3)]

    def take(number: int) -> bool:
        try:
            return "over" in answering.take_answer(link, states[number], [str(number)]).told
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as threads:
        over = list(threads.map(take, range(3)))
    assert len(kept()) == 1
    assert not anonymous or sorted(over) == [False, True, True]


def test_looking_at_a_link_never_answers_and_a_link_in_a_mail_only_chooses(
    workspace: Workspace, published: Published, kept: Kept
) -> None:
    client, path = Client(), for_ada(workspace, published())
    for method in (client.get, client.head):
        page = method(f"{path}?answer=9")
    page = client.get(f"{path}?answer=9")
    assert re.search(r'value="9" checked', page.content.decode())
    assert kept() == []
    assert not Asking.objects.exclude(answered_at=None).exists()


def test_what_was_answered_so_far_stays_and_is_gone_on_with(
    workspace: Workspace, published: Published, kept: Kept
) -> None:
    path = for_ada(workspace, published())
    answer(Client(), path, "7")
    again = Client().get(path)
    assert "What was good?" in again.content.decode()
    answer(Client(), path, ["speed", "price"], again)
    assert json.loads(kept()[1]["properties"])["answer"] == ["speed", "price"]


def test_answers_go_to_the_version_that_was_seen(workspace: Workspace, published: Published, kept: Kept) -> None:
    client, path = Client(), for_ada(workspace, published())
    seen = client.get(path)
    other = {**AFTER_PURCHASE, "questions": [{"id": "easy", "kind": "ces", "text": "Was it easy?"}]}
    save_survey(workspace, json.dumps(other), "test")
    assert publish_survey(workspace, "after-purchase", "test").number == 2
    assert "What was good?" in answer(client, path, "8", seen).content.decode()
    (score,) = kept()
    assert (score["metric"], json.loads(score["properties"])["version"]) == ("nps", 1)
    published_later = Client().get(for_ada(workspace, published(**other), "bob"))
    assert "Was it easy?" in published_later.content.decode()


def test_an_open_link_takes_one_answer_a_browser(workspace: Workspace, published: Published, kept: Kept) -> None:
    path = path_of(open_address(published()))
    one, two = Client(), Client()
    assert answer(one, path, "9").status_code == 200
    assert "already" in one.get(path).content.decode()
    answer(two, path, "2")
    assert sorted(score["value"] for score in kept()) == [2, 9]
    assert len({score["anonymous_id"] for score in kept()}) == 2


def test_an_anonymous_survey_keeps_step_and_hour_and_nothing_else_of_who_answered(
    workspace: Workspace, published: Published, kept: Kept
) -> None:
    client, path = Client(), for_ada(workspace, published(anonymous=True))
    page = answer(client, path, "3")
    answer(client, path, "Too slow", page)
    first, second = kept()
    for score in (first, second):
        assert (score["user_id"], score["anonymous_id"], score["identity_key"]) == (None, None, None)
        assert (score["ts_us"] % clock.HOUR_US, score["received_us"] % clock.HOUR_US) == (0, 0)
        assert score["step"] == "checkout"
    assert kept(EVENTS) == []
    asking = Asking.objects.get()
    assert (asking.user_id, asking.position, asking.asked_at.minute) == ("", "", 0)
    assert asking.id not in json.dumps([first, second])
    assert "already" in Client().get(path).content.decode()


def test_a_wrong_answer_is_refused_in_words_and_the_form_stays(workspace: Workspace, published: Published) -> None:
    client, path = Client(), for_ada(workspace, published())
    page = answer(client, path, "11")
    assert page.status_code == 422
    assert "Choose a number from 0 to 10." in page.content.decode()
    assert answer(client, path, "10", page).status_code == 200


@pytest.mark.parametrize("state", ["x", "WyJhIl0:1vO5:abc", ""])
def test_a_form_that_was_tampered_with_is_refused(state: str, workspace: Workspace, published: Published) -> None:
    path = for_ada(workspace, published())
    assert Client().post(path, {"state": state, "answer": "5"}).status_code == 422
    assert Client().get(path.replace("ask_", "ask_0")).status_code == 404


def test_somebody_is_asked_once_in_fourteen_days_by_any_way(workspace: Workspace, published: Published) -> None:
    survey = published()
    for_ada(workspace, survey)
    with pytest.raises(Refused, match="left alone until"):
        for_ada(workspace, survey)
    with clock.frozen(clock.now_us() + 15 * clock.DAY_US):
        for_ada(workspace, survey)


def test_a_quota_and_a_closing_end_a_survey(workspace: Workspace, published: Published) -> None:
    survey = published(quota=1)
    path, late = for_ada(workspace, survey), for_ada(workspace, survey, "bob")
    answer(Client(), path, "9")
    assert "all the answers it asked for" in Client().get(late).content.decode()
    close_survey(workspace, survey.survey_id, "test")
    with pytest.raises(Refused, match="closed"):
        for_ada(workspace, survey, "cid")
    assert rates_of(workspace)["after-purchase"].answered == 1


def test_where_consent_is_needed_the_answer_to_its_question_decides(
    workspace: Workspace, published: Published, kept: Kept
) -> None:
    need_consent(workspace, "surveys", needed=True)
    with pytest.raises(Refused, match="did not allow"):
        for_ada(workspace, published())
    may = {"id": "may", "kind": "consent", "text": "May we keep your answers?", "required": True}
    survey = published(questions=[may, *AFTER_PURCHASE["questions"]])
    for person, said in (("ada", "yes"), ("bob", "no")):
        client, path = Client(), for_ada(workspace, survey, person)
        answer(client, path, "9", answer(client, path, [said]))
    assert {(one["user_id"], one["value"]) for one in kept()} == {("ada", None), ("ada", 9)}


def test_that_somebody_was_asked_is_exported_and_erased_with_them(
    workspace: Workspace, published: Published, kept: Kept
) -> None:
    survey = published()
    answer(Client(), for_ada(workspace, survey), "9")
    answer(Client(), for_ada(workspace, survey, "bob"), "8")
    assert len(kept()) == 2
    told = export_person(workspace, "ada")
    assert [one["survey"] for one in told["surveys"]] == ["after-purchase"]
    erase_person(workspace, "ada")
    assert [one.user_id for one in Asking.objects.all()] == ["bob"]
    assert [one["user_id"] for one in kept()] == ["bob"]


def test_who_denied_that_answers_are_kept_is_not_asked(workspace: Workspace, published: Published) -> None:
    decide_consent(workspace, "ada", "surveys", "denied")
    with pytest.raises(Refused, match="did not allow"):
        for_ada(workspace, published())
