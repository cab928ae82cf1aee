"""How time and memory grow with the data: 1, 10 and 100 million events through loading, visits and reports.

Usage: python -m bench.scaling [--events 100000000] [--write]: sizes from a million by tens up to that. Each part is a
process of its own, in processor seconds; a file of Parquet for each of 30 days is brought in as `nous import events`
does it, and one answer for each hundred events. The slope is that of the line through log seconds by log events: 1 is
twice the time for twice the data, n log n has 1.06. `--write` writes docs/reference/scaling.md.
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.parts import measured, number, run, trial

FIRST, LARGEST = 1_000_000, 100_000_000
DAYS = 30
MOST_SLOPE, MOST_GB = 1.15, 16
STEPS = ("loading", "visits", "gap", "spreads", "attrition")
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "scaling.md"
Found = Mapping[int, Mapping[str, float]]


def main(largest: int) -> int:
    sizes = [size for size in (FIRST, 10 * FIRST, 100 * FIRST) if size <= largest]
    found = {}
    for size in sizes:
        found[size] = measured("bench.scaling", PARTS, size)
        print(size, found[size], file=sys.stderr, flush=True)
    wrong = [
        f"{step} grows with a slope of {slope(found, step):.2f}" for step in STEPS if slope(found, step) > MOST_SLOPE
    ]
    wrong += [
        f"{step} of {size:,} events takes {found[size][f'{step}_gb']:.1f} GB"
        for size in sizes
        for step in STEPS
        if found[size][f"{step}_gb"] > MOST_GB
    ]
    return trial(TABLE, "\n".join(page(found)) + "\n", wrong)


def slope(found: Found, step: str) -> float:
    """Of the line through log seconds by log events; 0 where there is one size only."""
    import numpy as np

    if len(found) < 2:
        return 0.0
    seconds = [found[size][f"{step}_s"] for size in found]
    return float(np.polyfit(np.log10(list(found)), np.log10(seconds), 1)[0])


def page(found: Found) -> Iterator[str]:
    sizes = [f"{size // 1_000_000} million" for size in found]
    yield "# Growth with the data\n"
    yield "Written by `make soak-scaling` (DuckDB): processor seconds and peak memory of each part, a process of its"
    yield "own, and the slope of log seconds by log events.\n"
    yield f"| part | {' | '.join(sizes)} | slope | at most |"
    yield f"| --- |{' --- |' * (len(sizes) + 2)}"
    for step in STEPS:
        cells = [f"{one[f'{step}_s']:,.1f} s, {one[f'{step}_gb']:.1f} GB" for one in found.values()]
        yield f"| {step} | {' | '.join(cells)} | {slope(found, step):.2f} | {MOST_SLOPE} |"
    last = found[max(found)]
    yield f"\nThe largest has {last['visits']:,.0f} visits of ten steps, {last['answers']:,.0f} answers and"
    yield f"{last['signs']:,.0f} signs of fading. Memory: at most {MOST_GB} GB."


def _day(day: int, size: int, persons: int) -> str:
    """The events of a day as SQL: sessions of six, most of them events of the ten steps."""
    from bench.lakes import STEP_EVENTS

    from nousnous.capabilities.attrition.measures.signals import CODES

    others = [*["Error 1"] * 2, *["Error 2"] * 2, "Rage Click", *CODES]
    names = ", ".join(f"'{name}'" for name in (*STEP_EVENTS * 8, *others))
    opened = f"TIMESTAMP '2026-01-01' + INTERVAL {day} DAY + to_seconds((hash(range // 6 + {day}) % 84000)::BIGINT)"
    return f"""FROM range({size}) SELECT '{day}-' || range AS message_id,
        [{names}][1 + (hash(range * 7 + {day}) % {len(STEP_EVENTS) * 8 + len(others)})::BIGINT] AS event,
        {opened} + to_seconds((range % 6) * 100 + (hash(range) % 90)::BIGINT) AS "timestamp",
        'user-' || hash(range // 6 * 31 + {day * 1_000_003}) % {persons} AS user_id,
        '/screen/' || hash(range + 5) % 40 AS screen, ['DE', 'FR', 'US', 'GB'][1 + range // 6 % 4] AS country,
        ['web', 'app'][1 + range // 6 % 2] AS channel"""


def _file(day: int) -> Path:
    return Path(os.environ["NOUS_HOME"]) / f"day-{day:02}.parquet"


def write(events: int) -> None:
    import duckdb
    from bench.report import journey_text
    from django.core.management import call_command

    from nousnous.journeys.actions.versions import apply_journey
    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    call_command("migrate", verbosity=0, interactive=False)
    workspace = create_workspace(WorkspaceProfile("bench")).workspace
    apply_journey(workspace, journey_text(), None, "bench")
    for day in range(DAYS):
        duckdb.sql(f"COPY ({_day(day, events // DAYS, events // 20)}) TO '{_file(day)}' (FORMAT parquet)")


def load(events: int) -> None:
    import duckdb

    from nousnous.collector.imports.actions import Upload, import_file
    from nousnous.collector.imports.mapping import event_mapping
    from nousnous.collector.landing import land
    from nousnous.facts.scores import SCORES
    from nousnous.workspaces.models import current_workspace

    workspace = current_workspace("bench")

    def all_days() -> None:
        for day in range(DAYS):
            import_file(workspace, Upload(_file(day), event_mapping("")))
            _file(day).unlink()
        answers = f"""FROM range({events // 100}) SELECT 's-' || range AS score_id, 'csat' AS metric,
            'user-' || hash(range) % {events // 20} AS user_id, 'step-' || range % 10 AS step,
            1767225600000000 + range * {DAYS * 86_400_000_000 // max(1, events // 100)} AS ts_us,
            (1 + hash(range * 3) % 5)::DOUBLE AS value, 1.0::DOUBLE AS scale_low, 5.0::DOUBLE AS scale_high,
            1.0::DOUBLE AS weight, ts_us AS received_us"""
        for batch in duckdb.sql(answers).to_arrow_reader(250_000):
            land(workspace, SCORES, _table(batch))

    print(f"answers={events // 100}")
    _timed("loading", all_days)


def _table(batch: object) -> object:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def visits(_events: int) -> None:
    from nousnous.journeys.actions.versions import journey_of
    from nousnous.journeys.actions.visits import kept_visits
    from nousnous.workspaces.models import current_workspace

    workspace = current_workspace("bench")
    found = []
    _timed("visits", lambda: found.append(kept_visits(workspace, journey_of(workspace, None).journey)))
    print(f"visits={found[0].visits.count().to_pyarrow().as_py()}")


def gap(_events: int) -> None:
    from nousnous.capabilities.gaps.actions.reports import gap_report
    from nousnous.journeys.windows import Asked
    from nousnous.workspaces.models import current_workspace

    workspace = current_workspace("bench")
    _timed("gap", lambda: gap_report(workspace, Asked()))


def spreads(_events: int) -> None:
    from nousnous.capabilities.spreads.actions.screens import screens_of
    from nousnous.capabilities.spreads.actions.spreads import spreads_of
    from nousnous.journeys.windows import Asked
    from nousnous.workspaces.models import current_workspace

    workspace = current_workspace("bench")

    def both() -> None:
        assert spreads_of(workspace, Asked()).rows
        screens_of(workspace, Asked(), "step-3", "csat")

    _timed("spreads", both)


def attrition(_events: int) -> None:
    from nousnous.base import clock
    from nousnous.capabilities.attrition.actions.signals import find_signals
    from nousnous.workspaces.models import current_workspace

    workspace, found = current_workspace("bench"), []
    with clock.frozen(1_767_225_600_000_000 + DAYS * clock.DAY_US):
        _timed("attrition", lambda: found.append(find_signals(workspace)[0]))
    print(f"signs={found[0]}")


def _timed(name: str, work: Callable[[], object]) -> None:
    start_s = time.process_time()
    work()
    print(f"{name}_s={time.process_time() - start_s}")
    print(f"{name}_gb={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2}")


PARTS = {
    "write": write,
    "loading": load,
    "visits": visits,
    "gap": gap,
    "spreads": spreads,
    "attrition": attrition,
}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, number("--events", LARGEST)))
