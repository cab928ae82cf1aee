"""The entry of the navigation."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (
    Entry(UNDERSTAND, 58, "Accessibility", "accessibility:zones", "accessibility:read", key="x", under="replays:list"),
)
