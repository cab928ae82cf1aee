"""Workspaces, members, keys, tokens, one-time addresses."""

from datetime import UTC, datetime, timedelta

import pytest

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.workspaces.access import Access
from nousnous.workspaces.actions import (
    ADDRESS_LIFE,
    NewWorkspace,
    WorkspaceProfile,
    add_member,
    change_role,
    create_key,
    create_sign_in_address,
    create_token,
    create_workspace,
    remove_member,
    revoke_key,
    revoke_token,
    use_sign_in_address,
)
from nousnous.workspaces.models import ApiToken, AuditEntry, User, WriteKey, current_workspace
from nousnous.workspaces.roles import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> NewWorkspace:
    return create_workspace(WorkspaceProfile("acme"))


def test_a_moment_that_names_no_zone_is_meant_in_the_workspace_s() -> None:
    paris = create_workspace(WorkspaceProfile("paris", timezone="Europe/Paris")).workspace
    noon = datetime(2024, 7, 1, 12)  # noqa: DTZ001  # as it is typed
    assert paris.instant(noon).isoformat() == "2024-07-01T12:00:00+02:00"
    assert paris.instant(noon.replace(tzinfo=UTC)).isoformat() == "2024-07-01T12:00:00+00:00"


def test_a_new_workspace_has_a_write_key_and_a_token_that_may_everything(acme: NewWorkspace) -> None:
    token = ApiToken.objects.of_secret(acme.api_token)
    assert token is not None
    assert Access.of_token(token).words == set(WORDS)
    assert WriteKey.objects.valid().get(key=acme.write_key).workspace == acme.workspace
    assert acme.api_token not in str(ApiToken.objects.values_list())


@pytest.mark.parametrize(
    "profile",
    [
        WorkspaceProfile("Not A Slug"),
        WorkspaceProfile("a/b"),
        WorkspaceProfile("acme", timezone="Mars/Base"),
        WorkspaceProfile("acme", currency="dollars"),
    ],
)
def test_a_workspace_that_makes_no_sense_is_refused(profile: WorkspaceProfile) -> None:
    with pytest.raises(Refused):
        create_workspace(profile)


def test_a_slug_and_a_write_key_are_taken_once(acme: NewWorkspace) -> None:
    with pytest.raises(Conflict):
        create_workspace(WorkspaceProfile("acme"))
    with pytest.raises(Conflict):
        create_workspace(WorkspaceProfile("other"), write_key=acme.write_key)
    with pytest.raises(Missing):
        current_workspace("other")


def test_a_revoked_key_and_a_revoked_token_are_no_longer_valid(acme: NewWorkspace) -> None:
    key = create_key(acme.workspace, label="app")
    revoke_key(acme.workspace, key.key)
    assert not WriteKey.objects.valid().filter(id=key.id).exists()
    token, secret = create_token(acme.workspace, scopes=["gaps:read"])
    revoke_token(acme.workspace, token.id)
    assert ApiToken.objects.of_secret(secret) is None


def test_a_key_of_another_workspace_cannot_be_revoked(acme: NewWorkspace) -> None:
    other = create_workspace(WorkspaceProfile("other"))
    with pytest.raises(Missing):
        revoke_key(other.workspace, acme.write_key)
    token = acme.workspace.api_tokens.get()
    with pytest.raises(Missing):
        revoke_token(other.workspace, token.id)


def test_the_first_member_is_the_owner_and_others_look_on(acme: NewWorkspace) -> None:
    assert add_member(acme.workspace, "Ann@acme.example").role == "owner"
    assert add_member(acme.workspace, "bob@acme.example").role == "viewer"
    assert add_member(acme.workspace, "bob@acme.example", "editor").role == "editor"
    assert User.objects.filter(email="ann@acme.example").count() == 1


def test_a_workspace_keeps_an_owner(acme: NewWorkspace) -> None:
    owner = add_member(acme.workspace, "ann@acme.example")
    with pytest.raises(Refused):
        change_role(owner, "viewer", "shell")
    with pytest.raises(Refused):
        remove_member(owner, "shell")


def test_a_token_may_never_more_than_its_maker_may_now(acme: NewWorkspace) -> None:
    add_member(acme.workspace, "ann@acme.example")
    editor = add_member(acme.workspace, "bob@acme.example", "editor")
    _, secret = create_token(acme.workspace, scopes=["people:read", "gaps:read"], created_by=editor.user)
    token = ApiToken.objects.of_secret(secret)
    assert token is not None
    assert Access.of_token(token).words == {"gaps:read"}
    remove_member(editor, "shell")
    assert ApiToken.objects.of_secret(secret) is None


def test_a_sign_in_address_works_once(acme: NewWorkspace) -> None:
    _, secret = create_sign_in_address(add_member(acme.workspace, "ann@acme.example"))
    assert use_sign_in_address(secret).user.email == "ann@acme.example"
    with pytest.raises(Missing):
        use_sign_in_address(secret)


def test_a_sign_in_address_expires(acme: NewWorkspace) -> None:
    _, secret = create_sign_in_address(add_member(acme.workspace, "ann@acme.example"))
    late = clock.to_us(clock.now() + ADDRESS_LIFE + timedelta(seconds=1))
    with clock.frozen(late), pytest.raises(Missing):
        use_sign_in_address(secret)


def test_what_was_done_stands_in_the_audit_log(acme: NewWorkspace) -> None:
    add_member(acme.workspace, "ann@acme.example", actor="eve@acme.example")
    newest = AuditEntry.objects.filter(workspace=acme.workspace)[0]
    assert (newest.actor, newest.verb, newest.object) == (
        "eve@acme.example",
        "add member",
        "ann@acme.example as owner",
    )
