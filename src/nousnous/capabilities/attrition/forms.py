"""The form of thresholds."""

from typing import Any

from django import forms

from nousnous.capabilities.attrition.models import THRESHOLDS, Thresholds


class ThresholdsForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes no argument when it runs
    class Meta:
        model = Thresholds
        fields = THRESHOLDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"label_suffix": "", **named})
