"""What opens something is nowhere in the records and in no line of the log, however much is logged."""

import io
import logging
from collections.abc import Iterator

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from nousnous.capabilities.language.actions.bringing import keep_hook
from nousnous.plays.channels.actions import Connection, connect
from nousnous.site.logs import Line
from nousnous.workspaces.actions import (
    WorkspaceProfile,
    add_member,
    create_sign_in_address,
    create_token,
    create_workspace,
)

pytestmark = pytest.mark.django_db
PASSWORD, GUESS = "correct horse battery", "wrong horse battery"
HOOK, TOKEN = "hook-secret-of-zendesk", "ghp_tokenOfGithub"


def records() -> dict[str, str]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # a name of our own tables
            found[table] = "\n".join(
                str([bytes(one) if isinstance(one, memoryview) else one for one in row]) for row in cursor.fetchall()
            )
    return found


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console would show, were everything logged."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Line(settings.LOGGING["formatters"]["line"]["format"], style="{"))
    loggers = [logging.getLogger(name) for name in ("", "nousnous", "django", "django.request")]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
    for one in (loggers[0], loggers[2]):
        one.addHandler(handler)
    yield written
    for one, level in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.removeHandler(handler)


def test_no_secret_stands_in_the_records_or_the_log(log: io.StringIO) -> None:
    cache.clear()
    workspace = create_workspace(WorkspaceProfile("acme")).workspace
    member = add_member(workspace, "ann@acme.example")
    member.user.set_password(PASSWORD)
    member.user.save()
    seed = generate_totp_secret()
    TOTP.activate(member.user, seed)
    codes = RecoveryCodes.activate(member.user).get_unused_codes()
    keep_hook(workspace, "zendesk", HOOK, "test")
    connect(workspace, Connection("github", "issues", {"repository": "acme/shop", "token": TOKEN}), "test")
    _, token = create_token(workspace)
    _, once = create_sign_in_address(member)
    client = Client()
    client.get("/api/v1/journeys", headers={"Authorization": f"Bearer {token}"})
    client.get("/api/v1/journeys", headers={"Authorization": f"Bearer {token}x"})
    client.post(f"/sign-in/{once}")
    client.get(f"/sign-in/{once}")
    client.get(f"/sign-in/{once}")
    for word in (GUESS, PASSWORD):
        Client().post("/sign-in/", {"login": member.user.email, "password": word})
    Client().post("/hooks/zendesk/nowhere/", {"secret": HOOK})
    planted = [PASSWORD, GUESS, seed, *codes, HOOK, TOKEN, token, once, settings.SECRET_KEY]
    kept = records()
    assert len(kept) > 50
    assert "ann@acme.example" in kept["workspaces_user"]
    assert [(table, one) for one in planted for table, rows in kept.items() if one in rows] == []
    assert "Method Not Allowed (POST): /sign-in/once_…" in log.getvalue()
    assert [one for one in planted if one in log.getvalue()] == []
