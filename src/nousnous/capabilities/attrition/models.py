"""From when on something is a sign of fading, where a workspace changed it; and what forecasts learned."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from nousnous.capabilities.attrition.measures.forecast import Rules
from nousnous.capabilities.attrition.measures.signals import DAY_US, Limits
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
    silence_days = models.IntegerField(
        "Gone after so many days without a purchase",
        null=True,
        blank=True,
        default=None,
        validators=DAYS,
        help_text="Of somebody without a subscription; empty: longer than nine of ten gaps between purchases here.",
    )
    risk_chance = models.FloatField(
        "Likely to leave from a chance of",
        default=0.3,
        validators=(MinValueValidator(0.01), MaxValueValidator(0.99)),
        help_text="0.3 is thirty in a hundred, within 30 days.",
    )

    def __str__(self) -> str:
        return f"thresholds of {self.workspace_id}"

    @property
    def limits(self) -> Limits:
        return Limits(**{name: getattr(self, name) for name in Limits.__slots__})

    @property
    def rules(self) -> Rules:
        return Rules(self.limits, self.silence_days * DAY_US if self.silence_days else None)


THRESHOLDS = (*Limits.__slots__, "silence_days", "risk_chance")
"""Their names."""


class ForecastVersion(models.Model):
    """A forecast of leaving that was learned: numbers and names alone, so that it can be read in ten years.

    `document` holds coefficients and where they come from, `backtest` how good it was (null where it could not be
    tried). The newest is in force; none is changed.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()
    definition = models.CharField(max_length=40)
    learned_at = models.DateTimeField()
    document = models.JSONField()
    backtest = models.JSONField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("workspace", "number"), name="forecast_once"),)

    def __str__(self) -> str:
        return f"forecast {self.number} of {self.workspace_id}"


def newest_forecast(workspace: Workspace) -> ForecastVersion | None:
    """The one in force."""
    return ForecastVersion.objects.filter(workspace=workspace).first()


def thresholds_of(workspace: Workspace) -> Thresholds:
    """Those in force."""
    return Thresholds.objects.filter(workspace=workspace).first() or Thresholds(workspace=workspace)
