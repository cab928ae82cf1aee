"""The entry of the navigation for spreads."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (Entry(UNDERSTAND, 15, "Spreads", "spreads:spreads", "spreads:read", key="d"),)
