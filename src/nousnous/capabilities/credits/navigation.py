"""Entry of the navigation for credits."""

from typing import Final

from nousnous.workspaces.menu import ACT, Entry

ENTRIES: Final = (Entry(ACT, 40, "Credits", "credits:list", "credits:read", under="plays:list"),)
