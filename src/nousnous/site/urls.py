"""Every address of the site: those of each installed part, found by name, and those of sign-in and the API.

A part's `urls.py` has `app_name`, and `urlpatterns` for the root or `workspace_urlpatterns` for `/w/<slug>/`.
"""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from nousnous.site import accounts
from nousnous.site.api import api
from nousnous.site.parts import modules
from nousnous.site.views import start
from nousnous.workspaces.access import public

handler400 = "nousnous.site.errors.bad_request"
handler404 = "nousnous.site.errors.missing"
handler500 = "nousnous.site.errors.server_error"


def _of_parts() -> list[URLResolver]:
    found = []
    for module in modules("urls"):
        inside: list[Any] = getattr(module, "workspace_urlpatterns", [])
        patterns = [*getattr(module, "urlpatterns", []), path("w/<slug:workspace>/", include(inside))]
        found.append(path("", include((patterns, module.app_name))))
    return found


def _with_own_doors(patterns: tuple[Any, str, str]) -> tuple[Any, str, str]:
    """The API's own door asks for tokens and words; the door of the pages lets it through."""
    for pattern in patterns[0]:
        if getattr(pattern.callback, "permission", None) is None:
            public(pattern.callback)
    return patterns


urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    *_of_parts(),
    path("api/", _with_own_doors(api.urls)),
    *accounts.urlpatterns,
]
