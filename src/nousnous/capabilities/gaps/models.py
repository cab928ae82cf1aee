"""What teams believe about the steps of their journeys, and what was judged of it week by week."""

from collections.abc import Iterable
from typing import Self, TypedDict

from django.db import models

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment, Window
from nousnous.capabilities.gaps.measures.beliefs import Stated
from nousnous.facts.beliefs import Statement
from nousnous.stats.gaps import GapShape
from nousnous.workspaces.models import Workspace

# What the versions of a belief share: the team, and what it is about.
ABOUT = ("step", "metric", "author", "segment")


def new_belief_id() -> str:
    return random_id("bel")


class Beliefs(models.QuerySet["Belief"]):
    def current(self) -> Self:
        """The newest version of each."""
        return self.filter(replaced_by=None)

    def of_journey(self, workspace: Workspace, journey: str) -> Self:
        return self.filter(workspace=workspace, journey=journey)

    def sealed(self) -> Self:
        return self.exclude(sealed_at=None)

    def first_seals(self) -> dict[tuple[str, ...], int]:
        """The earliest seal among all versions of a belief, by what the versions share (`Belief.about`)."""
        # a plain order, for the model's own would split the groups
        groups = self.sealed().order_by().values_list(*ABOUT).annotate(first=models.Min("sealed_at"))
        return {tuple(about): clock.to_us(first) for *about, first in groups}


class BeliefShape(TypedDict):
    id: str
    journey: str
    step: str
    metric: str
    value: float
    tolerance: float
    range: list[float] | None
    expected_gap: float | None
    author: str
    segment: str
    stated_at: Moment
    sealed_at: Moment | None
    replaced_by: str | None


class Belief(models.Model):
    """One team's belief about one metric of one step; a change makes a new version and keeps the old one."""

    id = models.CharField(primary_key=True, max_length=32, default=new_belief_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="beliefs")
    journey = models.CharField(max_length=120, help_text="Id of the journey.")
    step = models.CharField(max_length=120, help_text="Id of the step.")
    metric = models.CharField(max_length=60)
    value = models.FloatField(help_text="In the metric's unit; shares from 0 to 1, durations in seconds.")
    tolerance = models.FloatField(help_text="A fraction of the gap's own scale: 0.02 is 2 points.")
    range_low = models.FloatField(null=True, blank=True, help_text="Low end of the 80 % range.")
    range_high = models.FloatField(null=True, blank=True, help_text="High end of the 80 % range.")
    expected_gap = models.FloatField(null=True, blank=True, help_text="In the gap's unit: points or per cent.")
    author = models.CharField(max_length=200, help_text="The team that believes it.")
    segment = models.CharField(max_length=120, blank=True, help_text="As in country=DE; empty for everybody.")
    stated_at = models.DateTimeField(help_text="When it was stated; only the seal proves it.")
    sealed_at = models.DateTimeField(null=True, blank=True, help_text="Set by the server, once.")
    created_at = models.DateTimeField(default=clock.now)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces"
    )

    objects = Beliefs.as_manager()

    class Meta:
        ordering = ("journey", "step", "metric", "author", "created_at", "id")
        indexes = [models.Index(fields=["workspace", "journey", "step"], name="beliefs_of_a_step")]

    def __str__(self) -> str:
        return f"{self.author}: {self.metric} of {self.step} is {self.value:g}"

    @property
    def range(self) -> tuple[float, float] | None:
        return None if self.range_low is None or self.range_high is None else (self.range_low, self.range_high)

    @property
    def sealed_us(self) -> int | None:
        return None if self.sealed_at is None else clock.to_us(self.sealed_at)

    @property
    def about(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in ABOUT)

    @property
    def stated(self) -> Stated:
        return Stated(self.metric, self.value, self.tolerance, self.range, self.expected_gap)

    @property
    def statement(self) -> Statement:
        """What was stated, as a file or a page says it."""
        return Statement(
            self.journey,
            self.step,
            self.metric,
            self.value,
            self.author,
            self.tolerance,
            self.range,
            self.expected_gap,
            self.segment,
            self.stated_at,
        )

    def as_dict(self) -> BeliefShape:
        return {
            "id": self.id,
            "journey": self.journey,
            "step": self.step,
            "metric": self.metric,
            "value": self.value,
            "tolerance": self.tolerance,
            "range": list(self.range) if self.range else None,
            "expected_gap": self.expected_gap,
            "author": self.author,
            "segment": self.segment,
            "stated_at": self.stated_at.isoformat(),
            "sealed_at": self.sealed_at.isoformat() if self.sealed_at else None,
            "replaced_by": self.replaced_by_id,
        }


