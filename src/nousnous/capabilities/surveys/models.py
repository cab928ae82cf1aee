"""Surveys as documents with their published versions, and who was asked when."""

from typing import Any, Self, TypedDict

from django.db import models
from django.db.models import Q

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment
from nousnous.capabilities.surveys.measures.definition import Survey as Definition
from nousnous.capabilities.surveys.measures.definition import parse_survey
from nousnous.workspaces.models import Workspace


def new_survey_token() -> str:
    return random_id("survey")


def new_asking_id() -> str:
    return random_id("ask")


class SurveyShape(TypedDict):
    id: str
    name: str
    state: str
    version: int | None
    unpublished: bool
    actor: str
    changed_at: Moment
    closed_at: Moment | None


class Survey(models.Model):
    """A survey as it is being written; what was published stands in its versions."""

    token = models.CharField(
        primary_key=True, max_length=40, default=new_survey_token, help_text="Names it in its open link."
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="surveys")
    survey_id = models.CharField(max_length=60, help_text="Id of the survey, as its document says.")
    name = models.CharField(max_length=200)
    text = models.TextField(help_text="The document (JSON) as it was last saved.")
    actor = models.CharField(max_length=200)
    changed_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "survey_id")
        constraints = [models.UniqueConstraint(fields=["workspace", "survey_id"], name="a_survey_has_its_own_id")]

    def __str__(self) -> str:
        return self.name

    @property
    def definition(self) -> Definition:
        return parse_survey(self.text)

    @property
    def published(self) -> "SurveyVersion | None":
        """The newest version, which is what new people are asked."""
        return self.versions.first()

    @property
    def state(self) -> str:
        if self.published is None:
            return "draft"
        return "closed" if self.closed_at else "open"

    def as_dict(self) -> SurveyShape:
        version = self.published
        return {
            "id": self.survey_id,
            "name": self.name,
            "state": self.state,
            "version": version.number if version else None,
            "unpublished": version is None or version.text != self.text,
            "actor": self.actor,
            "changed_at": self.changed_at.isoformat(),
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
        }


class SurveyVersionShape(TypedDict):
    version: int
    actor: str
    published_at: Moment


class SurveyVersion(models.Model):
    """What a survey asked from one moment on; answers stay with the version that was seen."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    actor = models.CharField(max_length=200)
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("survey", "-number")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="a_survey_version_has_one_number")]

    def __str__(self) -> str:
        return f"{self.survey_id}, version {self.number}"

    @property
    def definition(self) -> Definition:
        return parse_survey(self.text)

    def as_dict(self) -> SurveyVersionShape:
        return {"version": self.number, "actor": self.actor, "published_at": self.published_at.isoformat()}


class Askings(models.QuerySet["Asking"]):
    def of_people(self, workspace: Workspace, identity_keys: Any) -> Self:
        return self.filter(Q(identity_key__in=list(identity_keys)) | Q(anonymous_key__in=list(identity_keys))).filter(
            workspace=workspace
        )


class Asking(models.Model):
    """That somebody was asked: by which way, how far they came. Of an anonymous survey only that and on which day."""

    id = models.CharField(primary_key=True, max_length=40, default=new_asking_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="askings")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="askings")
    key = models.CharField(max_length=200, null=True, blank=True, help_text="Asked again under it, nobody is.")
    version = models.PositiveIntegerField()
    way = models.CharField(max_length=12)
    relationship = models.BooleanField(default=False)
    identity_key = models.BigIntegerField(null=True, blank=True)
    anonymous_key = models.BigIntegerField(null=True, blank=True)
    user_id = models.CharField(max_length=500, blank=True)
    anonymous_id = models.CharField(max_length=500, blank=True)
    session_id = models.CharField(max_length=200, blank=True)
    screen = models.CharField(max_length=500, blank=True)
    moment_us = models.BigIntegerField(null=True, blank=True)
    position = models.CharField(max_length=60, blank=True, help_text="The question that comes next.")
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    objects = Askings.as_manager()

    class Meta:
        ordering = ("asked_at", "id")
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="asked_once_under_a_key")]
        indexes = [
            models.Index(fields=["workspace", "identity_key"], name="askings_of_a_person"),
            models.Index(fields=["workspace", "anonymous_key"], name="askings_of_a_browser"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} by {self.way}"

    def as_dict(self) -> dict[str, Any]:
        times = {name: getattr(self, name) for name in ("asked_at", "answered_at", "finished_at", "dismissed_at")}
        return {
            "survey": self.survey.survey_id,
            "way": self.way,
            "user_id": self.user_id or None,
            "anonymous_id": self.anonymous_id or None,
            "screen": self.screen or None,
            **{name: moment.isoformat() if moment else None for name, moment in times.items()},
        }
