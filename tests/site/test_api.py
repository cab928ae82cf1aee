"""The JSON API: sessions, CSRF, errors, pages."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from ninja import Schema
from ninja.operation import Operation

from nousnous.site.contract import complete
from nousnous.workspaces.actions import NewWorkspace, WorkspaceProfile, add_member, create_key, create_workspace
from nousnous.workspaces.paging import cursor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> NewWorkspace:
    return create_workspace(WorkspaceProfile("acme"))


def bearer(acme: NewWorkspace) -> Client:
    return Client(headers={"Authorization": f"Bearer {acme.api_token}"})


def member(acme: NewWorkspace, *, checking: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checking)
    client.force_login(add_member(acme.workspace, "ann@acme.example").user)
    return client


def test_a_token_says_whose_it_is(acme: NewWorkspace) -> None:
    answer = bearer(acme).get("/api/v1/workspace").json()
    assert (answer["slug"], "people:erase" in answer["scopes"]) == ("acme", True)
    acme.workspace.api_tokens.get(last_used_at__isnull=False)


def test_a_page_may_call_the_api_with_its_session_and_csrf_token(acme: NewWorkspace) -> None:
    client = member(acme, checking=True)
    assert client.get("/api/v1/keys?workspace=acme").status_code == 200
    refused = client.post("/api/v1/keys", {"label": "app"}, content_type="application/json")
    assert (refused.status_code, "CSRF" in refused.json()["error"]) == (403, True)
    token = client.get("/w/acme/settings/keys/").cookies["nous_csrf"].value
    made = client.post(
        "/api/v1/keys", {"label": "app"}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert (made.status_code, made.json()["label"]) == (201, "app")


def test_a_session_of_two_workspaces_says_which(acme: NewWorkspace) -> None:
    client = member(acme)
    other = create_workspace(WorkspaceProfile("other"))
    add_member(other.workspace, "ann@acme.example")
    asked = client.get("/api/v1/workspace")
    assert (asked.status_code, asked.json()["place"]["field"]) == (422, "workspace")
    assert client.get("/api/v1/workspace?workspace=other").json()["slug"] == "other"
    assert client.get("/api/v1/workspace?workspace=third").status_code == 404


def test_errors_are_one_sentence_with_a_status_of_their_kind(acme: NewWorkspace) -> None:
    client = bearer(acme)
    missing = client.delete("/api/v1/keys/nothing")
    assert (missing.status_code, set(missing.json())) == (404, {"error", "place"})
    taken = client.post("/api/v1/keys", {"key": acme.write_key}, content_type="application/json")
    assert taken.status_code == 409
    wrong = client.get("/api/v1/keys?limit=0")
    assert (wrong.status_code, wrong.json()["place"]["field"]) == (422, "limit")
    assert client.get("/api/v1/keys?cursor=nonsense").status_code == 422


@pytest.mark.parametrize("value", ["NaN", "1e999", '"\\ud800"', "[" * 5000])
def test_a_body_that_no_table_can_hold_is_refused(acme: NewWorkspace, value: str) -> None:
    answer = bearer(acme).post("/api/v1/keys", f'{{"label": {value}}}', content_type="application/json")
    assert (answer.status_code, set(answer.json())) == (400, {"error", "place"})


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("[null, null]", "application/json"),
        ('"label"', "application/json"),
        ("x", "multipart/form-data"),
        ("x" * 20, "multipart/form-data; boundary=é"),
    ],
)
def test_a_body_of_another_form_is_refused(acme: NewWorkspace, body: str, content_type: str) -> None:
    address = "/api/v1/keys" if body.endswith(("]", '"')) else "/api/v1/imports"
    answer = bearer(acme).generic("POST", address, body, content_type)
    assert (answer.status_code, "send a JSON object" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize("value", [False, "3", 0.5])
def test_a_number_in_a_body_is_a_number_of_json(acme: NewWorkspace, value: object) -> None:
    asked = {"silence_days": value}
    answer = bearer(acme).put("/api/v1/attrition/thresholds", asked, content_type="application/json")
    assert (answer.status_code, answer.json()["place"]["field"]) == (422, "wanted.silence_days")


def test_where_no_endpoint_is_the_api_answers_in_json(acme: NewWorkspace) -> None:
    for address in ("/api/v1/nothing", "/api/v1/phrases/x/versions/no-number/approve"):
        answer = bearer(acme).post(address)
        assert (answer.status_code, set(answer.json())) == (404, {"error", "place"})


def test_two_endpoints_cannot_take_different_things_by_one_name() -> None:
    bodies = [type("Same", (Schema,), {"__annotations__": {name: int}}) for name in ("first", "second")]

    def taking(body: type) -> Operation:
        def take(request: object, body: object) -> dict[str, int]:
            return {}

        take.__annotations__["body"] = body
        return Operation("/x", ["POST"], take)

    named = {str(number): taking(body) for number, body in enumerate(bodies)}
    with pytest.raises(ImproperlyConfigured, match="by one name: Same"):
        complete({"components": {"schemas": {}}, "paths": {}}, named)


@pytest.mark.parametrize("place", [{"a": [1]}, None, "a", [1]])
def test_a_cursor_that_was_made_up_is_refused(acme: NewWorkspace, place: object) -> None:
    answer = bearer(acme).get("/api/v1/members", {"cursor": cursor_of(place)})
    assert (answer.status_code, "no cursor" in answer.json()["error"]) == (422, True)


def test_a_moment_beyond_the_calendar_is_refused(acme: NewWorkspace) -> None:
    for moment in ("0001-01-01", "9999-12-31T23:59:59-14:00"):
        answer = bearer(acme).get("/api/v1/events", {"from": moment})
        assert (answer.status_code, "between the years 1900 and 2999" in answer.json()["error"]) == (422, True)


def test_pages_are_turned_by_cursor(acme: NewWorkspace) -> None:
    for label in "abcd":
        create_key(acme.workspace, label=label)
    client = bearer(acme)
    seen, address = [], "/api/v1/keys?limit=2"
    while address:
        answer = client.get(address).json()
        seen += [key["label"] for key in answer["items"]]
        address = f"/api/v1/keys?limit=2&cursor={answer['next']}" if answer["next"] else ""
    assert sorted(seen) == ["a", "b", "c", "d", "first"]


def test_a_token_cannot_make_one_that_may_more(acme: NewWorkspace) -> None:
    made = bearer(acme).post("/api/v1/tokens", {"scopes": ["keys:write"]}, content_type="application/json").json()
    weak = Client(headers={"Authorization": f"Bearer {made['api_token']}"})
    refused = weak.post("/api/v1/tokens", {"scopes": ["people:read"]}, content_type="application/json")
    assert refused.status_code == 403
    assert weak.get("/api/v1/audit").status_code == 403


def test_the_schema_is_public_and_its_page_is_for_members(acme: NewWorkspace) -> None:
    assert Client().get("/api/openapi.json").json()["info"]["title"] == "Nous-Nous"
    assert Client().get("/api/docs").status_code == 302
    assert member(acme).get("/api/docs").status_code == 200
