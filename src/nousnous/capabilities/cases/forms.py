"""What members type in to open and to close a case."""

from typing import Any

from django import forms

from nousnous.capabilities.cases.actions.working import Closing


class OpenForm(forms.Form):
    person = forms.CharField(label="Person", max_length=500, help_text="Their id, exactly as it was sent.")
    said = forms.CharField(
        label="What happened", max_length=2_000, help_text="Whoever calls reads it first.", widget=forms.Textarea
    )
    team = forms.ChoiceField(label="Who calls")

    def __init__(self, teams: list[str], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"label_suffix": "", **named})
        self.fields["team"].choices = [(one, one) for one in teams]  # type: ignore[attr-defined]  # a ChoiceField's own


class CloseForm(forms.Form):
    cause = forms.CharField(
        label="Root cause",
        max_length=200,
        help_text="In a few words, the same words each time: these are counted.",
        widget=forms.TextInput(attrs={"list": "causes"}),
    )
    resolved = forms.ChoiceField(
        label="Resolved?", choices=(("yes", "Yes, they say so"), ("no", "No")), widget=forms.RadioSelect
    )
    step = forms.ChoiceField(label="Where it lies", required=False, help_text="The step becomes evidence of its gap.")

    def __init__(self, steps: list[tuple[str, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"label_suffix": "", **named})
        self.fields["step"].choices = [("", "In no step"), *steps]  # type: ignore[attr-defined]  # a ChoiceField's own

    @property
    def closing(self) -> Closing:
        said = self.cleaned_data
        journey, _, step = said["step"].partition("/")
        return Closing(said["cause"], said["resolved"] == "yes", journey, step)
