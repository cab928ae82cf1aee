"""From when on something is a sign of fading, where a workspace changed it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from nousnous.capabilities.attrition.measures.signals import Limits
from nousnous.workspaces.models import Workspace

DAYS = (MinValueValidator(1), MaxValueValidator(365))
COUNT = (MinValueValidator(2), MaxValueValidator(1_000))


class Thresholds(models.Model):
    """The thresholds of one workspace; the product's own stand where none are kept."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    log_ins = models.IntegerField("Log-ins without a transaction", default=3, validators=COUNT)
    log_in_days = models.IntegerField("Those log-ins in so many days", default=14, validators=DAYS)
    wishes = models.IntegerField("Wishes without one in the cart", default=3, validators=COUNT)
    wish_days = models.IntegerField("Those wishes in so many days", default=30, validators=DAYS)
    articles = models.IntegerField("Help articles", default=3, validators=COUNT)
    article_days = models.IntegerField("Those articles in so many days", default=7, validators=DAYS)
    article_chance = models.FloatField(
        "Rarer than",
        default=0.01,
        validators=(MinValueValidator(0.000001), MaxValueValidator(0.5)),
        help_text="Chance of so many articles for this person: 0.01 is one in a hundred.",
    )
    pause_factor = models.FloatField(
        "A pause so many times as long as usual",
        default=5.0,
        validators=(MinValueValidator(1.5), MaxValueValidator(50)),
        help_text="Of somebody who came on 5 days or more, and at least 7 days long.",
    )

    def __str__(self) -> str:
        return f"thresholds of {self.workspace_id}"

    @property
    def limits(self) -> Limits:
        return Limits(**{name: getattr(self, name) for name in Limits.__slots__})


def thresholds_of(workspace: Workspace) -> Thresholds:
    """Those in force."""
    return Thresholds.objects.filter(workspace=workspace).first() or Thresholds(workspace=workspace)
