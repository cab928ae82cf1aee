"""Rotas as texts, and cases: one customer who was let down, whose turn it is, and what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self, TypedDict

from django.db import models
from django.db.models import Q

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment, shaped
from nousnous.capabilities.cases.measures.rota import Rota as Definition
from nousnous.capabilities.cases.measures.rota import parse_rota
from nousnous.workspaces.models import Workspace


def new_case_id() -> str:
    return random_id("case")


class Rota(models.Model):
    """The rota of one team, as its text says."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="rotas")
    rota_id = models.CharField(max_length=60)
    text = models.TextField(help_text="The TOML as it was given, with its comments.")
    actor = models.CharField(max_length=200)
    applied_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("rota_id",)
        constraints = [models.UniqueConstraint(fields=["workspace", "rota_id"], name="a_rota_has_its_own_id")]

    def __str__(self) -> str:
        return self.rota_id

    @property
    def definition(self) -> Definition:
        return parse_rota(self.text)


class Cases(models.QuerySet["Case"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def of_people(self, workspace: Workspace, identity_keys: Iterable[int]) -> Self:
        return self.of(workspace).filter(identity_key__in=list(identity_keys))

    def named(self, workspace: Workspace, case_id: str) -> "Case":
        found = self.of(workspace).filter(pk=case_id).first()
        if found is None:
            raise Missing(f"There is no case “{case_id}” here; `nous case list` shows those that are.")
        return found

    def standing(self) -> Self:
        """Those that are not closed, the most urgent first."""
        order = (models.F("due_at").asc(nulls_last=True), "opened_at", "id")
        return self.exclude(state=Case.CLOSED).order_by(*order)

    def unclaimed(self) -> Self:
        return self.filter(state__in=(Case.WAITING, Case.RUNNING))

    def answered(self) -> Self:
        return self.filter(state=Case.CLOSED).exclude(survey="")


class CaseShape(TypedDict):
    id: str
    person: str
    source: str
    said: str
    team: str
    priority: str
    stake: float | None
    cents: int
    owner: str
    state: str
    cause: str
    resolved: bool | None
    journey: str
    step: str
    survey: str
    asked: str
    trouble: str
    play: str
    arm: str
    offer: str
    opened_at: Moment
    given_at: Moment | None
    due_at: Moment | None
    reminded_at: Moment | None
    escalated_at: Moment | None
    claimed_at: Moment | None
    closed_at: Moment | None
    late: bool


class Case(models.Model):
    """One person who was let down: why, who calls them by when, what was found and whether it helped.

    The clock runs from when somebody of the rota can call until somebody claims the case.
    """

    WAITING, RUNNING, CLAIMED, CLOSING, CLOSED = "waiting", "running", "claimed", "closing", "closed"
    PRIORITIES = (("urgent", "Urgent"), ("normal", "Normal"), ("low", "Low"))

    id = models.CharField(primary_key=True, max_length=32, default=new_case_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="cases")
    key = models.CharField(max_length=200, help_text="Opened again under it, the same case is answered.")
    identity_key = models.BigIntegerField(help_text="Whose case; erased with them.")
    person = models.CharField(max_length=500)
    source = models.CharField(max_length=60, help_text="What it came from: the name of a fact or an event, or hand.")
    said = models.TextField(help_text="What happened, in a sentence.")
    moment_us = models.BigIntegerField(help_text="When it happened.")
    play = models.CharField(max_length=60, blank=True)
    arm = models.CharField(max_length=60, blank=True, help_text="The arm of the play's experiment that they are in.")
    offer = models.TextField(blank=True, help_text="What may be offered, as the play says.")
    team = models.CharField(max_length=60)
    priority = models.CharField(max_length=10, choices=PRIORITIES, default="normal")
    stake = models.FloatField(null=True, help_text="What they spent in the year before it was opened.")
    cents = models.BigIntegerField(default=0, help_text="What was given back to them since.")
    owner = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, default=WAITING)
    opened_at = models.DateTimeField(default=clock.now)
    given_at = models.DateTimeField(null=True, help_text="When it was given to its owner; the clock runs from there.")
    due_at = models.DateTimeField(null=True, help_text="When the clock is over, or while it waits, when it begins.")
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=200, blank=True, help_text="The root cause, as who closed it found it.")
    resolved = models.BooleanField(null=True)
    journey = models.CharField(max_length=200, blank=True, help_text="Where the cause lies, if it lies in a step.")
    step = models.CharField(max_length=200, blank=True)
    survey = models.CharField(max_length=60, blank=True, help_text="Id of the recovery survey that was sent.")
    asked = models.TextField(blank=True, help_text="How they were asked whether it helped.")
    trouble = models.TextField(blank=True, help_text="What could not be done for it, and why.")
    reference = models.CharField(max_length=300, blank=True, help_text="Its message in Slack.")

    objects = Cases.as_manager()

    class Meta:
        ordering = ("-opened_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="a_case_is_opened_once"),
            models.UniqueConstraint(
                fields=["workspace", "identity_key"],
                condition=~Q(state="closed"),
                name="a_person_has_one_case_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(resolved__isnull=False) & ~Q(cause="")),
                name="a_closed_case_says_what_it_was",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "identity_key"], name="cases_of_a_person")]

    def __str__(self) -> str:
        return f"{self.id}: {self.state}"

    @property
    def is_late(self) -> bool:
        return self.state == self.RUNNING and self.due_at is not None and self.due_at <= clock.now()

    @property
    def minutes_left(self) -> int | None:
        """Of the clock on the wall; None where it does not run."""
        if self.state != self.RUNNING or self.due_at is None:
            return None
        return max(0, int((self.due_at - clock.now()).total_seconds() // 60))

    @property
    def is_closed(self) -> bool:
        return self.state == self.CLOSED

    def as_dict(self) -> CaseShape:
        times = ("opened_at", "given_at", "due_at", "reminded_at", "escalated_at", "claimed_at", "closed_at")
        moments = {name: _written(getattr(self, name)) for name in times}
        return shaped(CaseShape, self, late=self.is_late, **moments)


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
