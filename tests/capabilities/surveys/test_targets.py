"""Whom a survey is asked, and beside what: a segment, the end of a step; and where its answers are shown."""

import pytest
from django.test import Client
from tests.capabilities.surveys.conftest import Kept, Published
from tests.capabilities.surveys.test_answering import answer, for_ada, path_of

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.actions.asking import Who, ask
from nousnous.capabilities.surveys.actions.links import make_links, open_address
from nousnous.capabilities.surveys.actions.told import perform_telling
from nousnous.capabilities.surveys.models import Asking
from nousnous.collector.landing import land
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.journeys.actions.segments import apply_segment
from nousnous.journeys.actions.versions import apply_journey, archive_journey
from nousnous.runs.models import Run
from nousnous.runs.outbox import deliver
from nousnous.runs.registry import Work
from nousnous.warehouse.lake import rows_of
from nousnous.workspaces.browsers import told_to_browsers
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERED = '[segment]\nname = "answered"\n[[condition]]\nevent = "Survey Answered"\n'
BUYERS = '[segment]\nname = "buyers"\n[[condition]]\nevent = "Order Completed"\n'
JOURNEY = '[journey]\nid = "shop"\ncurrency = "USD"\nhourly_wage = 1\n'
JOURNEY += '[[step]]\nid = "checkout"\nstarts = { event = "Cart" }\n'


def bought(workspace: Workspace, person: str, table: Table = EVENTS) -> None:
    moment = clock.now_us() - clock.DAY_US
    told = {"message_id": ["1"], "event": ["Order Completed"], "user_id": [person], "ts_us": [moment]}
    land(workspace, table, rows_of(table, {**told, "received_us": [moment]}))


def test_only_people_of_its_segment_are_asked(workspace: Workspace, published: Published) -> None:
    with pytest.raises(Refused, match="no segment “buyers”"):
        published(segment="buyers")
    apply_segment(workspace, BUYERS, None, "test")
    bought(workspace, "ada")
    survey = published(segment="buyers")
    with pytest.raises(Refused, match="not in the segment “buyers”"):
        for_ada(workspace, survey, "bob")
    assert for_ada(workspace, survey)
    with pytest.raises(Refused, match="not in the segment"):
        ask(survey, Who(anonymous_id="b-1", user_id="cid"), "page")


def test_browsers_ask_beside_the_events_that_complete_a_step_also_after_it_changed(
    workspace: Workspace, published: Published
) -> None:
    beside = {"after": ["Looked"], "steps": ["checkout"]}
    with pytest.raises(Refused, match="no step “checkout”"):
        published(page=beside)
    apply_journey(workspace, JOURNEY, None, "test")
    published(page=beside)
    (asked,) = told_to_browsers(workspace, "surveys")["ask"]
    assert (asked["after"], asked["steps"]) == (["Looked"], [{"events": ["Cart"], "where": {}}])
    completes = 'completes = { event = ["Order Completed", "Paid"], where = { plan = ["pro", 2] } }\n'
    apply_journey(workspace, JOURNEY + completes, None, "test")
    perform_telling(Work("1", workspace.id, "", {}, 1))
    (asked,) = told_to_browsers(workspace, "surveys")["ask"]
    assert asked["steps"] == [{"events": ["Order Completed", "Paid"], "where": {"plan": ["pro", "2"]}}]


def test_who_would_be_asked_beside_a_step_that_is_gone_is_not_asked(workspace: Workspace, published: Published) -> None:
    apply_journey(workspace, JOURNEY, None, "test")
    published(page={"steps": ["checkout"]})
    assert len(told_to_browsers(workspace, "surveys")["ask"]) == 1
    archive_journey(workspace, "shop", "test")
    deliver()
    assert Run.objects.filter(kind="surveys.telling", workspace_id=workspace.id).exists()
    perform_telling(Work("1", workspace.id, "", {}, 1))
    assert told_to_browsers(workspace, "surveys")["ask"] == []


def test_the_open_link_of_a_segment_takes_answers_of_who_is_known_to_be_in_it(
    workspace: Workspace, published: Published, kept: Kept
) -> None:
    apply_segment(workspace, ANSWERED, None, "test")
    first = path_of(open_address(published(id="first")))
    second = path_of(open_address(published(id="second", segment="answered")))
    known, stranger = Client(), Client()
    answer(known, first, "2")
    kept()
    shown = [client.get(second).content.decode() for client in (known, stranger)]
    assert ["for people who were invited" in one for one in shown] == [False, True]
    answer(known, second, "3")
    assert Asking.objects.filter(survey__survey_id="second").count() == 1


def test_everybody_of_a_segment_gets_a_link_of_their_own(
    workspace: Workspace, published: Published, client: Client
) -> None:
    apply_segment(workspace, BUYERS, None, "test")
    bought(workspace, "ada")
    published(segment="buyers")
    bring = client.post("/w/north/surveys/after-purchase/link/", {"everybody": ""})
    head, row = bring.content.decode().splitlines()
    person, _, address = row.partition(",")
    assert (head, person, bring["Content-Disposition"]) == (
        "person,address",
        "ada",
        'attachment; filename="after-purchase-links.csv"',
    )
    assert answer(Client(), path_of(address), "9").status_code == 200
    again = make_links(workspace, "after-purchase", "test")
    assert (again["links"], again["left_out"][0]["person"]) == ([], "ada")
    assert [one["person"] for one in make_links(workspace, published(id="plain").survey_id, "test")["left_out"]] == [
        "ada"
    ]


def test_a_survey_leads_to_its_own_spread(
    workspace: Workspace, published: Published, kept: Kept, client: Client
) -> None:
    with clock.frozen(clock.now_us() - 2 * clock.DAY_US):
        answer(Client(), for_ada(workspace, published()), "9")
    kept()
    shown = client.get("/w/north/surveys/after-purchase/").content.decode()
    assert 'href="/w/north/spreads/?survey=after-purchase"' in shown
    own, others = (client.get(f"/w/north/spreads/?survey={one}") for one in ("after-purchase", "another"))
    assert "Only answers to the survey after-purchase" in own.content.decode()
    assert "Nobody answered a survey in this period" not in own.content.decode()
    assert "Nobody answered a survey in this period" in others.content.decode()
