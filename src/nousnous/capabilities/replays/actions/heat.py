"""Reading clicks and signals for heat maps: raw clicks are events, there for sessions without a recording as well."""

from dataclasses import dataclass
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.base import clock
from nousnous.capabilities.replays.actions.barriers import barriers_on
from nousnous.capabilities.replays.measures.heat import CLICK, DEAD, RAGE, Clicks, HeatMap, heat_map, width_class
from nousnous.facts.barriers import Barrier, route_of
from nousnous.facts.events import EVENTS, LINKS
from nousnous.journeys.actions.segments import basis_of
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

NAMES: Final = {"Element Clicked": CLICK, "Dead Click": DEAD, "Rage Click": RAGE}
WIDTHS: Final = ("phone", "tablet", "desktop")
MOST_SCREENS: Final = 50
DAY_US: Final = 86_400 * clock.SECOND_US
# What is asked of a click stands in its properties, as text: taken out column by column, never row by row.
PLACES: Final = {
    "viewport": r'"(?:viewport|\$viewport_width)": ?(?P<found>[0-9]+)',
    "across": r'"across": ?(?P<found>[0-9.]+)',
    "down": r'"down": ?(?P<found>[0-9.]+)',
}
CALLED: Final = r'"name": ?"(?P<found>[^"\\]+)", ?"role"'


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen with clicks: how many, and how many persons clicked in vain or raged there."""

    screen: str
    clicks: int
    persons: int
    troubled: int


@dataclass(frozen=True, slots=True)
class ScreenHeat:
    """The heat map of a screen at one width, and how many of its clicks came from windows of which width."""

    screen: str
    width: str
    map: HeatMap
    counts: dict[str, int]
    unknown: int
    names: dict[str, str]
    barriers: tuple[Barrier, ...] = ()

    def called(self, element: str) -> str:
        """What people call an element: its accessible name, else its selector."""
        return f"“{self.names[element]}”" if self.names.get(element) else element


def list_screens(workspace: Workspace, days: int) -> list[Screen]:
    """Screens with clicks, those on which most persons clicked in vain or raged first."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS)
    return remembered(snapshot, ("screens with clicks", days), lambda: _screens(snapshot, days))


def _screens(snapshot: Snapshot, days: int) -> list[Screen]:
    rows = _clicks(snapshot, days)
    trouble = rows.event != "Element Clicked"
    found = rows.group_by("screen").agg(
        clicks=(rows.event == "Element Clicked").sum(),
        persons=rows.person_key.nunique(),
        troubled=rows.person_key.nunique(where=trouble),
    )
    ordered = found.order_by(ibis.desc("troubled"), ibis.desc("clicks"), "screen").limit(MOST_SCREENS)
    return [Screen(**row) for row in ordered.to_pyarrow().to_pylist()]


def screen_heat(workspace: Workspace, screen: str, width: str, days: int) -> ScreenHeat:
    """Clicks, dead clicks and rages of a screen at one width; at the most common one if none is named."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS)
    asked = ("heat", screen, width, days, basis_of(workspace))
    return remembered(snapshot, asked, lambda: _heat(workspace, _clicks(snapshot, days), screen, width))


def _heat(workspace: Workspace, rows: Any, screen: str, width: str) -> ScreenHeat:
    mine = rows.filter(rows.screen == screen, rows.element.notnull())
    found: pa.Table = mine.select("event", "element", "person_key", "properties").to_pyarrow()
    place = {name: _numbers(found["properties"], pattern) for name, pattern in PLACES.items()}
    classes = np.where(np.isnan(place["viewport"]), "unknown", _classes(place["viewport"]))
    counts = {name: int((classes == name).sum()) for name in WIDTHS}
    chosen = width if width in WIDTHS else max(WIDTHS, key=lambda name: (counts[name], name))
    here = classes == chosen
    clicks = Clicks(
        elements=found["element"].to_numpy()[here].astype(str),
        kinds=_kinds(found["event"])[here],
        persons=pc.fill_null(found["person_key"], 0).to_numpy()[here],
        across=place["across"][here],
        down=place["down"][here],
    )
    unknown = int((classes == "unknown").sum())
    barriers = tuple(barriers_on(workspace, [screen]).get(route_of(screen), ()))
    return ScreenHeat(screen, chosen, heat_map(clicks), counts, unknown, _names(found), barriers)


def _clicks(snapshot: Snapshot, days: int) -> Any:
    events = snapshot.events()
    since_us = clock.now_us() - days * DAY_US
    return events.filter(events.event.isin(list(NAMES)), events.screen.notnull(), events.ts_us >= since_us)


def _names(found: pa.Table) -> dict[str, str]:
    called = pc.struct_field(pc.extract_regex(found["properties"], CALLED), "found")
    told = pa.table({"element": found["element"], "name": called}).group_by("element").aggregate([("name", "max")])
    return {one["element"]: one["name_max"] for one in told.to_pylist() if one["name_max"]}


def _kinds(names: pa.ChunkedArray) -> Any:
    places = pc.index_in(names, pa.array(list(NAMES)))
    return np.array(list(NAMES.values()), dtype=np.int64)[places.to_numpy()]


def _numbers(texts: pa.ChunkedArray, pattern: str) -> Any:
    found = pc.struct_field(pc.extract_regex(texts, pattern), "found")
    return pc.cast(found, pa.float64()).to_numpy().astype(np.float64)


def _classes(widths: Any) -> Any:
    known, which = np.unique(np.nan_to_num(widths, nan=0.0), return_inverse=True)
    return np.array([width_class(int(one)) for one in known], dtype=object)[which].astype(str)
