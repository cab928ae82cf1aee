"""The entry of the navigation for who fades."""

from typing import Final

from nousnous.workspaces.menu import ACT, Entry

ENTRIES: Final = (Entry(ACT, 5, "Who fades", "attrition:people", "attrition:read", key="f"),)
