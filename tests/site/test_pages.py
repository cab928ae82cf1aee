"""What stands before and around every page."""

import re

import pytest
from django.test import Client

from nousnous.workspaces.actions import (
    NewWorkspace,
    WorkspaceProfile,
    add_member,
    create_sign_in_address,
    create_token,
    create_workspace,
)
from nousnous.workspaces.models import AuditEntry, User, Workspace
from nousnous.workspaces.roles import PARTS, READING, WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> NewWorkspace:
    return create_workspace(WorkspaceProfile("acme"))


@pytest.fixture
def owner(acme: NewWorkspace) -> Client:
    client = Client()
    client.force_login(add_member(acme.workspace, "ann@acme.example").user)
    return client


def test_content_comes_only_from_this_site(owner: Client) -> None:
    for address in ("/sign-in/", "/w/acme/settings/members/", "/nowhere/", "/api/v1/keys"):
        assert owner.get(address).headers["Content-Security-Policy"].startswith("default-src 'self';")


def test_a_form_without_its_csrf_token_is_refused(acme: NewWorkspace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(add_member(acme.workspace, "ann@acme.example").user)
    assert client.post("/w/acme/settings/keys/create/", {"label": "x"}).status_code == 403
    assert acme.workspace.write_keys.count() == 1


def test_a_one_time_address_signs_in_once_and_asks_for_a_password(acme: NewWorkspace) -> None:
    _, secret = create_sign_in_address(add_member(acme.workspace, "ann@acme.example"))
    client = Client()
    assert client.get(f"/sign-in/{secret}").headers["Location"] == "/account/welcome/"
    assert "Set a password" in client.get("/account/welcome/").content.decode()
    assert Client().get(f"/sign-in/{secret}").status_code == 404
    chosen = {"password1": "long enough for all", "password2": "long enough for all"}
    assert client.post("/account/password/choose/", chosen).status_code == 302
    user = User.objects.get(email="ann@acme.example")
    assert user.check_password("long enough for all")
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_signing_in_by_password_is_noted_and_tried_only_so_often(acme: NewWorkspace) -> None:
    user = add_member(acme.workspace, "ann@acme.example").user
    user.set_password("long enough for all")
    user.save()
    good = {"login": "Ann@acme.example", "password": "long enough for all"}
    assert Client().post("/sign-in/", good).headers["Location"] == "/"
    assert AuditEntry.objects.filter(workspace=acme.workspace, verb="sign in", actor=user.email).exists()
    for _ in range(10):
        Client().post("/sign-in/", good | {"password": "wrong"})
    assert Client().post("/sign-in/", good).status_code != 302


def test_nobody_signs_up_alone() -> None:
    assert Client().get("/account/signup/").status_code == 404


def test_an_invitation_hands_no_other_workspace_to_who_invites(acme: NewWorkspace, owner: Client) -> None:
    other = create_workspace(WorkspaceProfile("other"))
    add_member(other.workspace, "bob@other.example")
    page = owner.post("/w/acme/settings/members/invite/", {"email": "bob@other.example", "role": "viewer"}, follow=True)
    assert "/sign-in/once_" not in page.content.decode()
    page = owner.post("/w/acme/settings/members/invite/", {"email": "new@acme.example", "role": "viewer"})
    secret = page.content.decode().split("/sign-in/")[1].split("<")[0]
    add_member(other.workspace, "new@acme.example")
    assert Client().get(f"/sign-in/{secret}").status_code == 404


def test_an_admin_makes_no_owner(acme: NewWorkspace, owner: Client) -> None:
    admin = Client()
    admin.force_login(add_member(acme.workspace, "eve@acme.example", "admin").user)
    answer = admin.post("/w/acme/settings/members/invite/", {"email": "mal@acme.example", "role": "owner"})
    assert "Only an owner" in answer.content.decode()
    first = acme.workspace.members.get(role="owner")
    admin.post(f"/w/acme/settings/members/{first.pk}/remove/")
    assert acme.workspace.members.filter(role="owner").exists()


def test_a_token_is_shown_once(owner: Client) -> None:
    made = owner.post("/w/acme/settings/tokens/create/", {"label": "robot", "scopes": ["gaps:read"]})
    assert "nous_" in made.content.decode()
    assert "nous_" not in owner.get("/w/acme/settings/tokens/").content.decode().replace("nous_csrf", "")


def test_tokens_say_shortly_what_they_may_and_scopes_stand_by_part(owner: Client, acme: NewWorkspace) -> None:
    create_token(acme.workspace, label="looker", scopes=READING)
    page = owner.get("/w/acme/settings/tokens/").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert ("<td>everything</td>" in table, "<td>read everything</td>" in table) == (True, True)
    assert [part for part in PARTS if f"<legend>{part}</legend>" in page] == list(PARTS)
    assert page.count('name="scopes"') == len(WORDS)


def test_the_time_zone_of_a_workspace_is_chosen_by_region_and_an_older_name_is_kept(
    owner: Client, acme: NewWorkspace
) -> None:
    Workspace.objects.filter(pk=acme.workspace.pk).update(timezone="US/Eastern")
    page = owner.get("/w/acme/settings/").content.decode()
    assert '<optgroup label="Europe">' in page
    assert '<option value="US/Eastern" selected>' in page
    owner.post("/w/acme/settings/", {"name": "Acme", "timezone": "America/New_York", "currency": "USD"})
    assert '<option value="America/New_York" selected>' in owner.get("/w/acme/settings/").content.decode()
    assert "US/Eastern" not in owner.get("/w/acme/settings/").content.decode()


def test_the_start_is_the_first_page_that_a_member_may_see(owner: Client, acme: NewWorkspace) -> None:
    assert owner.get("/").headers["Location"].startswith("/w/acme/")
    acme.workspace.members.all().delete()
    assert "no workspace yet" in owner.get("/").content.decode()


NOTHING_HERE = {
    "gap/": "No gap yet",
    "beliefs/": "Nobody has written down a belief yet",
    "beliefs/write/": "A belief is about a step",
    "readiness/": "Nothing to get ready",
    "segments/": "Every report is about everybody so far",
    "people/": "Nobody was here yet",
    "people/?q=ada": "No people match",
    "people/merges/": "No merge waits",
    "imports/": "Nothing was imported yet",
    "quarantine/": "Nothing waits in quarantine",
    "settings/audit/?q=zebra": "Who did, or read, what",
}


@pytest.mark.parametrize("address", NOTHING_HERE)
def test_an_empty_page_says_what_is_missing_what_will_be_here_and_why(address: str, owner: Client) -> None:
    page = owner.get(f"/w/acme/{address}").content.decode()
    (title,) = re.findall("<h1>(.*?)</h1>", page)
    (said,) = re.findall('<section class="card empty"><h2>(.*?)</h2><p>(.*?)</p>(.*?)</section>', page)
    assert title.startswith(NOTHING_HERE[address])
    assert (said[0].startswith("Here "), said[1].endswith((".", "?"))) == (True, True)
    assert said[2].count("<a ") == ("quarantine" not in address)


def test_an_empty_page_offers_nothing_that_the_role_may_not(owner: Client, acme: NewWorkspace) -> None:
    viewer = Client()
    viewer.force_login(add_member(acme.workspace, "vic@acme.example", "viewer").user)
    for address in ("gap/", "beliefs/", "readiness/", "segments/"):
        page = viewer.get(f"/w/acme/{address}").content.decode()
        (said,) = re.findall('<section class="card empty">(.*?)</section>', page)
        assert "<a " not in said
        assert re.search("(editor|analyst), .*can", said, re.IGNORECASE)


def test_the_audit_log_finds_words(owner: Client) -> None:
    assert "ann@acme.example as owner" in owner.get("/w/acme/settings/audit/?q=add+member").content.decode()
    assert "Nothing was found" in owner.get("/w/acme/settings/audit/?q=zebra").content.decode()
