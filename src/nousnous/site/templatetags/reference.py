"""`{{ text|code }}`: what stands in backticks as code."""

from django import template
from django.utils.safestring import SafeString

from nousnous.site.reference import code_in

register = template.Library()


@register.filter
def code(text: str) -> SafeString:
    return code_in(text)
