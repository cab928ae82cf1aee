"""What members write on the pages of journeys, steps, fractures and segments."""

import re
from typing import Any

from django import forms

from nousnous.facts.evidence import KINDS
from nousnous.facts.journeys import STAGES, Matcher, Step
from nousnous.journeys.matching import microseconds, span_text

CHANNELS = ("web", "app", "store", "phone", "chat", "e-mail")


class Names(forms.CharField):
    """Event names with commas between them."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "names", "autocomplete": "off"})
        super().__init__(widget=widget, max_length=1000, **options)


class StepForm(forms.Form):
    """A step without a word of TOML."""

    name = forms.CharField(label="Name", max_length=120)
    after = forms.ChoiceField(label="Comes after", required=False)
    stage = forms.ChoiceField(
        label="Stage", required=False, choices=[("", "None"), *[(stage, stage.capitalize()) for stage in STAGES]]
    )
    channel = forms.CharField(
        label="Channel",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "channels", "autocomplete": "off"}),
    )
    owner = forms.CharField(label="Owner", required=False, max_length=120)
    starts = Names(label="Starts with the event", help_text="Several with commas: any of them suffices.")
    completes = Names(label="Is completed by", required=False, help_text="Empty: a start completes it.")
    fails = Names(label="Fails with", required=False)
    within = forms.CharField(
        label="Belongs together within", initial="30m", max_length=20, help_text="Such as 45s, 30m, 2h, 1d."
    )
    designed = forms.CharField(
        label="What was designed", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="The intent."
    )
    backstage = forms.CharField(
        label="Backstage", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Who and what is behind."
    )
    service = forms.BooleanField(label="This step is customer service", required=False)

    def __init__(self, steps: tuple[Step, ...], data: Any = None, *, step: Step | None = None) -> None:
        super().__init__(data, initial=_initial(step) if step else {"after": steps[-1].id if steps else ""})
        self.steps, self.step = steps, step
        if step is None:
            choices = [("", "Nothing: it is the first"), *[(one.id, one.name) for one in steps]]
            self.fields["after"] = forms.ChoiceField(label="Comes after", required=False, choices=choices)
        else:
            del self.fields["after"]
            for key in ("starts", "completes", "fails"):
                if any(matcher.where for matcher in getattr(step, key)):
                    del self.fields[key]

    def clean_within(self) -> str:
        within = str(self.cleaned_data["within"]).strip()
        if not microseconds(within):
            raise forms.ValidationError("Write a span above 0, such as 45s, 30m, 2h or 1d.")
        return within

    def values(self) -> dict[str, Any]:
        """The fields as they stand in the file."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "after"}
        for key in ("starts", "completes", "fails"):
            if key in given:
                given[key] = _matcher(str(given[key]))
        if self.step is None:
            given["id"] = self._new_id(str(given["name"]))
        elif given["within"] == span_text(self.step.within_us):
            del given["within"]
        return given

    def _new_id(self, name: str) -> str:
        base = identity = re.sub(r"[^\w]+", "-", name.lower()).strip("-_") or "step"
        number = 2
        while identity in {step.id for step in self.steps}:
            identity, number = f"{base}-{number}", number + 1
        return identity


class PeopleForm(forms.Form):
    """Who stands for a journey."""

    owner = forms.CharField(required=False, max_length=120, help_text="Answers for the journey as a whole.")
    champion = forms.CharField(required=False, max_length=120, help_text="Argues for the customers.")
    defender = forms.CharField(required=False, max_length=120, help_text="Argues for the employees.")


class FractureForm(forms.Form):
    """One moment with both sides of it."""

    meant = forms.CharField(
        label="What we meant", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    felt = forms.CharField(
        label="What the customer felt", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    kind = forms.ChoiceField(
        label="Where it was seen", choices=[(kind, f"{kind}: {what}") for kind, what in KINDS.items()]
    )
    reference = forms.CharField(label="Reference", required=False, max_length=500)
    weight = forms.ChoiceField(
        label="Weight", choices=[("1", "Breaks the promise"), ("0.6", "Hurts"), ("0.3", "Annoys")]
    )


def _initial(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "stage": step.stage or "",
        "channel": step.channel or "",
        "owner": step.owner or "",
        "starts": _names(step.starts),
        "completes": _names(step.completes),
        "fails": _names(step.fails),
        "within": span_text(step.within_us),
        "designed": step.designed,
        "backstage": step.backstage,
        "service": step.service,
    }


def _names(matchers: tuple[Matcher, ...]) -> str:
    return ", ".join(name for matcher in matchers for name in matcher.events)


def _matcher(text: str) -> dict[str, Any] | None:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        return None
    return {"event": names[0] if len(names) == 1 else names}
