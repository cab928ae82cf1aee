"""Versions of journeys as their texts, journeys that were put away, segments, and evidence of steps."""

from typing import Self, TypedDict

from django.db import models

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment
from nousnous.facts.evidence import EvidenceFound, EvidenceShape
from nousnous.facts.journeys import Journey
from nousnous.journeys.definition import journey_in
from nousnous.journeys.segments import SegmentDefinition, parse_segment
from nousnous.workspaces.models import Workspace


def new_evidence_id() -> str:
    return random_id("ev")


class JourneyVersions(models.QuerySet["JourneyVersion"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def current(self) -> Self:
        """The newest version of each journey."""
        newest = models.OuterRef
        later = self.model.objects.filter(
            workspace=newest("workspace"), journey_id=newest("journey_id"), number__gt=newest("number")
        )
        return self.exclude(models.Exists(later))

    def standing(self) -> Self:
        """Without journeys that were put away."""
        away = Archival.objects.filter(workspace=models.OuterRef("workspace"), journey_id=models.OuterRef("journey_id"))
        return self.exclude(models.Exists(away))


class JourneyVersionShape(TypedDict):
    id: str
    name: str
    version: int
    actor: str
    applied_at: Moment


class JourneyVersion(models.Model):
    """What a journey's text said from one moment on; the newest is current, the older ones stay readable."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="journey_versions")
    journey_id = models.CharField(max_length=120, help_text="Id of the journey, as its text says.")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    text = models.TextField(help_text="The TOML as it was given, with its comments.")
    actor = models.CharField(max_length=200)
    applied_at = models.DateTimeField(default=clock.now)

    objects = JourneyVersions.as_manager()

    class Meta:
        ordering = ("journey_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=["workspace", "journey_id", "number"], name="a_version_has_one_number")
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def journey(self) -> Journey:
        return journey_in(self.text)

    def as_dict(self) -> JourneyVersionShape:
        return {
            "id": self.journey_id,
            "name": self.name,
            "version": self.number,
            "actor": self.actor,
            "applied_at": self.applied_at.isoformat(),
        }


class Archival(models.Model):
    """A journey that was put away: it is in no list and no report, and its versions stay."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    journey_id = models.CharField(max_length=120)
    actor = models.CharField(max_length=200)
    archived_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "journey_id"], name="put_away_once")]

    def __str__(self) -> str:
        return self.journey_id


class SegmentShape(TypedDict):
    name: str
    conditions: str
    actor: str
    changed_at: Moment


class Segment(models.Model):
    """Named conditions on people."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(max_length=120)
    text = models.TextField(help_text="The TOML as it was given.")
    actor = models.CharField(max_length=200)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="a_segment_has_its_own_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def definition(self) -> SegmentDefinition:
        return parse_segment(self.text)

    def as_dict(self) -> SegmentShape:
        return {
            "name": self.name,
            "conditions": self.definition.words,
            "actor": self.actor,
            "changed_at": self.changed_at.isoformat(),
        }


class Evidence(models.Model):
    """A fracture of a step: what we meant, what the customer felt."""

    id = models.CharField(primary_key=True, max_length=32, default=new_evidence_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="evidence")
    journey = models.CharField(max_length=120)
    step = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=500, blank=True)
    moment_us = models.BigIntegerField(null=True, blank=True)
    weight = models.FloatField(default=1.0)
    meant = models.TextField(blank=True)
    felt = models.TextField(blank=True)
    identity_key = models.BigIntegerField(null=True, blank=True, help_text="Whose moment it was; erased with them.")
    noted_by = models.CharField(max_length=200)
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("step", "-weight", "-noted_at", "id")
        indexes = [models.Index(fields=["workspace", "journey", "step"], name="evidence_of_a_step")]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.kind} of {self.step}"

    @property
    def fact(self) -> EvidenceFound:
        return EvidenceFound(
            self.journey,
            self.step,
            self.kind,
            self.reference,
            self.moment_us,
            self.weight,
            self.meant,
            self.felt,
            self.identity_key,
        )

    def as_dict(self) -> EvidenceShape:
        return {
            "id": self.id,
            "journey": self.journey,
            "step": self.step,
            "kind": self.kind,
            "reference": self.reference,
            "moment_us": self.moment_us,
            "weight": self.weight,
            "meant": self.meant,
            "felt": self.felt,
            "noted_by": self.noted_by,
            "noted_at": self.noted_at.isoformat(),
        }


class KeptVisits(models.Model):
    """Up to which number of the lake's commits the kept visits of a journey are right; written last."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    visits_key = models.CharField(max_length=32)
    landed_us = models.BigIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "visits_key"], name="visits_are_kept_once")]
        verbose_name_plural = "kept visits"

    def __str__(self) -> str:
        return f"{self.visits_key} up to {self.landed_us}"
