"""What was measured and still holds: pages ask again and again what has not changed since.

A finding is kept in this process beside the versions of the tables that it was made of, under its definition: whatever
else it depends on. It is found again while those tables stand as they stood, so nothing new, merged or erased is ever
missed. It goes as soon as anything is asked of the workspace at newer versions, when a person is erased, and after an
hour. Findings are made of the lake alone: what stands in the records is read anew by whoever asks.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar

from nousnous.base import clock
from nousnous.warehouse.lake import Lake, Snapshot

MOST: Final = 512
LIFE_US: Final = clock.HOUR_US

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class _Kept:
    versions: Mapping[str, int]
    kept_us: int
    found: Any


_kept: OrderedDict[tuple[str, Hashable], _Kept] = OrderedDict()
_lock = Lock()


def remembered(snapshot: Snapshot, definition: Hashable, measure: Callable[[], Found]) -> Found:
    """What a definition finds in the tables of a snapshot, measured only if that has not been done since they changed.

    The definition names the measure and all it depends on besides; who reads what is found changes nothing in it.
    """
    kept = recall(snapshot, definition)
    if kept is None:
        kept = measure()
        keep(snapshot, definition, kept)
    return kept  # type: ignore[no-any-return]  # of the type that was kept


def recall(snapshot: Snapshot, definition: Hashable) -> Any:
    """What was kept under a definition at exactly these versions; None where nothing was."""
    asked = (snapshot.lake.folder, definition)
    with _lock:
        _let_go(snapshot)
        kept = _kept.get(asked)
        if kept is None or kept.versions != snapshot.versions:
            return None
        _kept.move_to_end(asked)
        return kept.found


def keep(snapshot: Snapshot, definition: Hashable, found: Any) -> None:
    """Keep what was found; not where the tables changed meanwhile, for somebody may be erased by now."""
    with _lock:
        if snapshot.lake.versions(snapshot.versions) != snapshot.versions:
            return
        _kept[snapshot.lake.folder, definition] = _Kept(snapshot.versions, clock.now_us(), found)
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def forget(lake: Lake) -> None:
    """Let go of everything that was found in a lake."""
    with _lock:
        for asked in [one for one in _kept if one[0] == lake.folder]:
            del _kept[asked]


def _let_go(snapshot: Snapshot) -> None:
    """What is of another state of this lake's tables, and what is old."""
    now_us = clock.now_us()
    for asked, kept in [*_kept.items()]:
        old = not 0 <= now_us - kept.kept_us < LIFE_US
        here = asked[0] == snapshot.lake.folder
        if old or (here and any(kept.versions.get(name, one) != one for name, one in snapshot.versions.items())):
            del _kept[asked]
