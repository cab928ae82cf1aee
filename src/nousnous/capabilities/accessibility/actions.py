"""Reading red zones: the looks that browsers told of, and the people who saw the same screens."""

from dataclasses import dataclass
from typing import Any

import ibis
import msgspec

from nousnous.capabilities.accessibility.measures import OF_MANY, ROUTE, Scan, Zone, red_zones
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.replays import REPLAY_CHUNKS, address_of
from nousnous.journeys.periods import Period
from nousnous.journeys.windows import period_of, window_of, written
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

SCANNED = "Accessibility Scanned"
MOST_SCANS = 5_000


@dataclass(frozen=True, slots=True)
class RedZones:
    """What stands in the way in a period, the routes that were looked at, and a replay of each that has one."""

    from_at: str
    to_at: str
    everybody: int
    routes: tuple[str, ...]
    zones: tuple[Zone, ...]
    replays: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        return {
            "window": {"from": self.from_at, "to": self.to_at},
            "people": self.everybody,
            "routes": list(self.routes),
            "zones": [{**zone.as_dict(), "replay": self.replays.get(zone.route)} for zone in self.zones],
        }


def read_zones(workspace: Workspace, from_text: str | None = None, to_text: str | None = None) -> RedZones:
    """The red zones of a period; by default of the 90 days up to the newest look."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, REPLAY_CHUNKS)
    looks = snapshot.table(EVENTS)
    looks = looks.filter(looks.event == SCANNED)
    newest_us = looks.ts_us.max().to_pyarrow().as_py()
    period = period_of(window_of(from_text, to_text, workspace.timezone), newest_us, workspace.timezone)
    rows = _within(looks, period).order_by(ibis.desc("ts_us"), "message_key").limit(MOST_SCANS)
    scans = [scan for row in rows.select("ts_us", "properties").to_pyarrow().to_pylist() if (scan := _scan(row))]
    routes = sorted({scan.route for scan in scans})
    seen, everybody = _people(snapshot, period) if scans else ({}, 0)
    return RedZones(
        written(period.from_us, workspace.timezone),
        written(period.to_us, workspace.timezone),
        everybody,
        tuple(routes),
        tuple(red_zones(scans, seen, everybody)),
        _replays(workspace, snapshot, routes) if scans else {},
    )


def _within(rows: Any, period: Period) -> Any:
    return rows.filter((rows.ts_us >= period.from_us) & (rows.ts_us < period.to_us))


def _scan(row: dict[str, Any]) -> Scan | None:
    """A look as our script tells it; whatever else calls itself so is left out."""
    try:
        told = msgspec.json.decode(row["properties"] or "{}")
    except msgspec.MsgspecError:
        return None
    found, route = told.get("violations"), told.get("route")
    if not isinstance(found, list) or not isinstance(route, str):
        return None
    violations = [one for one in found if isinstance(one, dict)]
    return Scan(route, str(told.get("kind")), row["ts_us"], violations)


def _route(screen: Any) -> Any:
    return screen.re_replace(ROUTE, OF_MANY)


def _people(snapshot: Snapshot, period: Period) -> tuple[dict[str, int], int]:
    """How many people saw each route, and how many there were."""
    events = _within(snapshot.events(), period)
    events = events.filter(events.person_key.notnull())
    everybody = int(events.person_key.nunique().to_pyarrow().as_py())
    shown = events.filter(events.screen.notnull())
    shown = shown.select("person_key", route=_route(shown.screen))
    counts = shown.group_by("route").agg(people=shown.person_key.nunique()).to_pyarrow()
    return dict(zip(counts["route"].to_pylist(), counts["people"].to_pylist(), strict=True)), everybody


def _replays(workspace: Workspace, snapshot: Snapshot, routes: list[str]) -> dict[str, str]:
    """The newest recording of each route."""
    chunks = snapshot.table(REPLAY_CHUNKS)
    chunks = chunks.filter(chunks.screen.notnull() & chunks.session_id.notnull())
    chunks = chunks.select("session_id", "ts_us", route=_route(chunks.screen))
    mine = chunks.filter(chunks.route.isin(routes)).group_by("route")
    newest = mine.agg(session_id=chunks.session_id.argmax(chunks.ts_us), at_us=chunks.ts_us.max()).to_pyarrow()
    return {row["route"]: address_of(workspace.slug, row["session_id"], row["at_us"]) for row in newest.to_pylist()}
