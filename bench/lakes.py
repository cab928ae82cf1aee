"""A large lake for benchmarks: events of half as many sessions as persons' days, landed day by day in arrival order."""

import numpy as np
import pyarrow as pa

from nousnous.base.clock import DAY_US, MINUTE_US, SECOND_US
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
