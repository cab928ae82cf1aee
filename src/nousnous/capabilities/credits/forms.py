"""What members type in to set a budget, to grant and to reverse."""

from django import forms


class BudgetForm(forms.Form):
    amount = forms.CharField(label="Budget in all", max_length=20, help_text="What may be given in all, such as 500.")
    period_days = forms.IntegerField(
        label="Days until the same person may be given another", min_value=1, max_value=3_650, initial=90
    )


class GrantForm(forms.Form):
    person = forms.CharField(label="Person", max_length=500, help_text="Their id, exactly as it was sent.")
    amount = forms.CharField(
        label="Amount", max_length=20, required=False, help_text="Left empty, it is one month of their subscription."
    )
    month = forms.CharField(
        label="What a month costs them",
        max_length=20,
        required=False,
        help_text="Needed only where no event “Subscription Started” tells it.",
    )


class ReverseForm(forms.Form):
    reason = forms.CharField(label="Why is it taken back?", max_length=500)
