"""The API as people read it: its endpoints by part, from the same schema that programs read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

SCOPE = "\n\nScope: `"


@dataclass(frozen=True, slots=True)
class Field:
    """What an endpoint takes: in its path, its query or its body."""

    name: str
    place: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address, and the scope that it asks for; none is asked of everybody."""

    method: str
    path: str
    meaning: str
    scope: str
    fields: tuple[Field, ...]

    @property
    def pieces(self) -> list[str]:
        """The address in pieces between which a line may break."""
        return re.findall(r"/[^/]*", self.path)


def endpoints_by_part(schema: Mapping[str, Any]) -> dict[str, list[Endpoint]]:
    """The endpoints of a schema by their tag, each part in the order of its addresses."""
    parts: dict[str, list[Endpoint]] = {}
    for path, methods in sorted(schema["paths"].items()):
        for method, found in methods.items():
            meaning, _, scope = found["description"].partition(SCOPE)
            fields = tuple(_fields(found, schema))
            endpoint = Endpoint(method.upper(), path, meaning, scope.rstrip(".").rstrip("`"), fields)
            parts.setdefault(found["tags"][0], []).append(endpoint)
    return dict(sorted(parts.items()))


class Pages(DocsBase):
    """The endpoints as one page of this site, readable without a script."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        parts = endpoints_by_part(api.get_openapi_schema())
        context = {
            "parts": [(part.capitalize(), found) for part, found in parts.items()],
            "count": sum(map(len, parts.values())),
            "paragraphs": [text for text in api.description.split("\n\n") if text.strip()],
            "schema": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api.html", context)


def code_in(text: str) -> SafeString:
    """A text with what stands in backticks as code.

    >>> code_in("Send `a<b>` now")
    'Send <code>a&lt;b&gt;</code> now'
    """
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", one) if at % 2 else one,) for at, one in parts))


def _fields(found: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Field]:
    for one in found.get("parameters", []):
        yield Field(one["name"], one["in"], one["schema"].get("description", ""))
    for content in found.get("requestBody", {}).get("content", {}).values():
        body = content["schema"]
        if "$ref" in body:
            body = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]
        for name, described in body.get("properties", {}).items():
            yield Field(name, "body", described.get("description", ""))
