"""An entry of the navigation. A part lists its own in `navigation.ENTRIES`; `site` puts them together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nousnous.workspaces.access import Access

UNDERSTAND: Final = "Understand"
ACT: Final = "Act"
PROVE: Final = "Prove"
WORKSPACE: Final = "Workspace"
GROUPS: Final = (UNDERSTAND, ACT, PROVE, WORKSPACE)


@dataclass(frozen=True, slots=True)
class Badge:
    """A number beside an entry that says what is open, and its words for screen readers."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation: its group and place in it, its name, the URL's name, the word it needs.

    `key` is the letter after `g` that goes there. `under` is the URL's name of the entry that it belongs to: it is
    shown while somebody is on that one, or on a page beneath.
    """

    group: str
    order: int
    label: str
    url_name: str
    permission: str
    key: str = ""
    badge: Callable[[Access], Badge | None] | None = None
    under: str = ""
