"""Low scores that were told to the rest of the product, each once."""

from typing import Any

from django.db import models

from nousnous.base import clock
from nousnous.base.ids import random_id
from nousnous.workspaces.models import Workspace


def new_low_score_id() -> str:
    return random_id("low")


class LowScore(models.Model):
    """A low answer that stands in the lake: what the fact `LowScoreGiven` points to. It goes with the answer."""

    id = models.CharField(primary_key=True, max_length=32, default=new_low_score_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="low_scores")
    score_key = models.BigIntegerField(help_text="The answer's key in the lake.")
    identity_key = models.BigIntegerField(null=True, blank=True, help_text="Whose answer it is; erased with them.")
    step = models.CharField(max_length=200, blank=True, help_text="Id of the step; empty for the relationship.")
    metric = models.CharField(max_length=60)
    value = models.FloatField()
    given_us = models.BigIntegerField()
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-given_us", "id")
        constraints = [models.UniqueConstraint(fields=["workspace", "score_key"], name="a_low_score_is_kept_once")]
        indexes = [models.Index(fields=["workspace", "identity_key"], name="low_scores_of_a_person")]

    def __str__(self) -> str:
        return f"{self.metric} {self.value:g} at {self.step or 'the relationship'}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "step": self.step or None,
            "metric": self.metric,
            "value": self.value,
            "given_at": clock.from_us(self.given_us).isoformat(),
        }
