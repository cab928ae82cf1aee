"""A fold hands each person's events to the function once, whole and in order of time."""

from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from nousnous.warehouse.fold import ROWS_A_BUCKET, ROWS_A_PASS, fold

Columns = dict[str, Any]


def rows_of(persons: int, size: int, seed: int = 1) -> pa.Table:
    random = np.random.default_rng(seed)
    keys = random.integers(-(2**63), 2**63 - 1, persons)
    person = pa.array(keys[random.integers(0, persons, size)])
    return pa.table({"person_key": person, "ts_us": random.integers(0, 10**6, size), "number": np.arange(size)})


def folded(rows: pa.Table, count: int) -> list[Columns]:
    return list(fold(ibis.memtable(rows), count, dict))


@pytest.mark.parametrize("count", [0, 1000, 3 * ROWS_A_BUCKET, 3 * ROWS_A_PASS])
def test_every_row_of_a_person_comes_once_in_one_bucket_in_order_of_time(count: int) -> None:
    rows = rows_of(persons=50, size=2000)
    buckets = folded(rows, count)
    seen = [set(bucket["person_key"].tolist()) for bucket in buckets]
    assert sum(map(len, seen)) == len(set().union(*seen)) == 50
    assert sorted(np.concatenate([bucket["number"] for bucket in buckets]).tolist()) == list(range(2000))
    for bucket in buckets:
        codes = np.unique(bucket["person_key"], return_index=True, return_inverse=True)
        assert (np.diff(codes[1][codes[2]]) >= 0).all()
        same = bucket["person_key"][1:] == bucket["person_key"][:-1]
        assert (np.diff(bucket["ts_us"])[same] >= 0).all()


def test_rows_without_a_person_are_left_out_and_other_nulls_are_minus_one() -> None:
    rows = pa.table(
        {"person_key": [7, None, 7], "ts_us": [2, 1, 1], "number": [None, 3, 4], "flag": [True, False, None]}
    )
    (bucket,) = folded(rows, 3)
    assert bucket["number"].tolist() == [4, -1]
    assert bucket["flag"].tolist() == [-1, 1]


def test_no_rows_call_nothing_and_one_person_with_all_of_them_is_one_bucket() -> None:
    assert folded(rows_of(1, 0), 0) == []
    (bucket,) = folded(rows_of(1, 700_000), 700_000)
    assert (np.diff(bucket["ts_us"]) >= 0).all()
    assert bucket["number"].size == 700_000


def test_progress_rises_to_one() -> None:
    shares: list[float] = []
    list(fold(ibis.memtable(rows_of(50, 2000)), 2 * ROWS_A_PASS, dict, shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
