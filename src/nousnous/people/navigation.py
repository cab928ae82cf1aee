"""Entries of the navigation for people."""

from typing import Final

from nousnous.people.actions.searches import waiting_suggestions
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import UNDERSTAND, Badge, Entry


def _waiting(access: Access) -> Badge | None:
    count = len(waiting_suggestions(access.workspace))
    return Badge(count, "merges to decide") if count else None


ENTRIES: Final = (Entry(UNDERSTAND, 60, "People", "people:search", "people:read", key="p", badge=_waiting),)
