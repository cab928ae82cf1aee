"""What members type in on the pages of a workspace."""

from typing import Any

from django import forms

from nousnous.base.timezones import timezone_choices
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.roles import MATRIX, ROLES


def _role_choices() -> list[tuple[str, str]]:
    return [(role, f"{role.capitalize()}: {meaning}") for role, meaning in ROLES.items()]


class InvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=_role_choices, initial="viewer")


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(role, role.capitalize()) for role in ROLES])


class KeyForm(forms.Form):
    label = forms.CharField(label="What is it for?", max_length=200)


class TokenForm(forms.Form):
    """The scopes on offer are the words that the member may themselves."""

    label = forms.CharField(label="What is it for?", max_length=200)
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, words: frozenset[str], data: Any = None) -> None:
        super().__init__(data)
        offered = [(word, meaning) for word, (meaning, _) in MATRIX.items() if word in words]
        self.fields["scopes"] = forms.MultipleChoiceField(
            label="What may it do?", choices=offered, widget=forms.CheckboxSelectMultiple
        )


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no argument at run time
    currency = forms.RegexField(
        r"^[A-Z]{3}$", label="Currency", help_text="Three letters, such as USD.", max_length=3, min_length=3
    )

    class Meta:
        model = Workspace
        fields = ("name", "timezone", "currency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"] = forms.ChoiceField(
            label="Time zone of its days", choices=list(timezone_choices(self.instance.timezone))
        )
