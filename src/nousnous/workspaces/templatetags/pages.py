"""`{% page "gaps:step" step="checkout" %}`: the address of a page in the workspace of this page."""

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def page(context: template.Context, name: str, **named: Any) -> str:
    return reverse(name, kwargs={"workspace": context["workspace"].slug, **named})
