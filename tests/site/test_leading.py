"""No address of ours leads to a host of others, and nobody on the way keeps what a token was shown."""

import re

import pytest
from django.core import signing
from django.test import Client
from tests.site.routes import two_workspaces

from nousnous.workspaces.actions import add_member, create_token

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    *("https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example"),
    *("https:evil.example", "http:///evil.example", "javascript:alert(1)", "/\t/evil.example", "data:text/html,x"),
)
PASSWORD = "long enough for all"


def test_a_sign_in_and_a_sign_out_lead_nowhere_else() -> None:
    acme, _ = two_workspaces()
    user = add_member(acme, "ada@acme.example", "owner").user
    user.set_password(PASSWORD)
    user.save()
    for target in ELSEWHERE:
        client = Client()
        page = client.get("/sign-in/", {"next": target}).content.decode()
        assert all(re.match(r"/(?![/\\])|#|\?|$", one) for one in re.findall(r'(?:href|action)="([^"]*)"', page))
        entered = client.post("/sign-in/", {"login": user.email, "password": PASSWORD, "next": target})
        again = client.get("/sign-in/", {"next": target})
        left = client.post("/sign-out/", {"next": target})
        for answer in (entered, again, left):
            assert answer.status_code == 302
            assert answer.headers["Location"] in {"/", "/sign-in/"}, target


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/w", "/\\evil.example", "/%5cevil.example", "/%2f/evil.example"]
)
def test_an_address_without_its_last_stroke_leads_nowhere_else(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404 or answer.headers["Location"].startswith(("/sign-in/", "/%2F", "/%5C")), path


@pytest.mark.parametrize("salt", ["", "plays.seeing.", "plays.unsubscribe"])
def test_the_button_of_a_mail_leads_only_where_a_mail_of_ours_led(salt: str) -> None:
    forged = signing.dumps(["fire_1", "https://evil.example/"], salt=salt or "django.core.signing", compress=True)
    assert Client().get(f"/c/{forged}/").status_code == 422


def test_what_a_token_or_a_stranger_is_shown_is_kept_by_nobody() -> None:
    acme, _ = two_workspaces()
    _, secret = create_token(acme)
    asked = Client(headers={"Authorization": f"Bearer {secret}"})
    for answer in (asked.get("/api/v1/keys"), asked.get("/api/v1/members"), Client().get("/sign-in/")):
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
