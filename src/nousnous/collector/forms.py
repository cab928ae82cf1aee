"""What members say of a file that they import."""

import zoneinfo
from typing import Any

from django import forms

KINDS = (
    ("events", "Events: each row is something that happened"),
    ("survey", "Survey: each row holds one person's answers"),
)
FIELDS = {
    "event": "What happened",
    "timestamp": "When it happened",
    "user_id": "Who: the known id",
    "anonymous_id": "Who: the anonymous id",
    "message_id": "The row's own id",
}


class UploadForm(forms.Form):
    file = forms.FileField(label="File", help_text="CSV, JSON lines or Parquet, gzipped or not.")
    kind = forms.ChoiceField(label="What is in it?", choices=KINDS, widget=forms.RadioSelect, initial="events")


class MappingForm(forms.Form):
    """A choice of column for each field of an event, the time zone, and a mapping in TOML for all else."""

    timezone = forms.ChoiceField(
        label="Time zone of times that name none",
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
        initial="UTC",
    )
    toml = forms.CharField(
        label="Mapping (TOML)",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )

    def __init__(self, kind: str, columns: tuple[str, ...], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        choices = [("", "as guessed"), *((column, column) for column in columns)]
        if kind == "events":
            for name, label in FIELDS.items():
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.order_fields([*FIELDS, "timezone", "toml"])

    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data.get(name)}
