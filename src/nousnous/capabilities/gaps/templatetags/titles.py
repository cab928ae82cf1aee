"""`{{ title|clauses }}`: a title that breaks at its colon first. `{{ report.as_of|as_of }}`: how new the data are."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nousnous.capabilities.gaps.measures.phrases import data_as_of

register = template.Library()


@register.filter
def clauses(title: str) -> str | SafeString:
    first, colon, rest = title.partition(": ")
    if not colon:
        return title
    return format_html('<span class="clause">{}:</span> <span class="clause">{}</span>', first, rest)


@register.filter
def as_of(moment: str) -> str:
    return data_as_of(moment)
