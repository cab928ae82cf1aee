"""What members write about a moment of a replay."""

from collections.abc import Sequence
from typing import Any

from django import forms

WEIGHTS = [("1", "Breaks the promise"), ("0.6", "Hurts"), ("0.3", "Annoys")]


class MomentForm(forms.Form):
    """A moment that becomes a fracture: which (milliseconds since the session began), of which step, and both sides."""

    moment = forms.IntegerField(label="The moment", min_value=0, max_value=10**12, widget=forms.Select)
    step = forms.ChoiceField(label="The step it belongs to")
    meant = forms.CharField(
        label="What we meant", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    felt = forms.CharField(
        label="What the customer felt", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    weight = forms.ChoiceField(label="Weight", choices=WEIGHTS)

    def __init__(
        self,
        *arguments: Any,
        moments: Sequence[tuple[int, str]],
        steps: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **{"label_suffix": "", **named})
        self.fields["moment"].widget.choices = list(moments)
        self.fields["step"].choices = list(steps)  # type: ignore[attr-defined]  # a ChoiceField, as declared

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("meant", "").strip() and not given.get("felt", "").strip():
            self.add_error("felt", "Say what was meant, or what was felt.")
        return given
