"""Which keys stand in a table, remembered between landings, so that each landing reads only files that are new.

The memory answers "surely not" or "perhaps": keys that were deleted meanwhile may linger in it, and what is perhaps
there is looked up in the lake. Eight bytes a row; where tables hold more rows than fit, landings into one and the other
read each anew.
"""

import os
import threading
from collections import OrderedDict

import numpy as np
import numpy.typing as npt
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from nousnous.facts.columns import Table
from nousnous.warehouse.engine import connection
from nousnous.warehouse.lake import Lake

MOST_KEYS = max(30_000_000, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 128)
"""A sixteenth of the machine's memory: reading and sorting a hundred million keys anew takes four seconds a landing."""
MOST_TABLES = 200
LINGERING = 1_000_000

Keys = npt.NDArray[np.int64]


class Standing:
    """The keys of one table. Whoever asks holds the lock of its lake."""

    def __init__(self, lake: Lake, table: Table) -> None:
        self._lake = lake
        self._table = table
        self._delta: DeltaTable | None = None
        self._files: frozenset[str] = frozenset()
        self._runs: list[Keys] = []

    @property
    def size(self) -> int:
        return sum(map(len, self._runs))

    @property
    def asked(self) -> DeltaTable | None:
        """The table as it was when somebody asked last."""
        return self._delta

    def perhaps(self, keys: Keys) -> npt.NDArray[np.bool_]:
        """Which of some keys may stand in the table as it is now; the others surely do not."""
        self._catch_up()
        found = np.zeros(len(keys), bool)
        order = np.argsort(keys)
        ordered = keys[order]
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, ordered), len(run) - 1)
            found[order] |= run[places] == ordered
        return found

    def _catch_up(self) -> None:
        delta = self._opened()
        files = frozenset(delta.file_uris())
        if new := sorted(files - self._files):
            column = self._table.names[1]
            keys = connection().read_parquet(new)[[column]].to_pyarrow()[column].to_numpy()
            if self.size + len(keys) > 2 * _rows(delta) + LINGERING:
                self._runs, self._files = [], frozenset()
                self._catch_up()
                return
            self._add(np.sort(keys))
        self._files = files

    def _add(self, run: Keys) -> None:
        """Keep few runs: one is joined with those before it that are not much larger. What files bring again when they
        were written together counts once.
        """
        while self._runs and len(self._runs[-1]) < 4 * len(run):
            both = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
            run = both[np.concatenate([[True], both[1:] != both[:-1]])]
        self._runs.append(run)

    def _opened(self) -> DeltaTable:
        try:
            if self._delta is not None:
                self._delta.update_incremental()
                return self._delta
        except DeltaError:
            self._delta = None  # its log was cut off behind us: open it anew
        self._lake.ensure(self._table)
        self._delta = self._lake.open(self._table)
        return self._delta


def _rows(delta: DeltaTable) -> int:
    return sum(delta.get_add_actions(flatten=True).column("num_records").to_pylist())


_memory: "OrderedDict[tuple[str, str], Standing]" = OrderedDict()
_memory_lock = threading.Lock()


def standing_in(lake: Lake, table: Table) -> Standing:
    """The memory of a table; those that nobody asked for longest are forgotten when there are too many."""
    place = (lake.folder, table.name)
    with _memory_lock:
        found = _memory.pop(place, None) or Standing(lake, table)
        _memory[place] = found
        while len(_memory) > 1 and (
            len(_memory) > MOST_TABLES or sum(one.size for one in _memory.values()) > MOST_KEYS
        ):
            _memory.popitem(last=False)
    return found
