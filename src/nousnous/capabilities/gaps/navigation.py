"""Entries of the navigation for the loop, the gap, beliefs and readiness."""

from typing import Final

from nousnous.capabilities.gaps.actions.beliefs import list_beliefs
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import PROVE, UNDERSTAND, Badge, Entry


def _unsealed(access: Access) -> Badge | None:
    count = sum(belief.sealed_at is None for belief in list_beliefs(access.workspace))
    return Badge(count, "not sealed") if count else None


ENTRIES: Final = (
    Entry(UNDERSTAND, 0, "Home", "gaps:home", "gaps:read", key="h"),
    Entry(UNDERSTAND, 10, "The gap", "gaps:gap", "gaps:read", key="a"),
    Entry(UNDERSTAND, 20, "Beliefs", "gaps:beliefs", "beliefs:read", key="b", badge=_unsealed),
    Entry(PROVE, 90, "Readiness", "gaps:readiness", "gaps:read", key="r"),
)
