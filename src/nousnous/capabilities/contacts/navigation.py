"""The entry of the navigation for contacts that come back."""

from typing import Final

from nousnous.workspaces.menu import UNDERSTAND, Entry

ENTRIES: Final = (
    Entry(UNDERSTAND, 38, "Repeat contacts", "contacts:contacts", "contacts:read", key="n", under="language:audit"),
)
