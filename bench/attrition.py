"""What finding signs of fading costs, beside one `lag` window over the same rows.

Usage: python -m bench.attrition [--events N]. A tenth as many people as events; ratios within one run.
"""

import resource
import sys
import time

from bench.parts import measured, run, show

EVENTS = 10_000_000
DAYS = 100
FROM_US = 1_767_225_600_000_000


def main(events: int) -> int:
    found = measured("bench.attrition", PARTS, events)
    rows = [
        ("signs found", found["signs"], None),
        ("processor seconds of one lag window", found["lag_s"], None),
        ("processor seconds of all signs, found and kept", found["signs_s"], None),
        ("all signs / one lag window", found["signs_s"] / found["lag_s"], 8),
        ("peak memory, GB", found["memory"], None),
    ]
    return show(rows)


def fill(events: int) -> None:
    import numpy as np
    import pyarrow as pa
    from django.core.management import call_command

    from nousnous.base.clock import DAY_US
    from nousnous.capabilities.attrition.measures.signals import CODES
    from nousnous.facts.events import EVENTS as TABLE
    from nousnous.warehouse.lake import lake_of
    from nousnous.warehouse.schemas import arrow_schema
    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    call_command("migrate", verbosity=0, interactive=False)
    lake, random = lake_of(create_workspace(WorkspaceProfile("bench")).workspace), np.random.default_rng(1)
    names = pa.array([*CODES, "Page Viewed", "Page Viewed"])
    for start in range(0, events, 1_000_000):
        size = min(1_000_000, events - start)
        columns = {
            "identity_key": random.integers(0, events // 10, size) * 9_176_213_231_771,
            "ts_us": np.sort(FROM_US + random.integers(0, DAYS * DAY_US, size)),
            "event": names.take(pa.array(random.integers(0, len(names), size))),
            "landed_us": np.full(size, start + 1),
        }
        rows = {name: columns.get(name, pa.nulls(size)) for name in TABLE.names}
        lake.append(TABLE, pa.table(rows).cast(arrow_schema(TABLE)))


def compute(_events: int) -> None:
    import duckdb

    from nousnous.base import clock
    from nousnous.capabilities.attrition.actions.signals import find_signals
    from nousnous.facts.events import EVENTS as TABLE
    from nousnous.warehouse.lake import lake_of
    from nousnous.workspaces.models import current_workspace

    workspace = current_workspace("bench")
    files = lake_of(workspace).open(TABLE).file_uris()
    lag = "lag(ts_us) OVER (PARTITION BY identity_key ORDER BY ts_us)"
    start_s = time.process_time()
    query = f"SELECT sum(gap) FROM (SELECT ts_us - {lag} AS gap FROM read_parquet($files))"
    duckdb.connect().execute(query, {"files": list(files)}).fetchall()
    print(f"lag_s={time.process_time() - start_s}")
    with clock.frozen(FROM_US + DAYS * clock.DAY_US):
        start_s = time.process_time()
        signs, _ = find_signals(workspace)
    print(f"signs={signs} signs_s={time.process_time() - start_s}")
    print(f"memory={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2}")


PARTS = {"fill": fill, "all": compute}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, EVENTS))
