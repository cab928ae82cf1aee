"""What members type in on the pages of a workspace."""

from typing import Any

from django import forms

from nousnous.base.timezones import timezone_choices
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.roles import MATRIX, PARTS, ROLES


def _role_choices() -> list[tuple[str, str]]:
    return [(role, f"{role.capitalize()}: {meaning}") for role, meaning in ROLES.items()]


class InvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=_role_choices, initial="viewer")


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(role, role.capitalize()) for role in ROLES])


class KeyForm(forms.Form):
    label = forms.CharField(label="What is it for?", max_length=200)


class ScopesInput(forms.CheckboxSelectMultiple):
    template_name = "workspaces/scopes.html"


class TokenForm(forms.Form):
    """The scopes on offer are the words that the member may themselves, by what they are about."""

    label = forms.CharField(label="What is it for?", max_length=200)
    scopes = forms.MultipleChoiceField(widget=ScopesInput)

    def __init__(self, words: frozenset[str], data: Any = None) -> None:
        super().__init__(data)
        offered = [
            (part, [(word, f"{MATRIX[word][0]} ({word})") for word in MATRIX if word in words and _noun(word) in nouns])
            for part, nouns in PARTS.items()
        ]
        self.fields["scopes"] = forms.MultipleChoiceField(
            label="What may it do?", choices=[one for one in offered if one[1]], widget=ScopesInput
        )


def _noun(word: str) -> str:
    return word.partition(":")[0]


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
