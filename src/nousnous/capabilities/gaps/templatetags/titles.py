"""`{{ title|clauses }}`: a title that breaks at its colon before it breaks anywhere else."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def clauses(title: str) -> str | SafeString:
    first, colon, rest = title.partition(": ")
    if not colon:
        return title
    return format_html('<span class="clause">{}:</span> <span class="clause">{}</span>', first, rest)
