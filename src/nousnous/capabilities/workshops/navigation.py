"""Entry of the navigation for workshops of tone."""

from typing import Final

from nousnous.workspaces.menu import ACT, Entry

ENTRIES: Final = (Entry(ACT, 60, "Workshops", "workshops:list", "workshops:read", under="phrases:list"),)
