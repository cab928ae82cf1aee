"""Journeys, segments and evidence in the API."""

import pytest
from django.test import Client
from tests.journeys.conftest import Came
from tests.journeys.texts import SHOP

from nousnous.workspaces.actions import create_token
from nousnous.workspaces.models import Workspace

API = "/api/v1"
JSON = "application/json"
SEGMENT = '[segment]\nname = "buyers"\n[[condition]]\nevent = "Order Completed"\n'


@pytest.fixture
def client(workspace: Workspace) -> Client:
    return Client(headers={"Authorization": f"Bearer {create_token(workspace)[1]}"})


def test_a_journey_is_put_read_and_put_away(client: Client) -> None:
    made = client.post(f"{API}/journeys", {"text": SHOP}, content_type=JSON).json()
    assert (made["id"], made["version"], made["changed"]) == ("shop", 1, True)
    changed = client.put(f"{API}/journeys/shop", {"text": SHOP.replace("30m", "1h")}, content_type=JSON).json()
    assert (changed["version"], changed["steps"][0]["within_s"]) == (2, 3600.0)
    assert client.get(f"{API}/journeys/shop").json()["steps"][0]["fails"][0] == {
        "event": ["payment_error"],
        "where": {},
    }
    assert [one["version"] for one in client.get(f"{API}/journeys/shop/versions").json()["items"]] == [2, 1]
    assert client.get(f"{API}/journeys/shop/versions/1").json()["text"] == SHOP
    client.delete(f"{API}/journeys/shop")
    assert client.get(f"{API}/journeys").json() == {"items": []}
    assert len(client.get(f"{API}/journeys?archived=true").json()["items"]) == 1


def test_a_wrong_text_answers_its_place(client: Client) -> None:
    answer = client.post(f"{API}/journeys", {"text": SHOP.replace('"30m"', '"0m"')}, content_type=JSON)
    assert answer.status_code == 422
    assert answer.json()["place"] == {"file": None, "line": 17, "field": "step.within"}


def test_a_journey_keeps_its_id(client: Client) -> None:
    client.post(f"{API}/journeys", {"text": SHOP}, content_type=JSON)
    answer = client.put(f"{API}/journeys/shop", {"text": SHOP.replace('"shop"', '"app"')}, content_type=JSON)
    assert answer.status_code == 422
    other = client.put(f"{API}/journeys/app", {"text": SHOP}, content_type=JSON)
    assert other.status_code == 404


def test_a_suggestion_can_be_put(client: Client, came: Came) -> None:
    came("ada", ("home", 1), ("cart", 2))
    text = client.get(f"{API}/journey-suggestion?journey_id=web").json()["text"]
    assert client.post(f"{API}/journeys", {"text": text}, content_type=JSON).json()["id"] == "web"


def test_evidence_is_added_listed_and_removed(client: Client) -> None:
    client.post(f"{API}/journeys", {"text": SHOP}, content_type=JSON)
    fracture = {"journey": "shop", "step": "checkout", "meant": "Fast", "felt": "Slow", "weight": 0.5}
    made = client.post(f"{API}/evidence", fracture, content_type=JSON).json()
    assert client.get(f"{API}/journeys/shop/evidence?step=checkout").json()["items"] == [made]
    assert client.delete(f"{API}/evidence/{made['id']}").json() == {"removed": made["id"]}
    assert client.get(f"{API}/journeys/shop/evidence").json()["items"] == []


def test_a_segment_is_kept_counted_and_forgotten(client: Client, came: Came) -> None:
    came("ada", ("Order Completed", 1))
    came("bob", ("Page Viewed", 1))
    client.post(f"{API}/segments", {"text": SEGMENT}, content_type=JSON)
    found = client.get(f"{API}/segments/buyers").json()
    assert (found["persons"], found["of"], found["conditions"]) == (1, 2, "did Order Completed")
    client.delete(f"{API}/segments/buyers")
    assert client.get(f"{API}/segments").json() == {"items": []}
