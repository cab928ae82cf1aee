"""Workshops with their rounds, and votes that lead to nobody."""

import json
from datetime import datetime
from typing import Self, TypedDict

from django.db import models
from django.db.models import Count

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment
from nousnous.capabilities.workshops.measures import Definition, OutcomeShape, WorkshopDefinitionShape, read_workshop
from nousnous.workspaces.models import Workspace


def new_workshop_id() -> str:
    return random_id("workshop")


def new_link() -> str:
    return random_id("vote")


def new_round_id() -> str:
    return random_id("round")


class Workshops(models.QuerySet["Workshop"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def named(self, workspace: Workspace, workshop_id: str) -> "Workshop":
        found = self.of(workspace).filter(pk=workshop_id).first()
        if found is None:
            raise Missing(f"There is no workshop “{workshop_id}” in this workspace.")
        return found


class RoundShape(TypedDict):
    round: int
    state: str
    opens_at: Moment
    closes_at: Moment
    slots: int
    letters: int
    votes: int
    outcome: OutcomeShape | None


class WorkshopShape(WorkshopDefinitionShape):
    id: str
    state: str
    created_at: Moment
    created_by: str
    rounds: list[RoundShape]


class Workshop(models.Model):
    """Three versions of a sentence, and the one address at which customers choose, round after round."""

    id = models.CharField(primary_key=True, max_length=40, default=new_workshop_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="workshops")
    link = models.CharField(max_length=40, unique=True, default=new_link)
    text = models.TextField(help_text="The document (JSON).")
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.CharField(max_length=200)
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="When it was said not to be held again.")

    objects = Workshops.as_manager()

    class Meta:
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        return self.definition.name

    @property
    def definition(self) -> Definition:
        return read_workshop(json.loads(self.text))

    @property
    def current(self) -> "Round | None":
        """The newest round."""
        return self.rounds.first()

    @property
    def state(self) -> str:
        newest = self.current
        return "draft" if newest is None else "over" if newest.is_over else "open"

    def as_dict(self) -> WorkshopShape:
        return {
            "id": self.id,
            "state": self.state,
            "created_at": self.created_at.isoformat(),
            "created_by": self.created_by,
            **self.definition.as_dict(),
            "rounds": [one.as_dict() for one in self.rounds.all()],
        }


class Round(models.Model):
    """One vote, from its opening to its closing, which is set when it opens; `outcome` is what came of it."""

    id = models.CharField(primary_key=True, max_length=40, default=new_round_id, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    slots = models.PositiveIntegerField(help_text="How many versions may be chosen by now.")
    letters = models.PositiveIntegerField(default=0, help_text="How many one-time links were sent.")
    outcome = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("workshop", "-number")
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="a_round_has_its_own_number")]

    def __str__(self) -> str:
        return f"{self.workshop_id}, round {self.number}"

    @property
    def is_over(self) -> bool:
        return self.outcome is not None or self.closes_at <= clock.now()

    @property
    def state(self) -> str:
        return "over" if self.is_over else "open"

    def counted(self, versions: int) -> list[int]:
        """How many votes each version has, by place."""
        rows = self.votes.values("place").annotate(votes=Count("pk"))
        found = {row["place"]: row["votes"] for row in rows}
        return [found.get(place, 0) for place in range(versions)]

    def counted_by_group(self, definition: Definition) -> dict[str, list[int]]:
        rows = self.votes.values("group", "place").annotate(votes=Count("pk"))
        found = {(row["group"], row["place"]): row["votes"] for row in rows}
        places = range(len(definition.versions))
        return {name: [found.get((name, place), 0) for place in places] for name in definition.groups}

    def ratings(self) -> list[tuple[int, int, int]]:
        """Which version was rated, today's wording, the version: of each who rated both."""
        rows = self.votes.order_by("pk").values_list("rated", "today_rating", "version_rating")
        return [(place, today, new) for place, today, new in rows if place is not None and today and new]

    def as_dict(self) -> RoundShape:
        """The split of votes stands in the outcome alone: who sees it earlier votes along."""
        return {
            "round": self.number,
            "state": self.state,
            "opens_at": _text(self.opens_at),
            "closes_at": _text(self.closes_at),
            "slots": self.slots,
            "letters": self.letters,
            "votes": self.outcome["votes"] if self.outcome else self.votes.count(),
            "outcome": self.outcome,
        }


class Vote(models.Model):
    """That some browser, or some letter, chose a version; which one is told by a hash for this round alone."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="votes")
    voter = models.BigIntegerField()
    place = models.PositiveIntegerField()
    group = models.CharField(max_length=60, blank=True)
    rated = models.PositiveSmallIntegerField(null=True, help_text="Which version they were asked to rate.")
    today_rating = models.PositiveSmallIntegerField(null=True)
    version_rating = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "voter"], name="a_voter_votes_once")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.place}"


def _text(moment: datetime) -> str:
    return moment.isoformat()
