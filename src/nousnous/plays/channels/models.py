"""Where a workspace lets things out, and what went out under which key."""

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
