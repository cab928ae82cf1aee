"""Entry of the navigation for experiments."""

from typing import Final

from nousnous.workspaces.menu import PROVE, Entry

ENTRIES: Final = (Entry(PROVE, 10, "Experiments", "experiments:list", "experiments:read", key="e"),)
