"""Who may see and send what: workspaces, their members, keys, tokens, one-time addresses and audit log."""

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, models
from django.db.models import Q

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id


def new_workspace_id() -> str:
    return random_id("ws")


def new_write_key() -> str:
    return random_id("wk")


def new_key_id() -> str:
    return random_id("key")


def new_token_id() -> str:
    return random_id("tok")


def new_salt() -> bytes:
    return secrets.token_bytes(32)


def secret_hash(secret: str) -> str:
    """What is stored of a secret of 100 random bits; nobody guesses those, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Workspace(models.Model):
    """One company's data, fully apart from every other's."""

    id = models.CharField(primary_key=True, max_length=32, default=new_workspace_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    salt = models.BinaryField(default=new_salt, editable=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name

    def instant(self, moment: datetime) -> datetime:
        """A moment that somebody wrote: in the workspace's time zone where it names none."""
        return clock.written(moment, self.timezone)


class BrowserConfiguration(models.Model):
    """What parts of the product tell the browsers of a workspace's customers, by the name of the part."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="browsers")
    parts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"browsers of {self.workspace_id}"


def current_workspace(slug: str) -> Workspace:
    """The workspace of that name; Missing when there is none."""
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        raise Missing(f"There is no workspace “{slug}”; `nous workspace list` shows them.")
    return found


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def of_email(self, email: str) -> "User":
        """The user with that address, made when new; without a password until one is chosen."""
        user = self.filter(email=email.lower()).first()
        if user is None:
            user = self.model(email=email.lower())
            user.set_unusable_password()
            user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in; what they may do depends on the workspace."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def save(self, **options: Any) -> None:
        self.email = self.email.lower()
        super().save(**options)

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()


class Members(models.QuerySet["Member"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """The memberships of who asks, with their workspaces; a stranger has none."""
        own = self.filter(user=user) if isinstance(user, User) else self.none()
        return own.select_related("workspace", "user").order_by("workspace__slug")


class Member(models.Model):
    """A user in a workspace, with a role of `roles.ROLES`."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=clock.now)

    objects = Members.as_manager()

    class Meta:
        ordering = ("user__email",)
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="a_user_is_a_member_once")]

    def __str__(self) -> str:
        return f"{self.user.email}, {self.role}"


class WriteKeys(models.QuerySet["WriteKey"]):
    def valid(self) -> Self:
        return self.filter(revoked_at=None)


class WriteKey(models.Model):
    """What a client sends with its events; it can write, and read nothing."""

    id = models.CharField(primary_key=True, max_length=32, default=new_key_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="write_keys")
    key = models.CharField(max_length=200, unique=True, default=new_write_key)
    label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = WriteKeys.as_manager()

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.label or self.key


class ApiTokens(models.QuerySet["ApiToken"]):
    def valid(self) -> Self:
        return self.filter(revoked_at=None).filter(Q(created_by=None) | Q(created_by__is_active=True))

    def of_secret(self, secret: str) -> "ApiToken | None":
        return self.valid().select_related("workspace", "created_by").filter(secret_hash=secret_hash(secret)).first()


class ApiToken(models.Model):
    """A key to the API of one workspace; only its hash is kept."""

    id = models.CharField(primary_key=True, max_length=32, default=new_token_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_tokens")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(max_length=200, blank=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="api_tokens")
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokens.as_manager()

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.label or self.id

    def note_use(self, moment: datetime) -> None:
        """Write down that it was used, once a minute; a disk that is full lets nobody write, and everybody read."""
        if self.last_used_at is None or (moment - self.last_used_at).total_seconds() > 60:
            with suppress(OperationalError):
                ApiToken.objects.filter(pk=self.pk).update(last_used_at=moment)


class SignInAddresses(models.QuerySet["SignInAddress"]):
    def open(self, moment: datetime) -> Self:
        return self.filter(used_at=None, expires_at__gt=moment)


class SignInAddress(models.Model):
    """A one-time address that signs a user in, made by the shell or as an invitation.

    An invitation serves only who has no other way in.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_addresses")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sign_in_addresses")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    invitation = models.BooleanField(default=False)

    objects = SignInAddresses.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"{self.user.email}, until {self.expires_at:%Y-%m-%d %H:%M}"


class AuditEntries(models.QuerySet["AuditEntry"]):
    def having(self, words: str) -> Self:
        """Those with the words in their actor, verb or object; all without words."""
        if not words:
            return self
        return self.filter(Q(actor__icontains=words) | Q(verb__icontains=words) | Q(object__icontains=words))


class AuditEntry(models.Model):
    """Who did, or read, what; written once and never changed."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="audit_entries")
    at = models.DateTimeField(default=clock.now)
    actor = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    object = models.CharField(max_length=300, blank=True)

    objects = AuditEntries.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["workspace", "-at"], name="audit_newest_first")]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.object}".rstrip()
