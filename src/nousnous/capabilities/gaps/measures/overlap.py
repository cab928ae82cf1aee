"""Each second once: where wasted stretches of a person overlap, the second belongs to the visit opened last."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.visits import Integers
from nousnous.stats.columns import Columns

# The sweep holds about a dozen numbers per end of a stretch, so it takes persons in lots of this many stretches.
STRETCHES_A_LOT = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Stretches(Columns):
    """Wasted stretches [start, end) in UTC microseconds: whose, of which visit (a row number), step and opening."""

    person: Integers
    visit: Integers
    step: Integers
    opened_us: Integers
    start_us: Integers
    end_us: Integers


def own_seconds(stretches: Stretches, visits: int) -> npt.NDArray[np.int64]:
    """Microseconds that belong to each of `visits` visits once every second is given to one visit.

    Of visits that cover a second the one opened last has it, of those opened together the one of the later step.
    Stretches of one person's visits of the same step do not overlap, as visits are defined.

    >>> two = [np.array(row) for row in ([7, 7], [0, 1], [0, 1], [0, 4], [0, 4], [10, 6])]
    >>> own_seconds(Stretches(*two), 2).tolist()
    [8, 2]
    """
    found = np.zeros(visits, dtype=np.int64)
    lots = max(1, -(-stretches.person.size // STRETCHES_A_LOT))
    for lot in range(lots):
        part = stretches if lots == 1 else stretches.only(stretches.person % lots == lot)
        if part.person.size:
            _sweep(part, found)
    return found


def _sweep(stretches: Stretches, found: npt.NDArray[np.int64]) -> None:
    """Cut the time of each person at all ends of stretches, and paint the cells step by step."""
    starts, ends, lengths = _cells(stretches)
    owner = np.full(lengths.size, -1, dtype=np.int64)
    owner_opened = np.full(lengths.size, np.iinfo(np.int64).min)
    for step in np.unique(stretches.step):
        mine = np.flatnonzero(stretches.step == step)
        marks = np.zeros(lengths.size + 1, dtype=np.int64)
        marks[starts[mine]] += mine + 1
        marks[ends[mine]] -= mine + 1
        cover = np.cumsum(marks[:-1])
        cells = np.flatnonzero(cover)
        stretch = cover[cells] - 1
        opened = stretches.opened_us[stretch]
        wins = opened >= owner_opened[cells]
        owner[cells[wins]], owner_opened[cells[wins]] = stretch[wins], opened[wins]
    owned = owner >= 0
    visit = stretches.visit[owner[owned]]
    found += np.bincount(visit, weights=lengths[owned], minlength=found.size).astype(np.int64)


def _cells(stretches: Stretches) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The first cell of each stretch, the cell after its last one, and the length of each cell."""
    n = stretches.person.size
    person = np.concatenate([stretches.person, stretches.person])
    moment = np.concatenate([stretches.start_us, stretches.end_us])
    order = np.lexsort((moment, person))
    person, moment = person[order], moment[order]
    same_person = person[1:] == person[:-1]
    same_place = same_person & (moment[1:] == moment[:-1])
    cell = np.concatenate([[0], np.cumsum(~same_place)])
    place: npt.NDArray[Any] = np.empty(2 * n, dtype=np.int64)
    place[order] = cell
    lengths = np.zeros(int(cell[-1]) + 1, dtype=np.int64)
    within = same_person & ~same_place
    lengths[cell[:-1][within]] = (moment[1:] - moment[:-1])[within]
    return place[:n], place[n:], lengths
