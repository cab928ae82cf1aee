"""Entries of the navigation for cases."""

from typing import Final

from nousnous.capabilities.cases.actions.reading import count_waiting
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import ACT, Badge, Entry


def _waiting(access: Access) -> Badge | None:
    """How many wait for a call."""
    count = count_waiting(access.workspace)
    return Badge(count, "wait for a call") if count else None


ENTRIES: Final = (Entry(ACT, 7, "War room", "cases:list", "cases:read", key="c", badge=_waiting),)
