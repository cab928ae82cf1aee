"""Every page, found by machine: no script of others, no frame of others, no guessing of types, no inline script."""

import re

import pytest
from django.conf import settings
from django.test import Client
from tests.site.routes import WORKSPACE_ROUTES, objects_of, two_workspaces

from nousnous.workspaces.actions import add_member

pytestmark = pytest.mark.django_db
OPEN = ("/sign-in/", "/nowhere/", "/api/v1/keys", "/api/docs", "/healthz")
INLINE = re.compile(
    rb'<script(?![^>]*\s(?:src=|nonce=|type="application/json"))|\son[a-z]+\s*=\s*["\']|javascript:', re.IGNORECASE
)


def test_every_page_names_whose_scripts_run_and_who_may_frame_it() -> None:
    acme, _ = two_workspaces()
    client, own = Client(), objects_of(acme)
    client.force_login(add_member(acme, "owner@acme.example", "owner").user)
    seen = 0
    for address in (*OPEN, *(route.address(**own) for route in WORKSPACE_ROUTES)):
        answer = client.get(address)
        policy = dict(
            one.split(maxsplit=1) for one in answer.headers["Content-Security-Policy"].split(";") if one.strip()
        )
        assert "unsafe" not in policy.get("script-src", policy["default-src"]), address
        assert policy["frame-ancestors"] in {"'none'", "'self'"}, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Referrer-Policy"] == "same-origin", address
        if answer.headers["Content-Type"].startswith("text/html") and not answer.streaming:
            assert INLINE.search(answer.content) is None, (address, INLINE.search(answer.content))
            seen += answer.status_code == 200
    assert seen > 50


def test_cookies_are_ours_alone() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
