"""`{% style %}`: the style of the site, within the page."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def style() -> SafeString:
    return mark_safe(settings.STYLE)  # noqa: S308  # as it was built
