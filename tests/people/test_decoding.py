"""The reader of every file finds a text in each form of file, where a search of bytes alone would find none."""

import gzip
import json
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, write_deltalake
from tests.people.decoding import where_they_stand

WHO = "planted\"o'ne\\50%ü@example.org"


def found(folder: Path) -> set[str]:
    return {path.rpartition(".")[2] for path in where_they_stand(folder, {"who": WHO})["who"]}


def test_a_text_is_found_in_packed_files_and_in_columns(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(gzip.compress(json.dumps({"who": WHO}).encode())))
    rows = pa.table({"who": pa.array(["x", WHO]), "n": [1, 2]})
    pq.write_table(rows, tmp_path / "a.parquet", compression="zstd", write_statistics=False)
    assert found(tmp_path) == {"gz", "parquet"}


def test_a_text_is_found_in_the_statistics_and_checkpoints_of_a_log(tmp_path: Path) -> None:
    write_deltalake(tmp_path / "lake", pa.table({"who": [WHO]}))
    DeltaTable(tmp_path / "lake").create_checkpoint()
    for path in (tmp_path / "lake").glob("*.parquet"):
        path.unlink()
    assert found(tmp_path) == {"json", "parquet"}


def test_a_text_is_found_in_the_free_pages_and_the_log_of_records(tmp_path: Path) -> None:
    records = sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None)
    records.execute("PRAGMA secure_delete = OFF")
    records.execute("CREATE TABLE one (who TEXT)")
    records.execute("INSERT INTO one VALUES (?)", [f"{'x' * 9000}{WHO}{'x' * 9000}"])
    records.execute("DELETE FROM one")
    assert found(tmp_path) == {"sqlite3"}
    records.execute("PRAGMA secure_delete = ON")
    records.execute("VACUUM")
    assert found(tmp_path) == set()
    records.execute("PRAGMA journal_mode = WAL")
    records.execute("INSERT INTO one VALUES (?)", [json.dumps(WHO)])
    assert found(tmp_path) == {"sqlite3", "sqlite3-wal"}
    records.close()
