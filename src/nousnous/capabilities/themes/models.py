"""Themes as they stand, and up to which answers they were found."""

from typing import TypedDict

from django.db import models
from django.db.models import Q

from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.base.shapes import shaped
from nousnous.workspaces.models import Workspace


def new_theme_id() -> str:
    return random_id("theme")


class ThemeQuerySet(models.QuerySet["Theme"]):
    def of(self, workspace: Workspace) -> "ThemeQuerySet":
        return self.filter(workspace=workspace)

    def arranged(self) -> "ThemeQuerySet":
        """Those that a member touched: they stay, and others are found beside them."""
        return self.filter(Q(pinned=True) | Q(renamed=True) | ~Q(parent=None) | ~Q(children=None)).distinct()

    def named(self, workspace: Workspace, theme_id: str) -> "Theme":
        found = self.of(workspace).filter(pk=theme_id).first()
        if found is None:
            raise Missing(f"There is no theme “{theme_id[:60]}” in this workspace.")
        return found


class ThemeShape(TypedDict):
    id: str
    name: str
    method: str
    words: dict[str, float]
    reach: float
    pinned: bool
    renamed: bool
    parent: str | None


class FiledThemeShape(ThemeShape):
    center: list[float]
    closeness: float


WORDS = "words"
"""The method by shared words; any other method is the version of a model of meanings."""


class Theme(models.Model):
    """What answers are about: words with weights, and how near an answer must be to them.

    One that a model of meanings found has a center besides, the mean of its first members' vectors; no vector of an
    answer is kept. A theme with a parent was merged into it: its answers are the parent's, too.
    """

    id = models.CharField(primary_key=True, max_length=40, default=new_theme_id)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(max_length=80)
    words = models.JSONField(default=dict)
    reach = models.FloatField()
    method = models.CharField(max_length=40, default=WORDS)
    center = models.JSONField(default=list)
    closeness = models.FloatField(default=0.0)
    pinned = models.BooleanField(default=False)
    renamed = models.BooleanField(default=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    def as_dict(self) -> ThemeShape:
        return shaped(ThemeShape, self, parent=self.parent_id)

    def as_filed(self) -> FiledThemeShape:
        return shaped(FiledThemeShape, self, parent=self.parent_id)


class Finding(models.Model):
    """Up to which version of the answers themes were found, by which method, and which one came before and until when.

    All answers are sorted anew by a new method, so no figure mixes two.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    scores_version = models.BigIntegerField()
    answers = models.PositiveIntegerField()
    found_at = models.DateTimeField()
    method = models.CharField(max_length=40, default=WORDS)
    method_before = models.CharField(max_length=40, default="", blank=True)
    switched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.answers} answers"
