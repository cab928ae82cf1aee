"""What members say of a file that they import."""

from typing import Any

from django import forms

from nousnous.base.timezones import timezone_choices
from nousnous.collector.capture import PARTS, Capture
from nousnous.collector.imports import encodings
from nousnous.collector.imports.conversations import PACKAGED
from nousnous.collector.imports.uploads import Asked

KINDS = (
    ("events", "Events: each row is something that happened"),
    ("survey", "Survey: each row holds one person's answers"),
    ("conversations", "Conversations: each row is a message or a ticket"),
    ("replay", "Recording: what a session showed, as rrweb wrote it"),
)
MESSAGE_FIELDS = {
    "conversation": "Which conversation",
    "side": "Who wrote: customer, agent or bot",
    "time": "When it was written",
    "text": "What was written",
    "person": "Who the customer is",
    "message": "The message's own id",
    "channel": "Channel",
    "topic": "Topic",
    "group": "Group of agents",
    "bot_version": "Version of the bot",
}
FIELDS = {
    "event": "What happened",
    "timestamp": "When it happened",
    "user_id": "Who: the known id",
    "anonymous_id": "Who: the anonymous id",
    "message_id": "The row's own id",
    "revenue": "What it brought in, as a number",
}
AS_GUESSED = ("", "as guessed")
ENCODINGS = (AS_GUESSED, *encodings.ENCODINGS.items())
DATE_ORDERS = (AS_GUESSED, ("day-first", "Day first: 31/12/2025"), ("month-first", "Month first: 12/31/2025"))
DECIMALS = (AS_GUESSED, (",", "Decimal comma: 1.234,50"), (".", "Decimal point: 1,234.50"))
READINGS = ("timezone", "encoding", "time_format", "decimal")


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV, JSON lines, Parquet, or JSON of a recording; gzipped or not. "
        "A ZIP of a warehouse's tables of Zendesk or Intercom.",
    )
    kind = forms.ChoiceField(label="What is in it?", choices=KINDS, widget=forms.RadioSelect, initial="events")


class CaptureForm(forms.Form):
    """What browsers are asked to tell."""

    parts = forms.MultipleChoiceField(
        label="What pages tell by themselves",
        choices=list(PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    share = forms.IntegerField(
        label="Of how many browsers, per cent",
        min_value=0,
        max_value=100,
        help_text="The rest sends only what your own code tells. A browser stays in or out.",
    )
    replay_share = forms.IntegerField(
        label="Of how many sessions a recording, per cent",
        min_value=0,
        max_value=100,
        help_text="Where recordings are on. A session is recorded as a whole or not at all.",
    )
    scan_share = forms.IntegerField(
        label="Of how many sessions a look for barriers, per cent",
        min_value=0,
        max_value=100,
        help_text="Where barriers are looked for: once for each screen and version, while the page is idle.",
    )
    show_text = forms.BooleanField(
        label="Show the text of pages in recordings",
        required=False,
        help_text="Else every letter is a star. What people type is hidden in any case, unless your page shows it.",
    )
    query = forms.CharField(
        label="Query parameters to keep",
        required=False,
        help_text="Separated by spaces. All others are cut off addresses; those of campaigns are always kept.",
    )
    traits = forms.CharField(
        label="Traits to keep",
        required=False,
        help_text="Separated by spaces. What your code tells of a person besides stays in the browser.",
    )
    properties = forms.CharField(
        label="Properties of your own events to keep",
        required=False,
        help_text="Separated by spaces. Fields of orders are always kept, without names and texts; all else that your "
        "code tells of an event stays in the browser.",
    )

    def chosen(self) -> Capture:
        told = self.cleaned_data
        query, traits, properties = (tuple(told[name].split()) for name in ("query", "traits", "properties"))
        shares = (told["replay_share"], told["show_text"], told["scan_share"])
        return Capture(tuple(told["parts"]), told["share"], query, traits, *shares, properties)


class RecordingForm(forms.Form):
    """Whose recording a file is."""

    person = forms.CharField(
        label="Whose recording is it?",
        required=False,
        max_length=200,
        help_text="The person's id as your events name it; empty for somebody unknown.",
    )

    def asked(self) -> Asked:
        return Asked(columns={"person": self.cleaned_data["person"]})


class MappingForm(forms.Form):
    """A choice of column for each field of an event or a message, how the file is written, and TOML for all else."""

    encoding = forms.ChoiceField(label="Letters", choices=ENCODINGS, required=False)
    time_format = forms.ChoiceField(label="Dates with slashes", choices=DATE_ORDERS, required=False)
    decimal = forms.ChoiceField(label="Numbers", choices=DECIMALS, required=False)
    toml = forms.CharField(
        label="Mapping (TOML)",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )

    def __init__(self, kind: str, columns: tuple[str, ...], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        choices = [("", "as guessed"), *((column, column) for column in columns)]
        self._asked = {"events": FIELDS, "conversations": MESSAGE_FIELDS}.get(kind, {})
        if kind == "conversations":
            tools = [("", "as guessed, or by the mapping below"), *((one, one.capitalize()) for one in PACKAGED)]
            self.fields["tool"] = forms.ChoiceField(label="Whose export", choices=tools, required=False)
            del self.fields["decimal"]
        if columns or kind == "events":
            for name, label in self._asked.items():
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        zones = list(timezone_choices((initial or {}).get("timezone", "")))
        self.fields["timezone"] = forms.ChoiceField(label="Time zone of times that name none", choices=zones)
        self.order_fields(["tool", *self._asked, *READINGS, "toml"])

    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._asked if self.cleaned_data.get(name)}

    def asked(self) -> Asked:
        """What was said, with how the file is written where somebody said so."""
        reading = {name: self.cleaned_data.get(name, "") for name in (*READINGS, "tool")}
        return Asked(self.cleaned_data["toml"], self.columns(), **reading)
