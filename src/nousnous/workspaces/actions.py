"""The verbs of tenancy: make workspaces, members, keys, tokens and one-time addresses; note who did what."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.base.ids import random_id
from nousnous.base.mentions import Mentions
from nousnous.base.timezones import timezone_names
from nousnous.workspaces.access import Access
from nousnous.workspaces.models import (
    ApiToken,
    AuditEntry,
    Member,
    SignInAddress,
    User,
    Workspace,
    WriteKey,
    new_write_key,
    secret_hash,
)
from nousnous.workspaces.naming import perhaps_naming
from nousnous.workspaces.roles import checked_role, checked_scopes

SHELL = "shell"
OBJECT_LETTERS = 300
ADDRESS_LIFE = timedelta(hours=24)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """A workspace with its first keys; the token's text is shown this once."""

    workspace: Workspace
    write_key: str
    api_token: str


@dataclass(frozen=True, slots=True)
class WorkspaceProfile:
    """What is said of a workspace when it is made."""

    slug: str
    name: str = ""
    timezone: str = "UTC"
    currency: str = "USD"


def audit(workspace: Workspace, actor: str, verb: str, target: str = "") -> AuditEntry:
    """Note in the audit log that an actor did or read something (`read person`, `revoke key`)."""
    return AuditEntry.objects.create(
        workspace=workspace, actor=actor[:200], verb=verb[:60], object=target[:OBJECT_LETTERS]
    )


def audit_everywhere(user: User, verb: str, target: str = "") -> None:
    """Note in each workspace of a user what concerns all of them, such as signing in."""
    for member in Member.objects.filter(user=user).select_related("workspace"):
        audit(member.workspace, user.email, verb, target)


def check_profile(profile: WorkspaceProfile) -> None:
    if not SLUG.fullmatch(profile.slug):
        raise Refused(f"“{profile.slug}” is no slug: use small letters, digits and dashes, at most 50.")
    if profile.timezone not in timezone_names():
        raise Refused(f"“{profile.timezone}” is no time zone; write one such as Europe/Paris.")
    if not CURRENCY.fullmatch(profile.currency):
        raise Refused(f"“{profile.currency}” is no currency; write its three letters, such as USD.")


@transaction.atomic
def create_workspace(profile: WorkspaceProfile, write_key: str | None = None, actor: str = SHELL) -> NewWorkspace:
    """Make a workspace with one write key and one API token that may everything."""
    check_profile(profile)
    if Workspace.objects.filter(slug=profile.slug).exists():
        raise Conflict(f"There is a workspace “{profile.slug}” already; choose another slug.")
    workspace = Workspace.objects.create(
        slug=profile.slug,
        name=profile.name or profile.slug.replace("-", " ").capitalize(),
        timezone=profile.timezone,
        currency=profile.currency,
    )
    key = create_key(workspace, label="first", key=write_key, actor=actor)
    _, secret = create_token(workspace, label="first", actor=actor)
    audit(workspace, actor, "create workspace", workspace.slug)
    return NewWorkspace(workspace, key.key, secret)


def create_key(workspace: Workspace, *, label: str = "", key: str | None = None, actor: str = SHELL) -> WriteKey:
    """Make a write key; a given one must be free in the whole installation, or events would go astray."""
    text = key or new_write_key()
    if not text.isascii() or not text.isprintable() or " " in text or ":" in text or len(text) > 200:
        raise Refused("A write key is up to 200 letters, digits and signs, without spaces and colons.")
    if WriteKey.objects.filter(key=text).exists():
        raise Conflict("That write key is taken; give another, or none to have one made.")
    made = WriteKey.objects.create(workspace=workspace, label=label, key=text)
    audit(workspace, actor, "create key", made.id)
    return made


def revoke_key(workspace: Workspace, key: str, actor: str = SHELL) -> WriteKey:
    """Revoke a write key, named by its id or its text; clients that send it are answered 401."""
    rows = WriteKey.objects.filter(workspace=workspace)
    found = rows.filter(id=key).first() or rows.filter(key=key).first()
    if found is None:
        raise Missing(f"“{workspace.slug}” has no write key “{key}”; `nous key list` shows them.")
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        found.save(update_fields=["revoked_at"])
        audit(workspace, actor, "revoke key", found.id)
    return found


def create_token(
    workspace: Workspace,
    *,
    label: str = "",
    scopes: Iterable[str] = (),
    created_by: User | None = None,
    actor: str = SHELL,
) -> tuple[ApiToken, str]:
    """Make an API token; its text is answered here and never again."""
    secret = random_id("nous")
    token = ApiToken.objects.create(
        workspace=workspace,
        secret_hash=secret_hash(secret),
        label=label,
        scopes=checked_scopes(scopes),
        created_by=created_by,
    )
    audit(workspace, actor, "create token", token.id)
    return token, secret


def revoke_token(workspace: Workspace, token_id: str, actor: str = SHELL) -> ApiToken:
    found = ApiToken.objects.filter(workspace=workspace, id=token_id).first()
    if found is None:
        raise Missing(f"“{workspace.slug}” has no API token “{token_id}”; `nous token list` shows them.")
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        found.save(update_fields=["revoked_at"])
        audit(workspace, actor, "revoke token", found.id)
    return found


