"""Which scorers judge the messages of a workspace, what members judged themselves, and which tools deliver live."""

from django.db import models

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.capabilities.language.measures.qualities import SENTIMENT
from nousnous.capabilities.language.measures.sentiment import VERSION
from nousnous.plays.channels.sealing import opened, sealed
from nousnous.workspaces.models import Workspace


def new_hook_id() -> str:
    return random_id("hook")


class Scorer(models.Model):
    """The scorer that a workspace has pinned for a quality: a newer release scores on with it until somebody switches.

    `since` marks the trend: all history is scored by it, and what was said of gaps before was by another.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    quality = models.CharField(max_length=20, default=SENTIMENT.name)
    version = models.CharField(max_length=60)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "quality"], name="a_quality_has_one_scorer")]

    def __str__(self) -> str:
        return f"{self.version} of {self.workspace_id}"


def pinned_scorer(workspace: Workspace) -> str:
    """The version that judges how messages of a workspace sound; the first use pins the one of this release."""
    kept = {"workspace": workspace, "quality": SENTIMENT.name}
    return Scorer.objects.get_or_create(**kept, defaults={"version": VERSION})[0].version


class Label(models.Model):
    """What a member judged of a message; its text stays with the message. `value` None: they could not tell."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    quality = models.CharField(max_length=20)
    message_key = models.BigIntegerField()
    identity_key = models.BigIntegerField()
    value = models.FloatField(null=True)
    labelled_by = models.CharField(max_length=200)
    labelled_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "quality", "message_key"], name="a_message_has_one_label")
        ]

    def __str__(self) -> str:
        return f"{self.quality} {self.value} of {self.workspace_id}"


class Head(models.Model):
    """A scorer that was learned from labels of a workspace; none is changed.

    `report` says how well it agrees with labels that it has not seen, beside the scorer that was pinned then.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    quality = models.CharField(max_length=20)
    base = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    weights = models.BinaryField(editable=False)
    learned_from = models.IntegerField()
    learned_at = models.DateTimeField(default=clock.now)
    report = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "version"], name="a_head_has_its_own_version")]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.version} of {self.workspace_id}"


class Switch(models.Model):
    """A decision for another scorer: who, when and why. Until all history is scored by it, the one before stands.

    A newer decision ends one that is not finished.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    quality = models.CharField(max_length=20)
    version_before = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=60)
    actor = models.CharField(max_length=200)
    reason = models.TextField()
    decided_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    replaced = models.BooleanField(default=False)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.version} for {self.workspace_id}"


def scorers_wanted(workspace: Workspace) -> dict[str, str]:
    """All versions whose scores are wanted, each with its quality: those pinned, and those that are to follow."""
    pinned_scorer(workspace)
    pinned = Scorer.objects.filter(workspace=workspace).values_list("version", "quality")
    coming = Switch.objects.filter(workspace=workspace, finished_at=None, replaced=False)
    return {**dict(pinned), **dict(coming.values_list("version", "quality"))}


def switches_of(workspace: Workspace) -> tuple[Switch, ...]:
    """The decisions about the scorer of sentiment that stand, the newest first."""
    return tuple(Switch.objects.filter(workspace=workspace, quality=SENTIMENT.name, replaced=False)[:20])


def empathy_scorers(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """The parts of empathy for which a scorer is pinned, each with its version."""
    pinned = Scorer.objects.filter(workspace=workspace).exclude(quality=SENTIMENT.name)
    return tuple(pinned.order_by("pk").values_list("quality", "version"))


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
