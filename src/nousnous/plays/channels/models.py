"""Where a workspace lets things out, and what went out under which key."""

from collections.abc import Iterable
from typing import Self

from django.db import models

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.plays.channels.sealing import opened, sealed
from nousnous.workspaces.models import Workspace


def new_channel_id() -> str:
    return random_id("chan")


class Channels(models.QuerySet["Channel"]):
    def named(self, workspace: Workspace, name: str) -> "Channel":
        found = self.filter(workspace=workspace, name=name).first()
        if found is None:
            raise Missing(f"There is no channel “{name}” here; `nous channel list` shows them.")
        return found

    def of_kind(self, workspace_id: str, kind: str) -> Self:
        return self.filter(workspace_id=workspace_id, kind=kind)


class Channel(models.Model):
    """One connection; its secrets are sealed, and nothing but the call they are for opens them."""

    id = models.CharField(primary_key=True, max_length=32, default=new_channel_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    told = models.JSONField(default=dict, help_text="What everybody may see: a channel, a project, an address.")
    seal = models.BinaryField(editable=False)
    connected_at = models.DateTimeField(default=clock.now)
    connected_by = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True, blank=True, help_text="When the other side last took something.")
    trouble = models.CharField(max_length=500, blank=True, help_text="Why it takes nothing any more.")
    trouble_at = models.DateTimeField(null=True, blank=True)

    objects = Channels.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="a_channel_has_its_own_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"

    @property
    def secrets(self) -> dict[str, str]:
        return opened(bytes(self.seal))

    def keep(self, secrets: dict[str, str]) -> None:
        self.seal = sealed(secrets)


class Sent(models.Model):
    """Something that was begun to be sent under a key; `reference` names it on the other side once it is known there.

    Begun and without a reference, the other side may have it: it is looked for there before it is sent again.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="sent")
    key = models.CharField(max_length=200)
    reference = models.CharField(max_length=300, blank=True)
    begun_at = models.DateTimeField(default=clock.now)
    taken_by = models.CharField(max_length=200, blank=True, help_text="Who pressed the button that says: I take this.")

    class Meta:
        ordering = ("-begun_at", "-id")
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="a_key_is_sent_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.reference or 'begun'}"


class PushSubscriptions(models.QuerySet["PushSubscription"]):
    def of_people(self, workspace: Workspace, identity_keys: Iterable[int]) -> Self:
        return self.filter(workspace=workspace, identity_key__in=list(identity_keys))


class PushSubscription(models.Model):
    """A browser that takes push messages: where its service stands, and the keys by which it alone reads them."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="push_subscriptions")
    identity_key = models.BigIntegerField(help_text="Whose browser; erased with them.")
    endpoint = models.TextField()
    public_key = models.CharField(max_length=200)
    secret = models.CharField(max_length=100)
    made_at = models.DateTimeField(default=clock.now)

    objects = PushSubscriptions.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["workspace", "endpoint"], name="a_browser_takes_push_messages_once")
        ]
        indexes = [models.Index(fields=["workspace", "identity_key"], name="push_of_an_identity")]

    def __str__(self) -> str:
        return f"{self.endpoint[:60]}"

    def as_dict(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "made_at": self.made_at.isoformat()}


class PageMessages(models.QuerySet["PageMessage"]):
    def of_people(self, workspace: Workspace, identity_keys: Iterable[int]) -> Self:
        return self.filter(workspace=workspace, identity_key__in=list(identity_keys))

    def waiting(self, workspace: Workspace, identity_key: int) -> Self:
        rows = self.filter(workspace=workspace, identity_key=identity_key)
        return rows.filter(shown_at=None, until__gt=clock.now()).order_by("pk")


class PageMessage(models.Model):
    """What a play left for one identity of a person, to be shown on the next page that they open, once."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="page_messages")
    key = models.CharField(max_length=200)
    identity_key = models.BigIntegerField(help_text="Whose browser; erased with them.")
    title = models.TextField()
    text = models.TextField()
    button = models.TextField(blank=True)
    address = models.TextField(blank=True)
    until = models.DateTimeField(help_text="When it is over, shown or not.")
    shown_at = models.DateTimeField(null=True, blank=True)

    objects = PageMessages.as_manager()

    class Meta:
        ordering = ("-until", "-id")
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key", "identity_key"], name="a_message_is_left_once")
        ]
        indexes = [models.Index(fields=["workspace", "identity_key"], name="messages_of_an_identity")]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    def as_dict(self) -> dict[str, str | None]:
        return {
            "key": self.key,
            "title": self.title,
            "text": self.text,
            "button": self.button,
            "address": self.address,
            "until": self.until.isoformat(),
            "shown_at": self.shown_at.isoformat() if self.shown_at else None,
        }
