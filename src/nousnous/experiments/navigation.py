"""Entries of the navigation for experiments and fixes."""

from typing import Final

from nousnous.workspaces.menu import PROVE, Entry

ENTRIES: Final = (
    Entry(PROVE, 10, "Experiments", "experiments:list", "experiments:read", key="e"),
    Entry(PROVE, 20, "Fixes", "experiments:fixes", "experiments:read"),
)
