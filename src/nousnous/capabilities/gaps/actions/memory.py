"""What was measured and still holds: pages ask again and again what has not changed since."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

from nousnous.facts.events import EVENTS, LINKS, RETRACTIONS
from nousnous.facts.scores import SCORES
from nousnous.journeys.models import JourneyVersion
from nousnous.journeys.windows import start_of_today_us
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

Found = TypeVar("Found")


class Memory(Generic[Found]):
    """The newest findings by what was asked, each with the state of all that it was made of."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[Any, Found]] = OrderedDict()
        self._lock = Lock()

    def recall(self, asked: Hashable, state: Any) -> Found | None:
        """What was found in that same state; None where it was another."""
        with self._lock:
            kept = self._kept.get(asked)
        return kept[1] if kept is not None and kept[0] == state else None

    def keep(self, asked: Hashable, state: Any, found: Found) -> None:
        with self._lock:
            self._kept[asked] = (state, found)
            self._kept.move_to_end(asked)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def recall_or(self, asked: Hashable, state: Any, measure: Callable[[], Found]) -> Found:
        """What was found in that state, measured now where nothing was."""
        found = self.recall(asked, state)
        if found is None:
            found = measure()
            self.keep(asked, state, found)
        return found


def data_of(workspace: Workspace, version: JourneyVersion) -> tuple[Any, ...]:
    """What measures of a journey are made of, read before they run: what lands meanwhile makes the next one new."""
    return (
        str(lake_of(workspace).snapshot(EVENTS, LINKS, RETRACTIONS, SCORES)),
        version.pk,
        workspace.timezone,
        start_of_today_us(workspace.timezone),
    )
