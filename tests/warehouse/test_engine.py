"""The engine under many threads."""

from concurrent.futures import ThreadPoolExecutor

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.warehouse import engine
from nousnous.warehouse.engine import USES_OF_A_CONNECTION, answer, batches, connection


def test_threads_that_evaluate_tables_in_memory_do_not_wait_for_or_refuse_each_other() -> None:
    assert connection()

    def counted(number: int) -> tuple[int, int]:
        rows = ibis.memtable(pa.table({"a": range(number)})).semi_join(ibis.memtable(pa.table({"a": range(50)})), "a")
        return rows.to_pyarrow().num_rows, sum(one.num_rows for one in batches(rows, 10))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(counted, range(1, 200))) == [(min(one, 50), min(one, 50)) for one in range(1, 200)]


def test_tables_in_memory_are_let_go_after_they_were_read() -> None:
    values = pa.array(range(10_000))

    def kept() -> int:
        for number in range(USES_OF_A_CONNECTION):
            read = ibis.memtable(pa.table({"a": pc.add(values, number)}))
            read.filter(read.a > 3).to_pyarrow()
        return pa.total_allocated_bytes()

    before = kept()
    assert max(kept() for _ in range(4)) < before + 10 * values.nbytes


def test_another_engine_takes_the_place_of_an_old_one_whose_questions_go_on(monkeypatch) -> None:
    asked = "SELECT current_setting('temp_directory') AS folder, sum(range) AS total FROM range(10)"
    (first,) = answer(asked, {}).to_pylist()
    old = engine._local.plain.con
    monkeypatch.setattr(engine, "LIFE_OF_AN_ENGINE_S", 0.001)
    (second,) = answer(asked, {}).to_pylist()
    assert (second["total"], old.sql(asked).fetchall()) == (45, [(first["folder"], 45)])
    assert first["folder"] != second["folder"]
