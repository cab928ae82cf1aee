"""Entries of the navigation for the phrase book, with what waits for approval, and for articles."""

from typing import Final

from nousnous.capabilities.phrases.actions.serving import count_waiting
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import ACT, Badge, Entry


def _waiting(access: Access) -> Badge | None:
    waiting = count_waiting(access.workspace)
    return Badge(waiting, "to approve") if waiting else None


ENTRIES: Final = (
    Entry(ACT, 50, "Phrase book", "phrases:list", "phrases:read", badge=_waiting),
    Entry(ACT, 55, "Articles", "phrases:articles", "phrases:read", under="phrases:list"),
)
