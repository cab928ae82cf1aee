"""The one primitive for work per person over time: fold a pure function over the events of each person.

The engine streams a projection of the events once; rows are dealt into buckets of persons as they come, and each bucket
is sorted by person and time before the function sees it. Memory is bounded: above `ROWS_A_PASS` rows the projection is
read again for another share of the persons.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.warehouse.engine import batches

PERSON, TIME = "person_key", "ts_us"
ROWS_A_BUCKET = 600_000
ROWS_A_PASS = 12_000_000
ROWS_A_BATCH = 120_000

Columns = Mapping[str, npt.NDArray[Any]]
Progress = Callable[[float], None]
Result = TypeVar("Result")


def fold(
    rows: Any, count: int, function: Callable[[Columns], Result], progress: Progress | None = None
) -> Iterator[Result]:
    """Hand all events of a bucket of persons to a function, sorted by (person, time), bucket after bucket.

    `rows` is an Ibis table with `person_key` and `ts_us` (microseconds, UTC) and other columns of numbers; nulls are
    −1, rows without a person are left out. `count` says about how many rows there are.
    """
    rows = rows.filter(rows[PERSON].notnull())
    passes = max(1, -(-count // ROWS_A_PASS))
    for number in range(passes):
        share = rows if passes == 1 else rows.filter((rows[PERSON] % passes + passes) % passes == number)
        for bucket, part in enumerate(buckets := _dealt(share, count // passes)):
            columns = _joined(part)
            part.clear()
            if columns:
                yield function(in_order(columns))
            if progress is not None:
                progress((number + (bucket + 1) / len(buckets)) / passes)


def _dealt(rows: Any, expected: int) -> list[list[dict[str, Any]]]:
    """The rows of each bucket of persons, as they came in batches."""
    number = 1
    while number * ROWS_A_BUCKET < expected:
        number *= 2
    buckets: list[list[dict[str, Any]]] = [[] for _ in range(number)]
    for batch in batches(rows, ROWS_A_BATCH):
        columns = numbers(batch)
        if number == 1:
            buckets[0].append(columns)
            continue
        mine = (columns[PERSON] & (number - 1)).astype(np.uint16)
        order = np.argsort(mine, kind="stable")
        bounds = np.searchsorted(mine[order], np.arange(number + 1))
        dealt = {name: column[order] for name, column in columns.items()}
        for bucket, (first, last) in enumerate(pairwise(bounds.tolist())):
            if first < last:
                buckets[bucket].append({name: column[first:last] for name, column in dealt.items()})
    return buckets


def numbers(rows: Any) -> dict[str, npt.NDArray[Any]]:
    """The columns of Arrow rows as numbers; nulls are −1."""
    return {name: _numbers(rows.column(name)) for name in rows.schema.names}


def _numbers(column: Any) -> npt.NDArray[Any]:
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    return np.asarray((pc.fill_null(column, -1) if column.null_count else column).to_numpy(zero_copy_only=False))


def _joined(parts: list[dict[str, Any]]) -> dict[str, npt.NDArray[Any]]:
    if not parts:
        return {}
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def in_order(columns: Columns) -> dict[str, npt.NDArray[Any]]:
    """Columns by person and time: by time first, which is how rows mostly come, then stably by a code of the person.

    >>> in_order({PERSON: np.array([7, 5, 7]), TIME: np.array([3, 2, 1])})[TIME].tolist()
    [1, 3, 2]
    """
    by_time = np.argsort(columns[TIME], kind="stable")
    coded = pc.dictionary_encode(pa.array(columns[PERSON][by_time]))
    codes = coded.indices.to_numpy()
    small = codes.astype(np.uint16) if len(coded.dictionary) <= 1 << 16 else codes
    order = by_time[np.argsort(small, kind="stable")]
    return {name: column[order] for name, column in columns.items()}
