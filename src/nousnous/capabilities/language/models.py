"""Which scorer judges the messages of a workspace, and which tools deliver messages live."""

from django.db import models

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.capabilities.language.measures.sentiment import VERSION
from nousnous.plays.channels.sealing import opened, sealed
from nousnous.workspaces.models import Workspace


def new_hook_id() -> str:
    return random_id("hook")


class Scorer(models.Model):
    """The scorer that a workspace has pinned: a newer version of the product scores on with it until somebody switches.

    `since` marks the trend: all history is scored by it, and what was said of gaps before was by another.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=60)
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.version} of {self.workspace_id}"


def pinned_scorer(workspace: Workspace) -> str:
    """The version that scores the messages of a workspace; the first use pins the one of this release."""
    return Scorer.objects.get_or_create(workspace=workspace, defaults={"version": VERSION})[0].version


class Hook(models.Model):
    """A tool that delivers messages live; the secret that it signs with is sealed."""

    id = models.CharField(primary_key=True, max_length=32, default=new_hook_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    tool = models.CharField(max_length=20)
    seal = models.BinaryField(editable=False)
    connected_at = models.DateTimeField(default=clock.now)
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "tool"], name="a_tool_delivers_to_one_hook")]

    def __str__(self) -> str:
        return f"{self.tool} of {self.workspace_id}"

    @property
    def secret(self) -> str:
        return opened(bytes(self.seal))["secret"]

    def keep(self, secret: str) -> None:
        self.seal = sealed({"secret": secret})
