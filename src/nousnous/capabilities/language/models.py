"""Which scorer judges the messages of a workspace."""

from django.db import models

from nousnous.base import clock
from nousnous.capabilities.language.measures.sentiment import VERSION
from nousnous.workspaces.models import Workspace


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
