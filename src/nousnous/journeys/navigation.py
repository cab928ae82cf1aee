"""Entries of the navigation for journeys and segments."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (
    Entry(UNDERSTAND, 30, "Journeys", "journeys:list", "journeys:read", key="j"),
    Entry(UNDERSTAND, 65, "Segments", "journeys:segments", "segments:read", key="s", under="people:search"),
)
