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
    """An entry as the page shows it; `current` is "page" on it and "true" on a page beneath it."""

    label: str
    address: str
    current: str
    key: str
    badge: Badge | None
    under: bool
    folded: bool


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
    groups = [(group, _links(request.path, _entries(group, access), access)) for group in GROUPS]
    return {
        "workspace": access.workspace,
        "access": access,
        "navigation": [(group, links) for group, links in groups if links],
        "workspaces": [member.workspace for member in Member.objects.of(request.user)],
    }


def _entries(group: str, access: Access) -> list[Entry]:
    return [entry for entry in entries() if entry.group == group and access.allows(entry.permission)]


def _links(here: str, found: list[Entry], access: Access) -> list[Link]:
    """The links of a group; what lies under an entry is folded away while somebody is elsewhere."""
    slug = access.workspace.slug
    shown = {entry.url_name: reverse(entry.url_name, kwargs={"workspace": slug}) for entry in found}
    beneath = [
        address
        for address in shown.values()
        if here == address or (here.startswith(address) and address != f"/w/{slug}/")
    ]
    at = max(beneath, key=len, default="")
    opened = {at, *(shown.get(entry.under, "") for entry in found if shown[entry.url_name] == at)}
    links = []
    for entry in found:
        address, parent = shown[entry.url_name], shown.get(entry.under)
        current = "" if address != at else "page" if here == at else "true"
        badge = entry.badge(access) if entry.badge else None
        folded = parent is not None and parent not in opened and badge is None
        links.append(Link(entry.label, address, current, entry.key, badge, parent is not None, folded))
    return links
