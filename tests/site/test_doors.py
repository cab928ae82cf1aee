"""Every route, for every role, tried by machine: what is not yours answers as what is not there."""

import pytest
from django.test import Client
from tests.site.routes import ROUTES, WORKSPACE_ROUTES, endpoints, objects_of, two_workspaces

from nousnous.workspaces.access import PUBLIC, SIGNED_IN
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.roles import MATRIX, ROLES, WORDS, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def both() -> tuple[Workspace, Workspace]:
    return two_workspaces()


def client_of(workspace: Workspace, role: str) -> Client:
    client = Client()
    client.force_login(add_member(workspace, f"{role}@{workspace.slug}.example", role).user)
    return client


def tries(client: Client, address: str) -> dict[str, int]:
    return {"GET": client.get(address).status_code, "POST": client.post(address).status_code}


def test_every_route_names_who_may_enter() -> None:
    assert [route.template for route in ROUTES if route.word not in {PUBLIC, SIGNED_IN, *WORDS}] == []
    assert [route.template for route in ROUTES if route.word in MATRIX and route not in WORKSPACE_ROUTES] == []
    assert [route.template for route in WORKSPACE_ROUTES if route.word not in MATRIX] == []


def test_a_stranger_is_asked_to_sign_in_whether_or_not_there_is_such_a_workspace(
    both: tuple[Workspace, Workspace],
) -> None:
    for route in WORKSPACE_ROUTES:
        for slug in (both[0].slug, "nowhere"):
            answer = Client().get(route.address(workspace=slug))
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/"), route


@pytest.mark.parametrize("role", ROLES)
def test_no_route_of_another_workspace_is_there_for_any_role(role: str, both: tuple[Workspace, Workspace]) -> None:
    acme, other = both
    client, foreign = client_of(acme, role), objects_of(other)
    for route in WORKSPACE_ROUTES:
        assert tries(client, route.address(**foreign)) == {"GET": 404, "POST": 404}, route


@pytest.mark.parametrize("role", ROLES)
def test_things_of_another_workspace_are_not_there_in_ones_own(role: str, both: tuple[Workspace, Workspace]) -> None:
    acme, other = both
    client = client_of(acme, role)
    foreign = objects_of(other) | {"workspace": acme.slug}
    for route in WORKSPACE_ROUTES:
        if route.template.count("<") > 1:
            assert set(tries(client, route.address(**foreign)).values()) <= {404, 405}, route


@pytest.mark.parametrize("role", ROLES)
def test_a_role_finds_the_pages_of_its_words_and_no_others(role: str, both: tuple[Workspace, Workspace]) -> None:
    acme, _ = both
    client, own = client_of(acme, role), objects_of(acme)
    for route in WORKSPACE_ROUTES:
        answers = tries(client, route.address(**own))
        if route.word in words_of(role):
            assert set(answers.values()) <= {200, 204, 302, 303, 400, 404, 405, 409, 422}, (route, answers)
            if answers["POST"] < 400:  # it may have taken something away
                own = objects_of(acme)
        else:
            assert set(answers.values()) == {404}, route


def test_the_api_answers_nobody_without_a_token(both: tuple[Workspace, Workspace]) -> None:
    own = objects_of(both[0])
    for endpoint in endpoints():
        answer = Client().generic(endpoint.method, endpoint.address(**own))
        assert answer.status_code == 401, endpoint
        wrong = Client().generic(endpoint.method, endpoint.address(), headers={"Authorization": "Bearer wrong"})
        assert wrong.status_code == 401, endpoint


def test_a_token_without_the_scope_of_an_endpoint_is_refused(both: tuple[Workspace, Workspace]) -> None:
    own = objects_of(both[0])
    for endpoint in endpoints():
        others = [word for word in WORDS if word != endpoint.word]
        _, secret = create_token(both[0], scopes=others)
        answer = Client().generic(
            endpoint.method, endpoint.address(**own), headers={"Authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == 403, endpoint
        assert endpoint.word in answer.json()["error"]


def test_a_token_finds_nothing_of_another_workspace(both: tuple[Workspace, Workspace]) -> None:
    acme, other = both
    _, secret = create_token(acme)
    foreign = objects_of(other)
    for endpoint in endpoints():
        answer = Client().generic(
            endpoint.method, endpoint.address(**foreign), headers={"Authorization": f"Bearer {secret}"}
        )
        assert other.slug not in answer.content.decode()
        if "{" in endpoint.template:
            assert answer.status_code in {404, 422}, endpoint
        named = Client().generic(
            endpoint.method,
            endpoint.address(**foreign) + f"?workspace={other.slug}",
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert named.status_code == 404, endpoint