class StoredVerdicts(models.QuerySet["StoredVerdict"]):
    def last_of(self, beliefs: Iterable[Belief]) -> dict[str, "StoredVerdict"]:
        """The newest verdict of each belief by its id."""
        ids = [belief.id for belief in beliefs]
        newest = StoredVerdict.objects.filter(belief=models.OuterRef("belief")).order_by("-closed_on").values("pk")[:1]
        return {one.belief_id: one for one in self.filter(belief__in=ids, pk=models.Subquery(newest))}

    def of_belief(self, belief: Belief) -> Self:
        return self.filter(belief=belief).order_by("closed_on")


class StoredVerdictShape(Window):
    closed_on: str
    verdict: str
    lean: str | None
    needed_n: int | None
    needed_reason: str | None
    value: float | None
    gap: GapShape
    n: int
    method: str
    denominator: str
    sealed_in_time: bool
    snapshot: str
    definition: str
    judged_at: Moment


class StoredVerdict(models.Model):
    """What was judged of a belief when a week closed, for the 90 days before."""

    belief = models.ForeignKey(Belief, on_delete=models.CASCADE, related_name="verdicts")
    closed_on = models.DateField(help_text="The Monday on which the week closed.")
    from_us = models.BigIntegerField()
    to_us = models.BigIntegerField()
    verdict = models.CharField(max_length=20)
    lean = models.CharField(max_length=20, blank=True)
    needed_n = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    value = models.FloatField(null=True, blank=True, help_text="What customers went through, in the metric's unit.")
    gap_value = models.FloatField(null=True, blank=True)
    gap_low = models.FloatField(null=True, blank=True)
    gap_high = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=30)
    n = models.PositiveBigIntegerField()
    method = models.CharField(max_length=60)
    denominator = models.CharField(max_length=60)
    snapshot = models.TextField()
    definition = models.CharField(max_length=60)
    sealed_in_time = models.BooleanField(default=False, help_text="Sealed before the first observation of its window.")
    scale_low = models.FloatField(null=True, blank=True, help_text="Lowest answer of the survey, where it had its own.")
    scale_high = models.FloatField(null=True, blank=True)
    judged_at = models.DateTimeField(default=clock.now)

    objects = StoredVerdicts.as_manager()

    class Meta:
        ordering = ("belief", "closed_on")
        constraints = [models.UniqueConstraint(fields=["belief", "closed_on"], name="one_verdict_a_week")]

    def __str__(self) -> str:
        return f"{self.verdict}, week closed on {self.closed_on}"

    def as_dict(self) -> StoredVerdictShape:
        return {
            "closed_on": self.closed_on.isoformat(),
            "from": clock.from_us(self.from_us).isoformat(),
            "to": clock.from_us(self.to_us).isoformat(),
            "verdict": self.verdict,
            "lean": self.lean or None,
            "needed_n": self.needed_n,
            "needed_reason": self.reason or None,
            "value": self.value,
            "gap": {"value": self.gap_value, "low": self.gap_low, "high": self.gap_high, "unit": self.unit},
            "n": self.n,
            "method": self.method,
            "denominator": self.denominator,
            "sealed_in_time": self.sealed_in_time,
            "snapshot": self.snapshot,
            "definition": self.definition,
            "judged_at": self.judged_at.isoformat(),
        }
