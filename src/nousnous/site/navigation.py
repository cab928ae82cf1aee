"""The navigation: the entries of all parts that a member may use, by group."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from nousnous.site.parts import modules
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import GROUPS, Badge, Entry
from nousnous.workspaces.models import Member


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it."""

    label: str
    address: str
    current: bool
    key: str
    badge: Badge | None


@cache
def entries() -> tuple[Entry, ...]:
    """The entries of every installed part, in the order of the groups."""
    found: list[Entry] = [entry for module in modules("navigation") for entry in module.ENTRIES]
    return tuple(sorted(found, key=lambda entry: (GROUPS.index(entry.group), entry.order, entry.label)))


def first_address(access: Access) -> str:
    """The first page in the navigation that a member may see."""
    entry = next(entry for entry in entries() if access.allows(entry.permission))
    return reverse(entry.url_name, kwargs={"workspace": access.workspace.slug})


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the workspace, what the member may, the other workspaces and the entries."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        return {"navigation": []}
    groups = [(group, [_link(request, entry, access) for entry in _entries(group, access)]) for group in GROUPS]
    return {
        "workspace": access.workspace,
        "access": access,
        "navigation": [(group, links) for group, links in groups if links],
        "workspaces": [member.workspace for member in Member.objects.of(request.user)],
    }


def _entries(group: str, access: Access) -> list[Entry]:
    return [entry for entry in entries() if entry.group == group and access.allows(entry.permission)]


def _link(request: HttpRequest, entry: Entry, access: Access) -> Link:
    address = reverse(entry.url_name, kwargs={"workspace": access.workspace.slug})
    match = request.resolver_match
    here = match is not None and match.view_name == entry.url_name
    return Link(entry.label, address, here, entry.key, entry.badge(access) if entry.badge else None)
