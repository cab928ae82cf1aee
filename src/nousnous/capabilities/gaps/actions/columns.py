"""From the engine's batches to columns of small numbers, a batch at a time, so that few rows stand in memory twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.warehouse.engine import batches

ROWS_A_BATCH = 120_000


@dataclass(slots=True)
class Texts:
    """The texts of a column that is read in batches, numbered as they come."""

    known: dict[str | None, int] = field(default_factory=dict)

    def codes(self, column: Any) -> Any:
        coded = pc.dictionary_encode(column, null_encoding="encode")
        places = [self.known.setdefault(text, len(self.known)) for text in coded.dictionary.to_pylist()]
        return np.array(places, dtype=np.int16)[numbers_of(coded.indices)]

    def in_order(self) -> tuple[tuple[str, ...], Any]:
        """The texts in their order, and the place of each number among them, −1 for no text."""
        ordered = tuple(sorted(text for text in self.known if text is not None))
        places = {text: place for place, text in enumerate(ordered)}
        return ordered, np.array([-1 if text is None else places[text] for text in self.known], dtype=np.int16)


def whole_batches(rows: Any) -> Iterator[Any]:
    """The batches of an Ibis expression, and an empty one first, which says what columns there are."""
    yield pa.RecordBatch.from_pylist([], schema=rows.schema().to_pyarrow())
    yield from batches(rows, ROWS_A_BATCH)


def by_step(columns: dict[str, Any]) -> dict[str, Any]:
    order = np.argsort(columns["step"], kind="stable")
    return {name: column[order] for name, column in columns.items()}


def joined_by_step(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Parts that stand step after step each, as columns that do; a column is let go of as soon as it is joined."""
    steps = 1 + max((int(part["step"][-1]) for part in parts if part["step"].size), default=-1)
    bounds = [np.searchsorted(part["step"], np.arange(steps + 1, dtype=part["step"].dtype)).tolist() for part in parts]
    found = {}
    for name in list(parts[0]):
        own = [part.pop(name) for part in parts]
        pieces = [
            column[at[step] : at[step + 1]] for step in range(steps) for column, at in zip(own, bounds, strict=True)
        ]
        found[name] = np.concatenate([own[0][:0], *pieces])
    pa.default_memory_pool().release_unused()  # what batches stood in would else stay beside the columns made of them
    return found


def persons_coded(keys: Any) -> tuple[Any, Any]:
    """The keys of persons in their order, and the place of each row's among them.

    >>> [one.tolist() for one in persons_coded(np.array([70, -5, 70]))]
    [[-5, 70], [1, 0, 1]]
    """
    coded = pc.dictionary_encode(pa.array(keys))
    known = numbers_of(coded.dictionary)
    order = np.argsort(known)
    places = np.empty(known.size, dtype=np.int32)
    places[order] = np.arange(known.size, dtype=np.int32)
    return known[order], places[numbers_of(coded.indices)]


def numbers_of(column: Any) -> Any:
    """An Arrow column as numpy has it."""
    return column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
