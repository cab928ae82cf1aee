"""The entry of the navigation."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (Entry(UNDERSTAND, 34, "Themes", "themes:themes", "themes:read", key="t"),)
