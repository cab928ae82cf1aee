"""The entry of the navigation for work in the background."""

from typing import Final

from nousnous.runs.models import Run
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import WORKSPACE, Badge, Entry


def _dead(access: Access) -> Badge | None:
    count = Run.objects.of(access.workspace).filter(status=Run.DEAD).count()
    return Badge(count, "gave up") if count else None


ENTRIES: Final = (Entry(WORKSPACE, 8, "Background work", "runs:work", "runs:read", badge=_dead),)
