"""The form that arranges a theme."""

from typing import Any

from django import forms

from nousnous.capabilities.themes.actions.arranging import LONGEST_NAME, Arrangement
from nousnous.capabilities.themes.models import Theme


class ArrangementForm(forms.Form):
    """Another name, whether it stays, and where it belongs."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    pinned = forms.BooleanField(
        label="Keep this theme when themes are found again",
        required=False,
        help_text="Renamed and merged ones stay, too.",
    )

    def __init__(self, given: Any, theme: Theme, others: list[Theme]) -> None:
        first = {"name": theme.name, "pinned": theme.pinned, "parent": theme.parent_id or ""}
        super().__init__(given, initial=first)
        self.theme = theme
        choices = [("", "Nothing: it stands by itself"), *((one.id, one.name) for one in others)]
        self.fields["parent"] = forms.ChoiceField(label="Part of", required=False, choices=choices)

    def arrangement(self) -> Arrangement:
        """What is different now."""
        given = self.cleaned_data
        return Arrangement(
            given["name"] if given["name"] != self.theme.name else None,
            given["pinned"] if given["pinned"] != self.theme.pinned else None,
            given["parent"] if given["parent"] != (self.theme.parent_id or "") else None,
        )
