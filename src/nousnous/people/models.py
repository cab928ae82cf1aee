"""What people decided: consent, merges that wait for a decision, erasures."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.workspaces.models import Workspace


def new_receipt() -> str:
    return random_id("erasure")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self, workspace_id: str) -> "ConsentQuerySet":
        """The decisions that hold now, one per identity and purpose."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), workspace_id=workspace_id)

    def decide(
        self, workspace: Workspace, identity_key: int, purpose: str, decision: tuple[str, datetime, datetime | None]
    ) -> None:
        """Replace the decision of an identity for a purpose: its state, when it was made, when it ends."""
        state, decided_at, expires_at = decision
        self.update_or_create(
            workspace=workspace,
            identity_key=identity_key,
            purpose=purpose,
            defaults={"state": state, "decided_at": decided_at, "expires_at": expires_at},
        )


class Consent(models.Model):
    """What one identity decided for one purpose; the newest decision replaces the one before."""

    GRANTED, DENIED, REVOKED = "granted", "denied", "revoked"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    identity_key = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    decided_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "identity_key", "purpose"), name="one_decision_per_purpose"),
        )

    def __str__(self) -> str:
        return f"{self.purpose}: {self.state}"


class NeededConsentQuerySet(models.QuerySet["NeededConsent"]):
    def of(self, workspace: Workspace) -> list[str]:
        """The purposes that need a consent in a workspace."""
        return list(self.filter(workspace=workspace).values_list("purpose", flat=True))


class NeededConsent(models.Model):
    """A purpose for which this workspace keeps nothing without a granted consent."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=40)

    objects = NeededConsentQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "purpose"), name="one_need_per_purpose"),)

    def __str__(self) -> str:
        return self.purpose


class MergeSuggestion(models.Model):
    """Two known ids that a client called one person; a member decides."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    previous_id = models.TextField()
    known_id = models.TextField()
    previous_key = models.BigIntegerField()
    known_key = models.BigIntegerField()
    moment_us = models.BigIntegerField()
    suggested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "previous_key", "known_key"), name="one_suggestion_per_pair"),
        )

    def __str__(self) -> str:
        return f"merge suggestion {self.pk}"


class Erasure(models.Model):
    """An identity that was erased: only its keyed hash, so that late retries are refused."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    identity_key = models.BigIntegerField()
    receipt = models.CharField(max_length=32, default=new_receipt)
    erased_at = models.DateTimeField(help_text="From when on what comes of it is refused.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "identity_key"), name="one_erasure_per_identity"),)

    def __str__(self) -> str:
        return self.receipt


class ErasureReceipt(models.Model):
    """What one erasure took away; it names nobody, and is complete when nothing is left on the disk."""

    receipt = models.CharField(primary_key=True, max_length=32)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    asked_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    identities = models.PositiveIntegerField()
    rows = models.JSONField(default=dict)
    files = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.receipt
