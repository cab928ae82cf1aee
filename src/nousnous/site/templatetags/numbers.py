"""Filters that say numbers as `charts.words` does: `{{ debt.value|money:debt.currency }}`, `{{ share|percent }}`."""

from django import template

from nousnous.charts import words

register = template.Library()


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    return words.number(value, digits)


@register.filter
def signed(value: float | None, digits: int = 0) -> str:
    return words.signed(value, digits)


@register.filter
def percent(value: float | None, digits: int = 0) -> str:
    return words.percent(value, digits)


@register.filter
def to_the_cent(cents: int, currency: str) -> str:
    return words.to_the_cent(cents, currency)


@register.filter
def money(value: float | None, currency: str) -> str:
    return words.money(value, currency)


@register.filter
def duration(value: float | None) -> str:
    return words.duration(value)


@register.filter
def reading(value: float | None, unit: str) -> str:
    return words.reading(value, unit)


@register.filter
def verdict(value: str) -> str:
    return words.VERDICTS[value]
