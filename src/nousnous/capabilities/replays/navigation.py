"""Entries of the navigation for replays and heat maps."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (
    Entry(UNDERSTAND, 50, "Replays", "replays:list", "replays:read", key="w"),
    Entry(UNDERSTAND, 52, "Heat maps", "replays:heat", "replays:read", key="k", under="replays:list"),
)
