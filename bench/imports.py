"""What bringing a file in costs, beside DuckDB's own read of the same file.

Usage: python -m bench.imports [--events N]. Rows by processor second, all threads counted; CSV and Parquet of the same
events, each into a workspace of its own. The end is 1 where one is slower than asked.
"""

import os
import sys
import time
from pathlib import Path

from bench.parts import measured, run, show

EVENTS = 2_000_000
LEAST = {"csv": 150_000, "parquet": 500_000}


def main(events: int) -> int:
    found = measured("bench.imports", PARTS, events)
    rows: list[tuple[str, float, float | None]] = []
    for form, least in LEAST.items():
        rate, floor = events / found[f"{form}_s"], events / found[f"{form}_floor_s"]
        rows += [
            (f"{form}: rows a processor second that DuckDB reads", floor, None),
            (f"{form}: rows a processor second brought in", rate, None),
            (f"{form}: asked / brought in", least / rate, 1),
            (f"{form}: bringing in / DuckDB's read", floor / rate, None),
        ]
    return show(rows)


def fill(events: int) -> None:
    import duckdb
    from django.core.management import call_command

    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    call_command("migrate", verbosity=0, interactive=False)
    for slug in (*LEAST, "few"):
        create_workspace(WorkspaceProfile(slug))
    for form in LEAST:
        duckdb.sql(f"COPY ({_told(events)}) TO '{_file(form)}' (FORMAT {form})")
        duckdb.sql(f"COPY ({_told(1_000)}) TO '{_file(form, 'few')}' (FORMAT {form})")


def _told(events: int) -> str:
    return f"""FROM range({events}) SELECT 'm-' || range AS message_id,
        ['Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed'][1 + range % 4] AS event,
        TIMESTAMP '2026-01-01' + to_microseconds(range * 2000001) AS "timestamp",
        'user-' || hash(range // 6) % {events // 20} AS user_id, '/shop/' || range % 977 AS page,
        ['DE', 'FR', 'US', 'GB'][1 + range % 4] AS country, ['web', 'app'][1 + range % 2] AS channel,
        CASE WHEN range % 4 = 3 THEN 'o-' || range END AS order_id,
        CASE WHEN range % 4 = 3 THEN (range % 9000) / 100 END AS revenue,
        CASE WHEN range % 10 = 0 THEN 'WELCOME' END AS coupon"""


def _file(form: str, name: str = "events") -> Path:
    return Path(os.environ["NOUS_HOME"]) / f"{name}.{form}"


def read(_events: int) -> None:
    import duckdb

    for form in LEAST:
        connection = duckdb.connect()
        start_s = time.process_time()
        for _ in connection.sql(f"FROM '{_file(form)}'").to_arrow_reader(120_000):
            pass
        print(f"{form}_floor_s={time.process_time() - start_s}")


def bring(form: str) -> None:
    from nousnous.collector.imports.actions import Upload, import_file
    from nousnous.collector.imports.mapping import event_mapping
    from nousnous.workspaces.models import current_workspace

    import_file(current_workspace("few"), Upload(_file(form, "few"), event_mapping("")))  # what a process loads once
    workspace = current_workspace(form)
    start_s = time.process_time()
    record = import_file(workspace, Upload(_file(form), event_mapping("")))
    print(f"{form}_s={time.process_time() - start_s}")
    assert record.added == record.rows_read


PARTS = {
    "fill": fill,
    "read": read,
    "csv": lambda _events: bring("csv"),
    "parquet": lambda _events: bring("parquet"),
}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, EVENTS))
