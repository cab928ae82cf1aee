"""A shop with an experiment in it: who was assigned, who ordered, who asked for help."""

from typing import Any

import numpy as np
import pyarrow as pa

from nousnous.base import clock
from nousnous.collector.landing import land
from nousnous.facts.events import EVENTS, EXPOSURE
from nousnous.stats.assignment import arm_of
from nousnous.workspaces.models import Workspace

START_US = clock.to_us(clock.from_us(1_767_571_200_000_000))  # 2026-01-05
END_US = START_US + 14 * clock.DAY_US
COUNTRIES = ("AT", "CH", "DE", "FR", "IT")
PERSONS = 2_000

TEXT = """\
[experiment]
id = "short-form"
name = "A shorter form"
start = 2026-01-05
end = 2026-01-19

[[variant]]
id = "control"

[[variant]]
id = "short"
name = "the short form"

[[metric]]
name = "Ordered"
did = { event = "Order Completed" }
within = "7d"

[[metric]]
name = "Revenue a person"
sum = { event = "Order Completed" }

[[metric]]
name = "Orders a view"
ratio = { event = "Order Completed" }
per = { event = "Product Viewed" }

[[guard]]
name = "Asked for help"
did = { event = "Contact Started" }
better = "lower"
tolerance = 0.5
"""


def row(person: str, event: str, ts_us: int, **columns: Any) -> dict[str, Any]:
    named = {"message_id": f"{person}-{event}-{ts_us}", "type": "track", "event": event, "ts_us": ts_us}
    return {**named, "user_id": person, "received_us": ts_us, "properties": "{}", **columns}


def exposure(person: str, arm: str, ts_us: int, **columns: Any) -> dict[str, Any]:
    return row(person, EXPOSURE, ts_us, variant=arm, **{"experiment": "short-form", **columns})


def bring(workspace: Workspace, rows: list[dict[str, Any]]) -> None:
    """Land rows of events."""
    names = sorted({name for one in rows for name in one})
    kinds = {"ts_us": pa.int64(), "received_us": pa.int64(), "revenue": pa.float64()}
    columns = [pa.array([one.get(name) for one in rows], kinds.get(name, pa.string())) for name in names]
    land(workspace, EVENTS, pa.table(columns, names=names))


def shop(
    persons: int = PERSONS, ordering: tuple[float, float] = (0.2, 0.32), helped: float = 0.1
) -> list[dict[str, Any]]:
    """People who see a product, are assigned and maybe order: as many as `ordering` says, by arm; some did before."""
    draw = np.random.default_rng(5)
    found: list[dict[str, Any]] = []
    for number in range(persons):
        person, habit = f"p{number}", draw.gamma(2.0, 0.5)
        arm = arm_of("short-form", person, {"control": 1, "short": 1})
        met_us = START_US + int(draw.integers(0, 10 * clock.DAY_US))
        country = COUNTRIES[number % 5]
        found += [row(person, "Product Viewed", met_us - 1), exposure(person, arm, met_us, country=country)]
        found.append(row(person, "Product Viewed", met_us + clock.MINUTE_US))
        if draw.random() < 0.2 * habit:
            found.append(row(person, "Order Completed", met_us - 5 * clock.DAY_US, revenue=40.0 * habit))
        if draw.random() < ordering[arm == "short"] * habit:
            found.append(row(person, "Order Completed", met_us + clock.HOUR_US, revenue=40.0 * habit))
        if draw.random() < helped:
            found.append(row(person, "Contact Started", met_us + 2 * clock.HOUR_US))
    return found


def arms_in(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The arm of each person whose exposure is among some rows."""
    return {one["user_id"]: one["variant"] for one in rows if one.get("experiment")}
