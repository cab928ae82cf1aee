"""What members write about people."""

from django import forms

from nousnous.people.actions.consents import PURPOSES, STATES


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=[(purpose, f"{purpose}: {meaning}") for purpose, meaning in PURPOSES.items()])
    state = forms.ChoiceField(choices=[(state, state) for state in STATES])


class MergeForm(forms.Form):
    known_id = forms.CharField(label="Known id of the person to merge into", max_length=500)


class EraseForm(forms.Form):
    confirmation = forms.CharField(label="Write the person's id to confirm", max_length=500)
