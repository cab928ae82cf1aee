"""The entry of the navigation for the language gap."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (Entry(UNDERSTAND, 36, "Language gap", "language:audit", "language:read", key="v"),)
