"""Entries of the navigation for signals."""

from typing import Final

from nousnous.workspaces.menu import WORKSPACE, Entry

ENTRIES: Final = (
    Entry(WORKSPACE, 36, "Browsers", "collector:browsers", "keys:read", under="workspaces:keys"),
    Entry(WORKSPACE, 4, "Imports", "collector:imports", "imports:read", key="i"),
    Entry(WORKSPACE, 6, "Quarantine", "collector:quarantine", "quarantine:read", under="collector:imports"),
)
