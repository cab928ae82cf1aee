"""Journeys, fractures and segments on pages."""

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.journeys.conftest import Came
from tests.journeys.texts import SHOP

from nousnous.journeys.actions.evidence import list_evidence
from nousnous.journeys.actions.versions import apply_journey, journey_of, list_journeys
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

HERE = "/w/north"


def member(workspace: Workspace, role: str = "owner") -> Client:
    client = Client()
    client.force_login(add_member(workspace, f"{role}@{workspace.slug}.example", role).user)
    return client


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def ann(workspace: Workspace) -> Client:
    return member(workspace)


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    apply_journey(workspace, SHOP, None, "ann")
    return workspace


def test_an_empty_workspace_offers_where_to_start(workspace: Workspace, ann: Client, came: Came) -> None:
    page = text_of(ann.get(f"{HERE}/journeys/"))
    assert "No journey is mapped yet" in page
    assert "Suggested from your events" not in page
    came("ada", ("home", 1), ("cart", 2))
    assert "Suggested from your events" in text_of(ann.get(f"{HERE}/journeys/"))
    assert "[[step]]" in text_of(ann.get(f"{HERE}/new-journey/?start=suggested"))
    assert "Checkout Started" in text_of(ann.get(f"{HERE}/new-journey/?start=shop"))


def test_a_journey_is_looked_at_before_it_is_applied(workspace: Workspace, ann: Client) -> None:
    looked = text_of(ann.post(f"{HERE}/new-journey/", {"text": SHOP, "preview": "1"}))
    assert "This is what it would change" in looked
    assert "No event came in yet" in looked
    assert list_journeys(workspace) == []
    done = ann.post(f"{HERE}/new-journey/", {"text": SHOP.replace("\n", "\r\n"), "apply": "1"})
    assert done.headers["Location"] == f"{HERE}/journeys/shop/"
    assert journey_of(workspace).text == SHOP


