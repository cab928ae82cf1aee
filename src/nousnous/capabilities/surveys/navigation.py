"""The entry of the navigation for surveys."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (Entry(UNDERSTAND, 32, "Surveys", "surveys:surveys", "surveys:read", key="y"),)
