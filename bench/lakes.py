"""A large lake for benchmarks: events of half as many sessions as persons' days, landed day by day in arrival order."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.base.clock import DAY_US, MINUTE_US, SECOND_US
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.journeys import Condition, Journey, Matcher, Step
from nousnous.warehouse.lake import Lake
from nousnous.warehouse.schemas import arrow_schema

FROM_US = 1_767_225_600_000_000
STEP_EVENTS = (*(f"Event {number:02d}" for number in range(10)), "Order Completed")
NAMES = (*STEP_EVENTS, "Error 1", "Error 2", "Rage Click", "Home")
EVENTS_A_SESSION = 6
EVENTS_A_PERSON = 20
LATE_SHARE = 0.01
LANDINGS_OF_COPIES = 20
SHARED_IDS = ("product_id",)


def journey_of_steps(count: int) -> Journey:
    """Steps that share events: each begins with one name, ends with the next, fails with one of two."""
    steps = [
        Step(
            f"step-{number}",
            f"Step {number}",
            (Matcher((STEP_EVENTS[number],)),),
            (Matcher((STEP_EVENTS[number + 1],)),),
            (Matcher(("Error 1",)), Matcher(("Error 2",), (Condition("channel", ("web",)),))),
        )
        for number in range(count)
    ]
    return Journey("bench", "Bench", "USD", tuple(steps), {"default": 30.0})


def fill_day(lake: Lake, day: int, size: int, persons: int) -> None:
    """The events that arrive on a day; a few of them happened up to three days before."""
    random = np.random.default_rng(day)
    sessions = -(-size // EVENTS_A_SESSION)
    person = np.repeat(random.integers(0, persons, sessions), EVENTS_A_SESSION)[:size]
    opened = FROM_US + day * DAY_US + random.integers(0, DAY_US - 30 * MINUTE_US, sessions)
    pace = random.integers(SECOND_US, 4 * MINUTE_US, size).reshape(-1)
    ts_us = np.repeat(opened, EVENTS_A_SESSION)[:size] + _running(pace)
    late = np.repeat(random.random(sessions) < LATE_SHARE, EVENTS_A_SESSION)[:size]
    ts_us = np.where(late & (day > 3), ts_us - random.integers(1, 4 * DAY_US), ts_us)
    lake.append(EVENTS, _rows(random, np.argsort(ts_us, kind="stable"), (person, ts_us), FROM_US + (day + 1) * DAY_US))


def _running(pace: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Times since the session's begin: each event follows the one before by its pace."""
    through = np.cumsum(pace)
    firsts = np.arange(0, pace.size, EVENTS_A_SESSION)
    before = np.repeat(through[firsts], EVENTS_A_SESSION)[: pace.size]
    return through - before


def _rows(random: np.random.Generator, order: object, happened: object, landed_us: int) -> pa.Table:
    person, ts_us = (column[order] for column in happened)
    size = person.size
    chance = np.array([0.9 / len(STEP_EVENTS)] * len(STEP_EVENTS) + [0.02, 0.02, 0.01, 0.05])
    code = random.choice(len(NAMES), size, p=chance)
    keys = random.permutation(np.arange(0)) if size == 0 else _mixed(person)
    columns = {
        "message_key": random.integers(-(2**62), 2**62, size),
        "event": pa.array(NAMES).take(pa.array(code)),
        "ts_us": ts_us,
        "received_us": ts_us,
        "landed_us": np.full(size, landed_us),
        "identity_key": keys,
        "revenue": np.where(code == len(STEP_EVENTS) - 1, 20.0 + code, np.nan),
        "country": pa.array(["DE", "FR", "US", "GB"]).take(pa.array(person % 4)),
        "channel": pa.array(["web", "app"]).take(pa.array(person % 2)),
        "platform": pa.array(["ios", "android", "desktop"]).take(pa.array(person % 3)),
        "element": pa.array(["#pay", None]).take(pa.array((code < len(NAMES) - 2).astype(np.int64))),
    }
    schema = arrow_schema(EVENTS)
    return pa.table([columns.get(field.name, pa.nulls(size, field.type)) for field in schema], names=schema.names)


def _mixed(person: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Spread like the keyed hashes that they stand for."""
    return (person.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(0x5851F42D4C957F2D)).view(np.int64)


def multiply(lake: Lake, copies: int, tables: Sequence[Table]) -> None:
    """Bring every row of some tables `copies` times more, of other people each time, landed in the order of time."""
    snapshot = lake.snapshot(*tables)
    for table in tables:
        rows = snapshot.table(table).order_by(table.time or "landed_us").to_pyarrow()
        if not rows.num_rows:
            continue
        size = -(-rows.num_rows // LANDINGS_OF_COPIES)
        for start in range(0, rows.num_rows, size):
            part = rows.slice(start, size)
            several = pa.concat_tables(_copied(part, copy) for copy in range(1, copies + 1))
            if "landed_us" in table.names:
                landed = pa.array(np.full(several.num_rows, lake.next_landed_us()))
                several = several.set_column(table.names.index("landed_us"), "landed_us", landed)
            lake.append(table, several.sort_by(table.time) if table.time else several)


def _copied(rows: pa.Table, copy: int) -> pa.Table:
    """The same rows of other people: ids as texts bear the copy's number, and their keys are mixed with it."""
    mark = np.array([copy], np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for place, name in enumerate(rows.column_names):
        column = rows[name]
        if name.endswith("_key"):
            mixed = pc.bit_wise_xor(column, pa.scalar(int(mark.view(np.int64)[0])))
            rows = rows.set_column(place, name, mixed)
        elif name.endswith("_id") and name not in SHARED_IDS:
            rows = rows.set_column(place, name, pc.binary_join_element_wise(column, str(copy), "~"))
    return rows
