"""What members type in to make a workshop, and to whom its links are sent."""

from typing import Any, Final

from django import forms

TONES: Final = ("legal", "empathetic", "conversational")
KINDS: Final = (("text", "As text"), ("recording", "As recordings"), ("call", "In a live call, slot by slot"))


class WorkshopForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200, help_text="For you; customers do not see it.")
    key = forms.CharField(
        label="Key in the phrase book", max_length=100, help_text="Where the winner goes, such as refund.delay."
    )
    sentence = forms.CharField(
        label="The policy or sentence as it is",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Customers see it above the versions.",
    )
    locale = forms.CharField(label="Language", max_length=20, initial="en")
    kind = forms.ChoiceField(label="How it is shown", choices=KINDS)
    call = forms.URLField(
        label="Address of the call", required=False, assume_scheme="https", help_text="Only of a live call."
    )
    minutes = forms.IntegerField(
        label="Minutes that the vote is open",
        min_value=1,
        max_value=44_640,
        initial=60,
        help_text="The closing is set when you open it, and cannot be moved.",
    )
    monthly = forms.BooleanField(label="Hold it again each month, and show how it drifts", required=False)
    empathy = forms.BooleanField(
        label="Ask how well each customer feels understood",
        required=False,
        help_text="From 1 to 5, of the sentence as it is and of one version that is drawn for each.",
    )
    groups = forms.CharField(
        label="Groups to choose from",
        required=False,
        help_text="Divided by commas, such as new here, member. Left empty, nobody is asked.",
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for number, tone in enumerate(TONES, 1):
            self.fields[f"tone_{number}"] = forms.CharField(
                label=f"Tone of version {number}", max_length=40, initial=tone
            )
            words = forms.Textarea(attrs={"rows": 3})
            self.fields[f"text_{number}"] = forms.CharField(label=f"Words of version {number}", widget=words)
            self.fields[f"recording_{number}"] = forms.URLField(
                label=f"Recording of version {number}", required=False, assume_scheme="https"
            )

    def document(self) -> dict[str, Any]:
        """The workshop as its document says it."""
        said = self.cleaned_data
        versions = [{name: said[f"{name}_{number}"] for name in ("tone", "text", "recording")} for number in (1, 2, 3)]
        names = ("name", "key", "sentence", "locale", "kind", "call", "minutes", "monthly", "empathy")
        groups = [one.strip() for one in said["groups"].split(",") if one.strip()]
        return {name: said[name] for name in names} | {"versions": versions, "groups": groups}


class LettersForm(forms.Form):
    recipients = forms.CharField(
        label="E-mail addresses, one a line",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=300_000,
        help_text="Add the person's id after a comma, and their consent is asked. Neither is kept.",
    )