def test_troubles_stand_with_their_lines(shop: Workspace, ann: Client) -> None:
    wrong = SHOP.replace('"30m"', '"0m"').replace("30.0", '"x"')
    answer = ann.post(f"{HERE}/journeys/shop/text/", {"text": wrong, "apply": "1"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Line 6" in page
    assert "Line 17" in page
    assert journey_of(shop).number == 1


def test_a_page_that_somebody_overtook_is_refused(shop: Workspace, ann: Client) -> None:
    apply_journey(shop, SHOP + "\n# later\n", None, "bob")
    given = {"text": SHOP + "\n# mine\n", "apply": "1", "number": "1"}
    answer = ann.post(f"{HERE}/journeys/shop/text/", given)
    assert answer.status_code == 409
    assert "bob applied version 2 meanwhile" in text_of(answer)


def test_the_map_says_what_is_missing_and_shows_each_step(shop: Workspace, ann: Client) -> None:
    page = text_of(ann.get(f"{HERE}/journeys/shop/"))
    assert "nobody wrote what was designed at one step" in page
    for shown in ("Checkout", "shop team", "shipping_details", "purchase", "payment_error, or error_page", "30m"):
        assert shown in page
    assert "1 journey" not in page


def test_a_step_is_added_and_changed_without_toml(shop: Workspace, ann: Client) -> None:
    fields = {"name": "Thank you", "after": "checkout", "starts": "purchase, gift", "within": "5m", "service": "on"}
    ann.post(f"{HERE}/journeys/shop/add-step/", fields)
    step = journey_of(shop).journey.steps[1]
    assert (step.id, step.service, step.starts[0].events) == ("thank-you", True, ("purchase", "gift"))
    form = text_of(ann.get(f"{HERE}/journeys/shop/steps/thank-you/"))
    assert 'value="purchase, gift"' in form
    fields |= {"owner": "web team", "designed": "A smile"}
    ann.post(f"{HERE}/journeys/shop/steps/thank-you/", fields)
    changed = journey_of(shop)
    assert (changed.journey.steps[1].owner, changed.journey.steps[1].designed) == ("web team", "A smile")
    assert changed.text.startswith("# The web shop")
    assert changed.number == 3


def test_a_step_that_would_be_refused_says_why_in_the_form(shop: Workspace, ann: Client) -> None:
    fields = {"name": "Again", "after": "checkout", "starts": "a", "completes": "a", "within": "5m"}
    assert "The start equals the completion" in text_of(ann.post(f"{HERE}/journeys/shop/add-step/", fields))
    fields |= {"completes": "b", "within": "soon"}
    assert "Write a span above 0" in text_of(ann.post(f"{HERE}/journeys/shop/add-step/", fields))
    assert journey_of(shop).number == 1


def test_who_stands_for_a_journey_is_written_down(shop: Workspace, ann: Client) -> None:
    ann.post(f"{HERE}/journeys/shop/people/", {"owner": "Ada", "champion": "Grace", "defender": "Linus"})
    page = text_of(ann.get(f"{HERE}/journeys/shop/"))
    assert "Ada answers for it." in page
    assert "Grace argues for the customers" in page


def test_versions_show_what_they_changed_and_can_be_gone_back_to(shop: Workspace, ann: Client) -> None:
    apply_journey(shop, SHOP.replace('"30m"', '"45m"'), None, "bob")
    assert "stands at version 2" in text_of(ann.get(f"{HERE}/journeys/shop/history/"))
    assert "+within = &quot;45m&quot;" in text_of(ann.get(f"{HERE}/journeys/shop/history/2/"))
    assert "Go back to this version" in text_of(ann.get(f"{HERE}/journeys/shop/history/1/"))
    assert ann.get(f"{HERE}/journeys/shop/history/3/").status_code == 404


def test_a_journey_is_put_away_on_its_page(shop: Workspace, ann: Client) -> None:
    ann.post(f"{HERE}/journeys/shop/archive/")
    assert "No journey is mapped yet" in text_of(ann.get(f"{HERE}/journeys/"))
    assert "put away" in text_of(ann.get(f"{HERE}/journeys/shop/"))


def test_a_fracture_is_noted_and_removed(shop: Workspace, ann: Client) -> None:
    address = f"{HERE}/journeys/shop/steps/checkout/fractures/"
    assert "No fracture is noted" in text_of(ann.get(address))
    given = {"meant": "Fast", "felt": "Slow", "kind": "note", "weight": "0.6"}
    page = text_of(ann.post(address, given, follow=True))
    assert "broke its promise in one moment that we noted" in page
    assert "Slow" in page
    missing = ann.post(address, given | {"kind": "event", "reference": "nothing"})
    assert "There is no event" in text_of(missing)
    ann.post(f"{HERE}/fractures/{list_evidence(shop, 'shop')[0].id}/remove/")
    assert list_evidence(shop, "shop") == []


def test_a_segment_is_counted_and_kept(workspace: Workspace, ann: Client, came: Came) -> None:
    assert "Every report is about everybody so far" in text_of(ann.get(f"{HERE}/segments/"))
    came("ada", ("Order Completed", 1), ("Order Completed", 2))
    came("bob", ("Order Completed", 1))
    text = '[segment]\nname = "regulars"\n[[condition]]\nevent = "Order Completed"\nat_least = 2\n'
    counted = text_of(ann.post(f"{HERE}/new-segment/", {"text": text, "preview": "1"}))
    assert "1 of 2 people would be in it" in counted
    ann.post(f"{HERE}/new-segment/", {"text": text, "apply": "1"})
    assert "One segment can cut every report" in text_of(ann.get(f"{HERE}/segments/"))
    wrong = ann.post(f"{HERE}/segments/regulars/", {"text": text.replace("2", '"x"'), "apply": "1"})
    assert (wrong.status_code, "Line 5" in text_of(wrong)) == (422, True)
    ann.post(f"{HERE}/segments/regulars/remove/")
    assert "Every report is about everybody so far" in text_of(ann.get(f"{HERE}/segments/"))


def test_a_viewer_reads_and_changes_nothing(shop: Workspace) -> None:
    viewer = member(shop, "viewer")
    page = text_of(viewer.get(f"{HERE}/journeys/shop/"))
    assert "Add a step" not in page
    address = f"{HERE}/journeys/shop/steps/checkout/fractures/"
    assert "Note a fracture" not in text_of(viewer.get(address))
    assert viewer.post(address, {"felt": "x", "kind": "note", "weight": "1"}).status_code == 404
    assert viewer.get(f"{HERE}/journeys/shop/text/").status_code == 404
    assert list_evidence(shop, "shop") == []
