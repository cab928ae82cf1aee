"""A play without a word of TOML: every field is named after the line of the file that it writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField

from nousnous.journeys.catalogue import METRICS
from nousnous.plays.building import Asks
from nousnous.plays.registry import Action, Ask

NAMES: Final = forms.TextInput(attrs={"list": "names", "autocomplete": "off"})
SHOWN: Final = {
    "event": ("When somebody does something, or fails to", ("event", "property", "values", "without", "within")),
    "fact": ("When the product finds something about somebody", ("fact", "fact.property", "fact.values")),
    "schedule": ("By the calendar, for everybody of a segment", ("schedule", "timezone")),
    "metric": ("When a metric passes a value, for the team", ("metric", "place", "side", "value", "over")),
}
LIMITS: Final = ("every", "once", "most_a_day", "quiet", "timezone", "budget", "cost")
ONCE: Final = [("", "As usual: once, by the calendar each time"), ("yes", "Once, ever"), ("no", "Each time")]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from in a workspace: segments, steps as “journey/step”, facts, actions."""

    segments: Sequence[str]
    places: Sequence[tuple[str, str]]
    facts: Sequence[str]
    actions: Mapping[str, Action]

    @property
    def asks(self) -> Asks:
        return {name: action.asks for name, action in self.actions.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways, with the fields that it needs."""

    name: str
    value: str
    label: str
    chosen: bool
    fields: tuple[BoundField, ...]

    @property
    def id(self) -> str:
        return f"id_{self.name}.{self.value}"


class PlayForm(forms.Form):
    """What pulls the trigger, for whom, what is done, whom it leaves alone."""

    def __init__(self, choices: Choices, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial), label_suffix="")
        self.choices = choices
        self.fields.update(_trigger_fields(choices) | _limit_fields() | _action_fields(choices))
        segments = [("", "Everybody"), *[(one, one) for one in choices.segments]]
        self.fields["play.name"] = forms.CharField(label="Name", max_length=200)
        self.fields["play.audience"] = forms.ChoiceField(label="Audience", choices=segments, required=False)
        self.fields["holdout.share"] = forms.FloatField(
            label="Left alone, in per cent", min_value=0, max_value=90, help_text="To prove what the play does."
        )

    @property
    def head(self) -> Iterable[BoundField]:
        return [self["play.name"]]

    @property
    def people(self) -> Iterable[BoundField]:
        return [self["play.audience"], self["holdout.share"]]

    @property
    def limits(self) -> Iterable[BoundField]:
        return [self[f"limits.{name}"] for name in LIMITS]

    @property
    def triggers(self) -> Iterable[Choice]:
        chosen = self["trigger.kind"].value()
        for kind, (label, names) in SHOWN.items():
            fields = tuple(self[f"trigger.{name}"] for name in names)
            yield Choice("trigger.kind", kind, label, chosen == kind, fields)

    @property
    def actions(self) -> Iterable[Choice]:
        for name, action in self.choices.actions.items():
            fields = tuple(self[f"do.{name}.{ask.name}"] for ask in action.asks)
            label = action.label or name.replace("_", " ").capitalize()
            yield Choice("do", name, label, bool(self[f"do.{name}"].value()), fields)


def _trigger_fields(choices: Choices) -> dict[str, forms.Field]:
    kinds = [(kind, label) for kind, (label, _) in SHOWN.items()]
    facts = [("", "Choose one"), *[(name, name.replace("_", " ").capitalize()) for name in choices.facts]]
    metrics = [("", "Choose one"), *[(one.id, one.name) for one in METRICS.values()]]
    found: dict[str, forms.Field] = {
        "kind": forms.ChoiceField(choices=kinds),
        "event": _line("Event", widget=NAMES, help="Several with commas: any of them suffices."),
        "property": _line("Only where this property", help="Such as plan; empty: always."),
        "values": _line("Is", help="Several with commas."),
        "without": _line("And not one of these events", widget=NAMES, help="Empty: act at once."),
        "within": _line("Within", help="Such as 48h or 30d."),
        "fact": forms.ChoiceField(label="What it finds", choices=facts, required=False),
        "fact.property": _line("Only where", help="Such as signal or step; empty: always."),
        "fact.values": _line("Is", help="Several with commas."),
        "schedule": _line("When, as five cron fields", help="0 9 * * 1 is Mondays at 9."),
        "timezone": _line("Time zone", help="Such as Europe/Berlin; empty: the workspace's."),
        "metric": forms.ChoiceField(label="Metric", choices=metrics, required=False),
        "place": forms.ChoiceField(label="At the step", choices=[("/", "Choose one"), *choices.places], required=False),
        "side": forms.ChoiceField(label="Its whole interval lies", choices=[("below", "below"), ("above", "above")]),
        "value": forms.FloatField(label="This value", required=False, help_text="Shares in per cent."),
        "over": _line("Over the last", help="Such as 7d; empty: 28d."),
    }
    found["side"].required = False
    return {f"trigger.{name}": field for name, field in found.items()}


def _limit_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {
        "every": _line("Rest between all plays", help="Nobody whom any play reached in this time: 7d."),
        "once": forms.ChoiceField(label="Each person", choices=ONCE, required=False),
        "most_a_day": forms.IntegerField(label="People a day, at most", required=False, min_value=1),
        "quiet": _line("Quiet hours", help="21:00-08:00, on the person's clock where it is known."),
        "timezone": _line("Time zone of quiet hours", help="Where theirs is not known; empty: the workspace's."),
        "budget": forms.FloatField(label="Budget of a month", required=False, help_text="Then all arms stop together."),
        "cost": forms.FloatField(label="What one person costs", required=False),
    }
    return {f"limits.{name}": field for name, field in found.items()}


def _action_fields(choices: Choices) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for name, action in choices.actions.items():
        found[f"do.{name}"] = forms.BooleanField(required=False)
        found |= {f"do.{name}.{ask.name}": _asked(ask) for ask in action.asks}
    return found


def _asked(ask: Ask) -> forms.Field:
    label = ask.name.replace("_", " ").capitalize() + ("" if ask.needed else " (optional)")
    if ask.kind == "number":
        return forms.FloatField(label=label, required=False, help_text=ask.help)
    widget = None if ask.kind == "line" else forms.Textarea(attrs={"rows": 3})
    return _line(label, widget=widget, help=ask.help)


def _line(label: str, *, widget: forms.Widget | None = None, help: str = "") -> forms.CharField:  # noqa: A002  # as Django says it
    return forms.CharField(label=label, required=False, max_length=5_000, widget=widget, help_text=help)
