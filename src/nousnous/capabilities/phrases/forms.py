"""What members type in: a wording, why one is not served, an article."""

from typing import Final

from django import forms

TONES: Final = ("plain", "empathetic", "conversational", "legal")
WIDE: Final = {"rows": 3}


class WordingForm(forms.Form):
    key = forms.CharField(
        label="Key", max_length=100, help_text="By which programs ask for it, such as refund.delay; one key a thing."
    )
    jargon = forms.CharField(
        label="How we say it among ourselves", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    plain = forms.CharField(label="What the customer reads", widget=forms.Textarea(attrs=WIDE))
    tone = forms.CharField(label="Tone", max_length=40, initial="plain", help_text=f"A word: {', '.join(TONES)}.")
    locale = forms.CharField(label="Language", max_length=20, initial="en", help_text="Such as en, de or pt-br.")
    used_in = forms.CharField(
        label="Where it is used", required=False, help_text="Pages, mails, macros: who changes it looks there."
    )
    evidence = forms.CharField(
        label="What says that customers understand it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A workshop, an experiment, tickets that became fewer.",
    )


class ArticleForm(forms.Form):
    slug = forms.CharField(label="Address", max_length=100, help_text="Its place in the help, such as late-orders.")
    title = forms.CharField(label="Title", max_length=200)
    locale = forms.CharField(label="Language", max_length=20, initial="en", help_text="Such as en, de or pt-br.")
    text = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Markdown: # heading, - list, **strong**, [words](https://…). HTML is shown as it is written.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why not?", max_length=500)