@transaction.atomic
def add_member(workspace: Workspace, email: str, role: str | None = None, actor: str = SHELL) -> Member:
    """Make somebody a member, or give a member another role; the first member is the owner, others see only."""
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(f"“{email}” is no e-mail address.") from None
    user = User.objects.of_email(email)
    member = Member.objects.filter(workspace=workspace, user=user).first()
    if member is not None:
        return member if role is None or role == member.role else change_role(member, role, actor)
    chosen = checked_role(role or ("viewer" if workspace.members.exists() else "owner"))
    member = Member.objects.create(workspace=workspace, user=user, role=chosen)
    audit(workspace, actor, "add member", f"{user.email} as {chosen}")
    return member


@transaction.atomic
def change_role(member: Member, role: str, actor: str) -> Member:
    _keep_an_owner(member, checked_role(role))
    member.role = role
    member.save(update_fields=["role"])
    audit(member.workspace, actor, "change role", f"{member.user.email} to {role}")
    return member


@transaction.atomic
def remove_member(member: Member, actor: str) -> None:
    """End a membership, and revoke the tokens that its user made in the workspace."""
    _keep_an_owner(member, None)
    for token in ApiToken.objects.valid().filter(workspace=member.workspace, created_by=member.user):
        revoke_token(member.workspace, token.id, actor)
    audit(member.workspace, actor, "remove member", member.user.email)
    member.delete()


@transaction.atomic
def invite(access: Access, email: str, role: str) -> tuple[Member, str | None]:
    """Make somebody a member; answers a one-time secret if they never had another way in.

    Who can already sign in elsewhere gets none: it would hand their other workspaces to the member who invites.
    """
    _only_owners_make_owners(access, checked_role(role))
    if Member.objects.filter(workspace=access.workspace, user__email=email.lower()).exists():
        raise Conflict(f"{email.lower()} is a member already; change the role in the list.")
    member = add_member(access.workspace, email, role, access.actor)
    if _has_another_way_in(member.user, access.workspace):
        return member, None
    _, secret = create_sign_in_address(member, access.actor, invitation=True)
    return member, secret


def change_role_as(access: Access, member: Member, role: str) -> Member:
    _only_owners_make_owners(access, role)
    _only_owners_make_owners(access, member.role)
    return change_role(member, role, access.actor)


def remove_member_as(access: Access, member: Member) -> None:
    _only_owners_make_owners(access, member.role)
    remove_member(member, access.actor)


def create_token_as(access: Access, label: str, scopes: Iterable[str]) -> tuple[ApiToken, str]:
    """Make a token that may no more than who asks for it."""
    wanted = checked_scopes(scopes)
    for word in wanted:
        access.require(word)
    return create_token(access.workspace, label=label, scopes=wanted, created_by=access.user, actor=access.actor)


def _only_owners_make_owners(access: Access, role: str) -> None:
    if role == "owner" and access.role != "owner":
        raise Refused("Only an owner makes and removes owners.")


def _has_another_way_in(user: User, workspace: Workspace) -> bool:
    return (
        user.has_usable_password()
        or user.last_login is not None
        or Member.objects.filter(user=user).exclude(workspace=workspace).exists()
    )


def _keep_an_owner(member: Member, role: str | None) -> None:
    others = Member.objects.filter(workspace=member.workspace, role="owner").exclude(pk=member.pk)
    if member.role == "owner" and role != "owner" and not others.exists():
        raise Refused("A workspace keeps at least one owner; make somebody else owner first.")


def create_sign_in_address(
    member: Member, actor: str = SHELL, *, invitation: bool = False
) -> tuple[SignInAddress, str]:
    """Make an address that signs a member in once within 24 hours; answers the record and its secret."""
    secret = random_id("once")
    address = SignInAddress.objects.create(
        user=member.user,
        workspace=member.workspace,
        secret_hash=secret_hash(secret),
        invitation=invitation,
        expires_at=clock.now() + ADDRESS_LIFE,
    )
    audit(member.workspace, actor, "create sign-in address", member.user.email)
    return address, secret


@transaction.atomic
def use_sign_in_address(secret: str) -> SignInAddress:
    """Spend a one-time address; of two who try, one gets in."""
    moment = clock.now()
    rows = SignInAddress.objects.open(moment).filter(secret_hash=secret_hash(secret))
    address = rows.select_related("user", "workspace").first()
    spent = address is None or (address.invitation and _has_another_way_in(address.user, address.workspace))
    if address is None or spent or not address.user.is_active or not rows.update(used_at=moment):
        raise Missing("This sign-in address was used or has expired; ask for another.")
    audit(address.workspace, address.user.email, "use sign-in address")
    return address


def forget_spent_addresses() -> int:
    """Delete one-time addresses that nobody can use any more."""
    gone: int = SignInAddress.objects.filter(expires_at__lt=clock.now() - ADDRESS_LIFE).delete()[0]
    return gone


def take_out_of_audit(workspace: Workspace, mentions: Mentions) -> int:
    """Take ids out of what the audit log says was done or read; answers how many entries."""
    cut = mentions.cut_at(OBJECT_LETTERS)
    named = perhaps_naming(AuditEntry.objects.filter(workspace=workspace), cut, "object")
    told = [(entry.pk, cut.without(entry.object)) for entry in named if cut.stand_in(entry.object)]
    return sum(AuditEntry.objects.filter(pk=pk).update(object=text[:OBJECT_LETTERS]) for pk, text in told)


def forget_audit(workspace: Workspace, before_at: datetime) -> int:
    """Delete the entries of the audit log that are older than an instant; returns how many."""
    gone: int = AuditEntry.objects.filter(workspace=workspace, at__lt=before_at).delete()[0]
    return gone
