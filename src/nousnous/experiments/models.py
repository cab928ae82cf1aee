"""Versions of experiments as their texts, the slices that they take of their groups, and early ends."""

from typing import Self, TypedDict

from django.db import models

from nousnous.base import clock
from nousnous.base.shapes import Moment
from nousnous.experiments.definition import ExperimentDefinition, parse_experiment
from nousnous.experiments.fixes import FixDefinition, parse_fix
from nousnous.workspaces.models import Workspace


class ExperimentVersions(models.QuerySet["ExperimentVersion"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def current(self) -> Self:
        """The newest version of each experiment."""
        newest = models.OuterRef
        later = self.model.objects.filter(
            workspace=newest("workspace"), experiment_id=newest("experiment_id"), number__gt=newest("number")
        )
        return self.exclude(models.Exists(later))


class ExperimentVersionShape(TypedDict):
    id: str
    name: str
    version: int
    actor: str
    applied_at: Moment


class ExperimentVersion(models.Model):
    """What an experiment's text said from one moment on; the newest is current, the older ones stay readable."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="experiments")
    experiment_id = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    text = models.TextField(help_text="The TOML as it was given, with its comments.")
    actor = models.CharField(max_length=200)
    applied_at = models.DateTimeField(default=clock.now)

    objects = ExperimentVersions.as_manager()

    class Meta:
        ordering = ("experiment_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=["workspace", "experiment_id", "number"], name="an_experiment_counts_up")
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def definition(self) -> ExperimentDefinition:
        return parse_experiment(self.text)

    def as_dict(self) -> ExperimentVersionShape:
        return {
            "id": self.experiment_id,
            "name": self.name,
            "version": self.number,
            "actor": self.actor,
            "applied_at": self.applied_at.isoformat(),
        }


class Slice(models.Model):
    """The part of a group's people that an experiment takes, [low, high) of 0 to 1: nobody is in two of one group."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    experiment_id = models.CharField(max_length=120)
    group = models.CharField(max_length=120)
    low = models.FloatField()
    high = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "experiment_id"], name="one_slice_an_experiment")]

    def __str__(self) -> str:
        return f"{self.experiment_id}: {self.low} to {self.high} of {self.group}"


class Ending(models.Model):
    """An experiment that was ended before its time: nobody is assigned any more."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    experiment_id = models.CharField(max_length=120)
    actor = models.CharField(max_length=200)
    ended_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "experiment_id"], name="ended_once")]

    def __str__(self) -> str:
        return self.experiment_id


class FixShape(TypedDict):
    id: str
    name: str
    journey: str
    step: str
    actor: str
    changed_at: Moment


class Fix(models.Model):
    """What was changed at a step, when it was chosen, and when it shipped."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="fixes")
    fix_id = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    journey = models.CharField(max_length=120)
    step = models.CharField(max_length=120)
    text = models.TextField(help_text="The TOML as it was given.")
    actor = models.CharField(max_length=200)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-changed_at", "fix_id")
        constraints = [models.UniqueConstraint(fields=["workspace", "fix_id"], name="a_fix_has_its_own_id")]
        verbose_name_plural = "fixes"

    def __str__(self) -> str:
        return self.name

    @property
    def definition(self) -> FixDefinition:
        return parse_fix(self.text)

    def as_dict(self) -> FixShape:
        return {
            "id": self.fix_id,
            "name": self.name,
            "journey": self.journey,
            "step": self.step,
            "actor": self.actor,
            "changed_at": self.changed_at.isoformat(),
        }
