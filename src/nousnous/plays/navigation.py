"""The entry of the navigation for plays; its number says how many of their firings failed."""

from typing import Final

from nousnous.plays.models import Firing
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import ACT, Badge, Entry


def _failed(access: Access) -> Badge | None:
    count = Firing.objects.of(access.workspace).filter(state=Firing.FAILED).count()
    return Badge(count, "failed") if count else None


ENTRIES: Final = (Entry(ACT, 10, "Plays", "plays:list", "plays:read", key="l", badge=_failed),)
