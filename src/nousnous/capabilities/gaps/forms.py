"""What members write about beliefs, and what they ask the simulator."""

from collections.abc import Sequence
from typing import Any

from django import forms

from nousnous.facts.beliefs import Statement
from nousnous.journeys.catalogue import METRICS, metric_of, unit_of


class SimulatorForm(forms.Form):
    seconds = forms.FloatField(
        label="No visit longer than, in seconds of active time", label_suffix="", min_value=0, max_value=1e6
    )


class BeliefForm(forms.Form):
    """A belief in the numbers that people say: shares and tolerances in per cent."""

    step = forms.ChoiceField()
    metric = forms.ChoiceField(label="Metric")
    value = forms.FloatField(
        label="The value the team believes",
        help_text="95 for 95%; seconds for durations; otherwise the score.",
    )
    tolerance = forms.FloatField(
        label="Tolerance (optional)",
        required=False,
        min_value=0,
        max_value=10,
        help_text="How far off is still right, in points or per cent of a duration. If empty: 2 points, or 5%.",
    )
    low = forms.FloatField(
        label="At least (optional)",
        required=False,
        help_text="The team is 80% sure that the truth lies between “at least” and “at most”.",
    )
    high = forms.FloatField(label="At most (optional)", required=False)
    expected_gap = forms.FloatField(
        label="Expected gap (optional)",
        required=False,
        help_text="How far off the team thinks it is, in points; plus is bad news.",
    )
    author = forms.CharField(label="The team that believes it", max_length=200, help_text="Such as “shop team”.")
    segment = forms.CharField(
        label="Only about these customers (optional)",
        required=False,
        max_length=120,
        help_text="Such as country=DE. If empty: everybody.",
    )

    def __init__(self, *arguments: Any, steps: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **{"label_suffix": "", **named})
        self.fields["step"].choices = list(steps)  # type: ignore[attr-defined]  # a ChoiceField, as declared
        self.fields["metric"].choices = [(one.id, one.name) for one in METRICS.values()]  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if (given.get("low") is None) != (given.get("high") is None):
            self.add_error("high" if given.get("high") is None else "low", "Give both ends of the range, or none.")
        return given

    def statement(self, journey: str) -> Statement:
        """What was written, in the metric's own unit."""
        given = self.cleaned_data
        per = 100 if unit_of(metric_of(given["metric"]).unit) == "share" else 1
        ends = None if given["low"] is None else (given["low"] / per, given["high"] / per)
        return Statement(
            journey=journey,
            step=given["step"],
            metric=given["metric"],
            value=given["value"] / per,
            author=given["author"].strip(),
            tolerance=None if given["tolerance"] is None else given["tolerance"] / 100,
            range=ends,
            expected_gap=given["expected_gap"],
            segment=given["segment"].strip(),
        )
