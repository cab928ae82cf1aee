"""Gaps, beliefs, calibration, readiness and the simulator in the API."""

import pytest
from django.test import Client

from nousnous.capabilities.gaps.actions.judging import judge_weeks
from nousnous.workspaces.actions import create_token
from nousnous.workspaces.models import Workspace

BELIEF = {"step": "delivery", "metric": "completion", "value": 0.5, "author": "store staff", "range": [0.4, 0.6]}


@pytest.fixture
def client(shop: Workspace) -> Client:
    return Client(headers={"Authorization": f"Bearer {create_token(shop)[1]}"})


def weak(shop: Workspace, *scopes: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {create_token(shop, scopes=scopes)[1]}"})


def test_the_report_is_that_of_the_command(client: Client) -> None:
    found = client.get("/api/v1/gaps?from=2024-01-01&to=2024-02-01").json()
    assert found["window"] == {"from": "2024-01-01T00:00:00+00:00", "to": "2024-02-01T00:00:00+00:00"}
    step = client.get("/api/v1/gaps/shop/steps/checkout?from=2024-01-01&to=2024-02-01").json()
    assert next(row for row in found["steps"] if row["step"] == "checkout").items() <= step.items()
    assert client.get("/api/v1/gaps/shop/steps/nothing").status_code == 422
    assert client.get("/api/v1/gaps/nothing/steps/checkout").status_code == 404


def test_a_belief_is_written_sealed_and_followed_through_its_history(client: Client, shop: Workspace) -> None:
    made = client.post("/api/v1/beliefs", BELIEF, content_type="application/json")
    assert made.status_code == 201
    first = made.json()["id"]
    changed = client.post("/api/v1/beliefs", BELIEF | {"value": 0.55}, content_type="application/json").json()["id"]
    assert client.post(f"/api/v1/beliefs/{first}/seal").status_code == 409
    assert client.post(f"/api/v1/beliefs/{changed}/seal").json()["sealed_at"]
    judge_weeks(shop)
    versions = client.get(f"/api/v1/beliefs/{changed}/history").json()["versions"]
    assert [(one["id"], bool(one["verdicts"])) for one in versions] == [(first, False), (changed, True)]
    standing = client.get("/api/v1/beliefs?journey=shop").json()["items"]
    assert len(standing) == len(client.get("/api/v1/beliefs?history=true").json()["items"]) - 1
    assert client.delete(f"/api/v1/beliefs/{changed}").status_code == 409


def test_an_unsealed_belief_is_withdrawn(client: Client) -> None:
    made = client.post("/api/v1/beliefs", BELIEF, content_type="application/json").json()["id"]
    assert client.delete(f"/api/v1/beliefs/{made}").status_code == 204
    assert client.get(f"/api/v1/beliefs/{made}").status_code == 404


def test_what_cannot_be_believed_is_refused_with_its_field(client: Client) -> None:
    for field, wrong in (("value", 2), ("step", "nothing"), ("metric", "luck"), ("tolerance", 0.5)):
        refused = client.post("/api/v1/beliefs", BELIEF | {field: wrong}, content_type="application/json")
        assert (refused.status_code, refused.json()["place"]["field"]) == (422, field)


def test_calibration_and_readiness_are_told_by_team_and_by_journey(client: Client) -> None:
    everybody = client.get("/api/v1/calibration").json()["items"][0]
    assert (everybody["author"], everybody["sealed"]) == (None, 0)
    journey = client.get("/api/v1/readiness").json()["items"][0]
    assert journey["platform"] == {"ready": 2, "of": 2, "lacks": []}
    assert journey["people"]["lacks"][0]["sentence"] == "The journey has no owner."


def test_shorter_visits_cost_less_and_nothing_is_kept(client: Client) -> None:
    body = {"caps_s": {"checkout": 30}, "from": "2024-01-01", "to": "2024-04-01"}
    found = client.post("/api/v1/gaps/shop/simulate", body, content_type="application/json").json()
    now, then = (found["journey"][word]["per_year"]["value"] for word in ("now", "then"))
    assert then == pytest.approx(now / 2)
    assert found["saved"]["value"] == pytest.approx(now - then)
    assert found["saved"]["low"] < found["saved"]["value"] < found["saved"]["high"]
    assert "nothing else changes" in found["assumption"]
    assert client.post("/api/v1/gaps/shop/simulate", {"caps_s": {}}, content_type="application/json").status_code == 422


def test_real_visits_are_for_who_may_see_people(client: Client, shop: Workspace) -> None:
    address = "/api/v1/gaps/shop/steps/checkout/visits"
    assert weak(shop, "gaps:read").get(address).status_code == 403
    items = client.get(address).json()["items"]
    assert [one["outcome"] for one in items] == ["completed", "completed", "failed", "failed"]
    failed = items[2]
    assert (failed["wasted_s"], failed["cause"], failed["person_id"][0]) == (60, "Payment Error", "u")
    assert [(one["at_s"], one["event"], one["cause"]) for one in failed["events"]] == [
        (0, "Checkout", False),
        (60, "Payment Error", True),
    ]
    assert shop.audit_entries.filter(verb="read visits", object="shop/checkout").exists()
