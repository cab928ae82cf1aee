"""The entry of the navigation for channels; its number says how many take nothing any more."""

from typing import Final

from nousnous.plays.channels.models import Channel
from nousnous.workspaces.access import Access
from nousnous.workspaces.menu import WORKSPACE, Badge, Entry


def _refused(access: Access) -> Badge | None:
    count = Channel.objects.filter(workspace=access.workspace).exclude(trouble="").count()
    return Badge(count, "in trouble") if count else None


ENTRIES: Final = (Entry(WORKSPACE, 3, "Channels", "channels:list", "plays:read", badge=_refused),)
