"""What members type in to connect a channel."""

from collections.abc import Mapping
from typing import Any

from django import forms

from nousnous.plays.channels.actions import Connection
from nousnous.plays.channels.kinds import Kind


class SecretInput(forms.PasswordInput):
    """Shows what is pasted, so that it can be seen to be whole, and never what was sent."""

    input_type = "text"


class ChannelForm(forms.Form):
    """The fields of a kind; a secret that stands is not shown, and stays where its field is left empty."""

    def __init__(self, kind: Kind, data: Any = None, standing: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=(standing or {}).get("told"), label_suffix="")
        self.kind, self.standing = kind, standing
        kept = set((standing or {}).get("secrets", ()))
        if standing is None:
            self.fields["name"] = forms.CharField(
                label="Name", max_length=60, help_text="By which plays call it: small letters, digits and dashes."
            )
        for field in kind.fields:
            quiet = (
                SecretInput(attrs={"autocomplete": "off", "spellcheck": "false"}) if field.secret else forms.TextInput()
            )
            stands = " One is kept; leave this empty to keep it." if field.name in kept else ""
            self.fields[field.name] = forms.CharField(
                label=field.label,
                help_text=field.help + stands,
                widget=quiet,
                max_length=1_000,
                required=field.needed and field.name not in kept,
            )

    def connection(self) -> Connection:
        told = dict(self.cleaned_data)
        name = (self.standing or {}).get("name") or told.pop("name")
        return Connection(self.kind.name, name, told)
