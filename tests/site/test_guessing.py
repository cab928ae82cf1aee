"""Whoever guesses at passwords and codes is held up, and learns not even who has an account."""

import time
from statistics import median

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from nousnous.base.ids import random_id
from nousnous.site.entrance import SEAL
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_workspace
from nousnous.workspaces.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def ann() -> User:
    cache.clear()
    user = add_member(create_workspace(WorkspaceProfile("acme")).workspace, "ann@acme.example").user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email: str, password: str, place: str = "10.0.0.1") -> HttpResponse:
    return Client(REMOTE_ADDR=place).post("/sign-in/", {"login": email, "password": password})


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_a_password_that_is_guessed_at_opens_nothing_for_a_while_from_anywhere(ann: User) -> None:
    for guess in range(5):
        assert sign_in(ann.email, f"guess {guess}", f"10.0.0.{guess}").status_code == 200
    late = sign_in(ann.email, PASSWORD, "10.0.0.99")
    assert late.status_code == 200
    assert "Too many failed" in said(late)


def test_one_address_that_guesses_at_many_accounts_is_held_up(ann: User) -> None:
    answers = [sign_in(f"nobody{guess}@acme.example", "guess") for guess in range(12)]
    assert "Too many failed" in said(answers[-1])
    assert "Too many failed" in said(sign_in(ann.email, PASSWORD))
    assert sign_in(ann.email, PASSWORD, "10.0.0.2").status_code == 302


def test_ten_thousand_other_names_make_no_guess_forgotten(ann: User) -> None:
    for guess in range(5):
        sign_in(ann.email, f"guess {guess}", f"10.0.0.{guess}")
    for other in range(10_000):
        cache.set(f"other-{other}", [0.0], 300)
    assert "Too many failed" in said(sign_in(ann.email, PASSWORD, "10.0.0.99"))


def test_an_unknown_address_answers_as_a_wrong_password_does_and_as_slowly(ann: User) -> None:
    invited = add_member(ann.memberships.get().workspace, "new@acme.example").user
    took: dict[str, list[float]] = {ann.email: [], "nobody@acme.example": [], invited.email: []}
    answers = {}
    for guess in range(4):
        for email, times in took.items():
            started = time.process_time()
            answers[email] = said(sign_in(email, "guess", f"10.{guess}.0.{len(email)}")).replace(email, "")
            times.append(time.process_time() - started)
    plain = {
        body.split("<form")[1].split("</form>")[0].split("csrfmiddlewaretoken")[1][80:] for body in answers.values()
    }
    assert len(plain) == 1
    middle = sorted(median(times) for times in took.values())
    assert middle[-1] < 3 * middle[0]


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(ann: User) -> None:
    known, unknown = (
        Client(REMOTE_ADDR="10.0.0.3").post("/account/password/forgotten/", {"email": email})
        for email in (ann.email, "nobody@acme.example")
    )
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    asked = [
        Client(REMOTE_ADDR="10.0.0.3").post("/account/password/forgotten/", {"email": ann.email}).status_code
        for _ in range(6)
    ]
    assert asked[-1] == 429


def test_codes_that_are_guessed_at_open_nothing_for_a_while(ann: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ann, secret)
    client = Client(REMOTE_ADDR="10.0.0.4")
    assert client.post("/sign-in/", {"login": ann.email, "password": PASSWORD}).headers["Location"] == "/sign-in/code/"
    for guess in range(5):
        assert client.post("/sign-in/code/", {"code": f"{guess:06}"}).status_code == 200
    right = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert "Too many failed" in said(client.post("/sign-in/code/", {"code": right}))
    assert "_auth_user_id" not in client.session


def test_seeds_of_codes_lie_sealed_in_the_records_and_older_ones_from_the_next_sign_in(ann: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ann, secret)
    RecoveryCodes.activate(ann)
    older = Authenticator.objects.get(type="totp")
    assert older.data["secret"].startswith(SEAL)
    older.data["secret"] = secret
    older.save()
    client = Client(REMOTE_ADDR="10.0.0.5")
    client.post("/sign-in/", {"login": ann.email, "password": PASSWORD})
    right = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/sign-in/code/", {"code": right}).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert secret not in kept
    assert kept.count(SEAL) == 2


def test_what_opens_something_by_itself_cannot_be_guessed() -> None:
    parts = [random_id("once").partition("_")[2] for _ in range(2_000)]
    letters = len(set("".join(parts)))
    assert len(set(parts)) == 2_000
    assert letters ** len(parts[0]) > 2**99
