"""Plays in their versions, what each did for whom, and up to where the events were looked through."""

from datetime import datetime
from typing import Any, Self, TypedDict

from django.db import models

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment
from nousnous.plays.definition import Play as Definition
from nousnous.plays.definition import parse_play
from nousnous.workspaces.models import Workspace


def new_firing_id() -> str:
    return random_id("fire")


class PlayShape(TypedDict):
    id: str
    name: str
    on: bool
    version: int
    actor: str
    applied_at: Moment


class Play(models.Model):
    """A play under its id; it fires only while it is on."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="plays")
    play_id = models.CharField(max_length=60, help_text="Id of the play, as its text says.")
    name = models.CharField(max_length=200)
    on = models.BooleanField(default=False)

    class Meta:
        ordering = ("name", "play_id")
        constraints = [models.UniqueConstraint(fields=["workspace", "play_id"], name="a_play_has_its_own_id")]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "PlayVersion":
        """The newest version; every play has one."""
        return self.versions.order_by("-number")[0]

    def as_dict(self) -> PlayShape:
        version = self.current
        return {
            "id": self.play_id,
            "name": self.name,
            "on": self.on,
            "version": version.number,
            "actor": version.actor,
            "applied_at": version.applied_at.isoformat(),
        }


class PlayVersion(models.Model):
    """What a play's text said from one moment on."""

    play = models.ForeignKey(Play, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(help_text="The TOML as it was given, with its comments.")
    actor = models.CharField(max_length=200)
    applied_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["play", "number"], name="a_play_version_has_one_number")]

    def __str__(self) -> str:
        return f"{self.play}, version {self.number}"

    @property
    def definition(self) -> Definition:
        return parse_play(self.text)


class Firings(models.QuerySet["Firing"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(play__workspace=workspace)

    def of_people(self, workspace: Workspace, identity_keys: Any) -> Self:
        return self.of(workspace).filter(identity_key__in=list(identity_keys))

    def acted_since(self, workspace: Workspace, instant: datetime) -> Self:
        """Those that reached somebody since an instant, or are about to."""
        return self.of(workspace).filter(state__in=(Firing.ACTING, Firing.ACTED), decided_at__gt=instant)


class FiringShape(TypedDict):
    id: str
    play: str
    version: int
    person: str
    event: str
    moment: Moment
    state: str
    arm: str | None
    said: str
    due_at: Moment
    decided_at: Moment | None
    opened_at: Moment | None
    clicked_at: Moment | None


class Firing(models.Model):
    """One event that pulled the trigger of one play: why, for whom, what was done and what came of it."""

    WAITING, ACTING, ACTED = "waiting", "acting", "acted"
    HELD_OUT, LEFT_OUT, CANCELLED, FAILED = "held out", "left out", "cancelled", "failed"

    id = models.CharField(primary_key=True, max_length=32, default=new_firing_id, editable=False)
    play = models.ForeignKey(Play, on_delete=models.CASCADE, related_name="firings")
    version = models.PositiveIntegerField()
    message_key = models.BigIntegerField(
        help_text="What pulled the trigger: the key of an event in the lake, or of a fact."
    )
    identity_key = models.BigIntegerField(null=True, help_text="Who did it, if anybody; erased with them.")
    cost_cents = models.PositiveBigIntegerField(default=0, help_text="What it takes of the play's budget.")
    person = models.CharField(max_length=500, help_text="Their id, as the event bears it.")
    event = models.CharField(max_length=300, help_text="Name of the event or the fact, or: schedule, threshold.")
    details = models.JSONField(null=True, help_text="What a fact said; null of an event, which the lake keeps.")
    moment_us = models.BigIntegerField()
    state = models.CharField(max_length=10, default=WAITING)
    arm = models.CharField(max_length=60, blank=True, help_text="The arm of the play's experiment that they are in.")
    said = models.TextField(blank=True, help_text="What came of it, in sentences.")
    references = models.JSONField(default=list, help_text="What the other side calls what was done.")
    pulled_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True, help_text="When they opened its mail first, where they let us see it.")
    clicked_at = models.DateTimeField(null=True, help_text="When they followed its button first, the same.")

    objects = Firings.as_manager()

    class Meta:
        ordering = ("-pulled_at", "id")
        constraints = [models.UniqueConstraint(fields=["play", "message_key"], name="an_event_pulls_a_trigger_once")]
        indexes = [models.Index(fields=["identity_key", "state"], name="firings_of_a_person")]

    def __str__(self) -> str:
        return f"{self.play} for {self.person}: {self.state}"

    @property
    def moment(self) -> datetime:
        return clock.from_us(self.moment_us)

    def as_dict(self) -> FiringShape:
        return {
            "id": self.id,
            "play": self.play.play_id,
            "version": self.version,
            "person": self.person,
            "event": self.event,
            "moment": self.moment.isoformat(),
            "state": self.state,
            "arm": self.arm or None,
            "said": self.said,
            "due_at": self.due_at.isoformat(),
            "decided_at": self.decided_at.isoformat() if self.decided_at else None,
            "opened_at": self.opened_at.isoformat() if self.opened_at else None,
            "clicked_at": self.clicked_at.isoformat() if self.clicked_at else None,
        }


class Reading(models.Model):
    """Up to which number of the lake's commits the events of a workspace were looked through for triggers."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE)
    landed_us = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.workspace_id} up to {self.landed_us}"


class Watch(models.Model):
    """What a play that waits for a metric saw when it looked last, and whether that lay beyond its value."""

    play = models.OneToOneField(Play, on_delete=models.CASCADE, related_name="watch")
    threshold = models.TextField(help_text="What it waits for, so that another threshold is looked at anew.")
    passed = models.BooleanField(default=False)
    until_us = models.BigIntegerField(help_text="Where the days end that it saw.")
    seen = models.JSONField(help_text="The estimate.")
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.play} up to {self.until_us}"

    @property
    def until(self) -> datetime:
        return clock.from_us(self.until_us)

    @property
    def sentence(self) -> str:
        """What it saw, in words."""
        threshold = self.play.current.definition.trigger.threshold
        return threshold.seen(self.seen) if threshold else ""
