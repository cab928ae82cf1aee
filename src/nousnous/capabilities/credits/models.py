"""Budgets, credits and the ledger between them: every posting takes from one account what it adds to another."""

from datetime import datetime
from typing import Any, Self, TypedDict, cast

from django.db import models
from django.db.models import F, Q, Sum

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment, shaped
from nousnous.workspaces.models import Workspace


def new_credit_id() -> str:
    return random_id("credit")


class Budget(models.Model):
    """How often one person is given something; its row is held by whoever posts, so that postings follow each other."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    period_days = models.PositiveIntegerField(default=90, help_text="One credit a person in so many days.")

    def __str__(self) -> str:
        return f"budget of {self.workspace_id}"


class Credits(models.QuerySet["Credit"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def of_people(self, workspace: Workspace, identity_keys: Any) -> Self:
        return self.of(workspace).filter(identity_key__in=list(identity_keys))

    def named(self, workspace: Workspace, credit_id: str) -> "Credit":
        found = self.of(workspace).filter(pk=credit_id).first()
        if found is None:
            raise Missing(f"There is no credit “{credit_id[:60]}” here; `nous credit list` shows them.")
        return found


class CreditShape(TypedDict):
    id: str
    key: str
    person: str
    cents: int
    month_cents: int
    state: str
    signalled_at: Moment
    granted_at: Moment
    granted_by: str
    valid_until: Moment
    confirmed_at: Moment | None
    reversed_at: Moment | None
    reversed_by: str
    reversal_confirmed_at: Moment | None
    reason: str


class Credit(models.Model):
    """What one person was given once. Erasing the person takes the name away; the sum stays in the ledger."""

    id = models.CharField(primary_key=True, max_length=32, default=new_credit_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="credits")
    key = models.CharField(max_length=200, help_text="Granting again under the same key changes nothing.")
    identity_key = models.BigIntegerField(null=True, help_text="Who got it; empty once they are erased.")
    person = models.CharField(max_length=500, blank=True, help_text="Their id as it was given; empty once erased.")
    cents = models.BigIntegerField()
    month_cents = models.BigIntegerField(help_text="What a month of their subscription cost then.")
    signalled_at = models.DateTimeField(help_text="The moment for which it makes up.")
    granted_at = models.DateTimeField(default=clock.now)
    granted_by = models.CharField(max_length=200)
    valid_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="When the billing system took it.")
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.CharField(max_length=200, blank=True)
    reversal_confirmed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was reversed.")

    objects = Credits.as_manager()

    class Meta:
        ordering = ("-granted_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="a_credit_has_its_own_key"),
            models.CheckConstraint(
                condition=Q(cents__gt=0, cents__lte=F("month_cents")), name="a_credit_is_at_most_a_month"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "identity_key"], name="credits_of_a_person")]

    def __str__(self) -> str:
        return f"{self.id}: {self.cents} cents"

    @property
    def amount(self) -> float:
        return self.cents / 100

    @property
    def state(self) -> str:
        if self.reversed_at is not None:
            return "reversed"
        return "valid" if clock.now() < self.valid_until else "over"

    def as_dict(self) -> CreditShape:
        values = shaped(CreditShape, self).items()
        told = {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values}
        return cast("CreditShape", told)


class Postings(models.QuerySet["Posting"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def balance(self, account: str) -> int:
        """What came into an account less what went out of it, in cents."""
        into = self.filter(into=account).aggregate(sum=Sum("cents"))["sum"] or 0
        return into - (self.filter(out_of=account).aggregate(sum=Sum("cents"))["sum"] or 0)


class Posting(models.Model):
    """Some cents that went out of one account into another; never changed and never taken away."""

    FUNDS, BUDGET, GRANTED = "funds", "budget", "granted"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    out_of = models.CharField(max_length=10)
    into = models.CharField(max_length=10)
    cents = models.BigIntegerField()
    credit = models.ForeignKey(Credit, null=True, on_delete=models.CASCADE, related_name="postings")
    posted_at = models.DateTimeField(default=clock.now)
    posted_by = models.CharField(max_length=200)

    objects = Postings.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["credit", "into"], name="a_credit_goes_out_and_back_once"),
            models.CheckConstraint(condition=Q(cents__gt=0) & ~Q(into=F("out_of")), name="a_posting_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.cents} cents: {self.out_of} to {self.into}"
