"""Phrases by their keys, and the wordings of each in versions."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.workspaces.models import Workspace


def new_phrase_id() -> str:
    return random_id("phrase")


class Phrases(models.QuerySet["Phrase"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def holding(self, workspace: Workspace, text: str) -> Self:
        """Those that hold a text in their key, their jargon or a wording; all of them for none."""
        within = Q(key__icontains=text) | Q(jargon__icontains=text) | Q(wordings__plain__icontains=text)
        return self.of(workspace).filter(within).distinct() if text else self.of(workspace)

    def named(self, workspace: Workspace, key: str) -> "Phrase":
        found = self.of(workspace).filter(key=key).first()
        if found is None:
            raise Missing(f"There is no phrase “{key}” in this workspace.")
        return found


class Phrase(models.Model):
    """One thing that is said, under the key by which programs ask for it.

    `tone` and `locale` are those that are served where a program asks for none, or for one that is not there.
    """

    id = models.CharField(primary_key=True, max_length=40, default=new_phrase_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="phrases")
    key = models.CharField(max_length=100)
    jargon = models.TextField(blank=True, help_text="How we say it among ourselves.")
    used_in = models.TextField(blank=True, help_text="Where it stands.")
    tone = models.CharField(max_length=40, blank=True)
    locale = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = Phrases.as_manager()

    class Meta:
        ordering = ("key",)
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="a_phrase_has_its_own_key")]

    def __str__(self) -> str:
        return self.key

    @property
    def own(self) -> "Wording | None":
        """What is served where no tone is asked for."""
        served = [one for one in self.wordings.all() if one.status == Wording.PUBLISHED]
        return next((one for one in served if (one.tone, one.locale) == (self.tone, self.locale)), None)

    @property
    def tones(self) -> list[str]:
        return sorted({one.tone for one in self.wordings.all() if one.status == Wording.PUBLISHED})

    @property
    def waiting(self) -> int:
        return sum(one.status == Wording.PROPOSED for one in self.wordings.all())

    def as_dict(self) -> dict[str, Any]:
        wordings = [one.as_dict() for one in self.wordings.all()]
        return {
            "key": self.key,
            "jargon": self.jargon,
            "used_in": self.used_in,
            "tone": self.tone,
            "locale": self.locale,
            "wordings": wordings,
        }


class Wordings(models.QuerySet["Wording"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(phrase__workspace=workspace)

    def numbered(self, workspace: Workspace, key: str, number: int) -> "Wording":
        rows = self.of(workspace).select_related("phrase__workspace")
        found = rows.filter(phrase__key=key, number=number).first()
        if found is None:
            raise Missing(f"There is no version {number} of the phrase “{key}” in this workspace.")
        return found

    def waiting(self, workspace: Workspace) -> Self:
        return self.of(workspace).filter(status=Wording.PROPOSED)

    def served(self, workspace: Workspace) -> Any:
        """What is approved and stands, with what its phrase says beside."""
        names = ("number", "plain", "tone", "locale", "decided_at")
        rows = self.of(workspace).filter(status=Wording.PUBLISHED).order_by("phrase__key", "locale", "tone")
        return rows.values(*names, "phrase__key", "phrase__tone", "phrase__locale")


class Wording(models.Model):
    """One version of a phrase: a text in a tone and a language, proposed by somebody and decided by somebody."""

    PROPOSED, PUBLISHED, REPLACED = "proposed", "published", "replaced"
    DECLINED, WITHDRAWN = "declined", "withdrawn"

    phrase = models.ForeignKey(Phrase, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    plain = models.TextField()
    tone = models.CharField(max_length=40)
    locale = models.CharField(max_length=20)
    status = models.CharField(max_length=10, default=PROPOSED)
    evidence = models.TextField(blank=True, help_text="What says that customers understand it.")
    source = models.CharField(max_length=200, blank=True, help_text="The vote that proposed it, once.")
    proposed_at = models.DateTimeField(default=clock.now)
    proposed_by = models.CharField(max_length=200)
    due_at = models.DateTimeField(help_text="Until when somebody should have decided.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = Wordings.as_manager()

    class Meta:
        ordering = ("phrase", "-number")
        constraints = [
            models.UniqueConstraint(fields=["phrase", "number"], name="a_wording_has_its_own_number"),
            models.UniqueConstraint(
                fields=["phrase", "locale", "tone"], condition=Q(status="published"), name="one_wording_is_served"
            ),
            models.UniqueConstraint(
                fields=["phrase", "source"], condition=~Q(source=""), name="a_vote_proposes_one_wording"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phrase.key}, version {self.number}"

    @property
    def is_late(self) -> bool:
        return self.status == self.PROPOSED and self.due_at < clock.now()

    def as_dict(self) -> dict[str, Any]:
        return {
            "version": self.number,
            "plain": self.plain,
            "tone": self.tone,
            "locale": self.locale,
            "status": self.status,
            "evidence": self.evidence,
            "proposed_at": self.proposed_at.isoformat(),
            "proposed_by": self.proposed_by,
            "due_at": self.due_at.isoformat(),
            "decided_at": _text(self.decided_at),
            "decided_by": self.decided_by,
            "reason": self.reason,
        }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
