"""Barriers on the screens of a recording, and the risk of the clicks that were made there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, TypedDict

from nousnous.base import clock
from nousnous.capabilities.replays.actions.reading import Replay
from nousnous.facts.barriers import Barrier, barriers_of, route_of
from nousnous.facts.events import EVENTS
from nousnous.journeys.actions.barriers import scans_kept
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

MOST_FRAMED: Final = 500
Barriers = dict[str, list[Barrier]]
"""By route, the worst first."""


@dataclass(frozen=True, slots=True)
class Risk:
    """How many clicks a session has, how many were on barriers, and the sum of their targets' risks."""

    clicks: int
    on_barriers: int
    risk: int


def barriers_on(workspace: Workspace, screens: Collection[str]) -> Barriers:
    """What stands in the way on some screens, by the newest look at each; routes without any are left out."""
    routes = {route_of(screen) for screen in screens}
    scans = scans_kept(lake_of(workspace).snapshot(EVENTS))
    found = {route: barriers_of(scan for scan in scans if scan.route == route) for route in sorted(routes)}
    return {route: barriers for route, barriers in found.items() if barriers}


def risk_of_clicks(workspace: Workspace, replay: Replay, barriers: Barriers) -> Risk:
    """Each click carries the risk of its target: 1, 3, 7 or 10 by the impact of what it breaks, else 0."""
    summary, told = replay.summary, {"session_id": [replay.summary.session_id], "event": ["Element Clicked"]}
    around = (summary.started_us - clock.DAY_US, summary.started_us + summary.duration_us + clock.DAY_US)
    rows = lake_of(workspace).snapshot(EVENTS).picked(EVENTS, ("screen", "element"), around, **told)
    counts = rows.group_by(["screen", "element"]).aggregate([([], "count_all")]).to_pylist()
    risks = {(route, one.element): one.risk for route, found in barriers.items() for one in found}
    targets = [(row["count_all"], risks.get((route_of(row["screen"] or ""), row["element"]), 0)) for row in counts]
    return Risk(
        sum(clicks for clicks, _ in targets),
        sum(clicks for clicks, risk in targets if risk),
        sum(clicks * risk for clicks, risk in targets),
    )


def framed(barriers: Barriers) -> Barriers:
    """The worst of each route, as many as a browser can follow on a page that changes."""
    return {route: found[:MOST_FRAMED] for route, found in barriers.items()}


class BarrierShape(TypedDict):
    route: str
    element: str
    rule: str
    impact: str
    risk: int


def barriers_as_dict(barriers: Barriers) -> list[BarrierShape]:
    return [
        {"route": route, "element": one.element, "rule": one.rule, "impact": one.impact, "risk": one.risk}
        for route, found in barriers.items()
        for one in found
    ]
