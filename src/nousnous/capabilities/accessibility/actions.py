"""Reading red zones: the looks that browsers told of, and the people who saw the same screens."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypedDict

import pyarrow as pa
from django.conf import settings

from nousnous.base.errors import Missing
from nousnous.base.shapes import Window
from nousnous.capabilities.accessibility.measures import Clicked, Left, LeftShape, Zone, ZoneShape, left, red_zones
from nousnous.facts.barriers import OF_MANY, ROUTE, Scan, elements_of
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.journeys import Journey
from nousnous.facts.replays import REPLAY_CHUNKS, address_of
from nousnous.journeys.actions.barriers import looks, newest_scans
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.periods import Period
from nousnous.journeys.windows import period_of, window_of, written
from nousnous.plays.channels.actions import channel_named
from nousnous.plays.channels.filling import unmarked
from nousnous.plays.channels.trackers import Issue, hand_over, handed_over, mark_of, tracker_of
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

# How somebody uses a page, as our script tells it at the end of a session; taken out as text, never row by row.
OWN_WAYS: Final = r'"(?:keyboard_only|forced_colors)": ?true'
MOST_ELEMENTS: Final = 10
"""So many are named in an issue."""
CLICKED: Final = "Element Clicked"
NEED_TOLD: Final = "Accessibility Need Told"
"""What a company's own pages tell of people who said that they need help."""


class RedZoneShape(ZoneShape):
    replay: str | None
    issue: str | None


class RedZonesShape(TypedDict):
    window: Window
    people: int
    routes: list[str]
    zones: list[RedZoneShape]
    left: list[LeftShape]


@dataclass(frozen=True, slots=True)
class RedZones:
    """What stands in the way in a period, the routes that were looked at, and a replay of each that has one."""

    from_at: str
    to_at: str
    everybody: int
    routes: tuple[str, ...]
    zones: tuple[Zone, ...]
    replays: dict[str, str]
    left: tuple[Left, ...] = ()
    issues: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> RedZonesShape:
        return {
            "window": {"from": self.from_at, "to": self.to_at},
            "people": self.everybody,
            "routes": list(self.routes),
            "zones": [
                {**zone.as_dict(), "replay": self.replays.get(zone.route), "issue": self.issues.get(key_of(zone))}
                for zone in self.zones
            ],
            "left": [one.as_dict() for one in self.left],
        }


def read_zones(workspace: Workspace, from_text: str | None = None, to_text: str | None = None) -> RedZones:
    """The red zones of a period; by default of the 90 days up to the newest look."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, REPLAY_CHUNKS)
    asked = ("red zones", workspace.slug, from_text, to_text, basis_of(workspace))
    found = remembered(snapshot, asked, lambda: _measured(workspace, snapshot, from_text, to_text))
    return replace(found, issues=handed_over(workspace, [key_of(zone) for zone in found.zones]))


def _measured(workspace: Workspace, snapshot: Snapshot, from_text: str | None, to_text: str | None) -> RedZones:
    newest_us = looks(snapshot.table(EVENTS)).ts_us.max().to_pyarrow().as_py()
    period = period_of(window_of(from_text, to_text, workspace.timezone), newest_us, workspace.timezone)
    scans = newest_scans(_within(snapshot.table(EVENTS), period))
    routes = sorted({scan.route for scan in scans})
    seen, everybody = _people(snapshot, period) if scans else ({}, 0)
    zones = red_zones(scans, seen, everybody, _clicked(snapshot, period, scans))
    return RedZones(
        written(period.from_us, workspace.timezone),
        written(period.to_us, workspace.timezone),
        everybody,
        tuple(routes),
        tuple(zones),
        _replays(workspace, snapshot, routes) if scans else {},
        tuple(_left(workspace, snapshot, period)),
    )


def key_of(zone: Zone) -> str:
    """Under which a barrier is handed over: one rule on one screen."""
    place = hashlib.blake2b(zone.route.encode(), digest_size=8).hexdigest()
    return f"barrier/{zone.rule}/{place}"


def hand_over_zone(workspace: Workspace, named: tuple[str, str], channel_name: str, actor: str) -> str:
    """Make an issue of a barrier (its route and its rule) in a tracker, once; answers what the tracker calls it."""
    route, rule = named
    found = read_zones(workspace)
    zone = next((one for one in found.zones if (one.route, one.rule) == named), None)
    if zone is None:
        raise Missing(f"Nothing on “{route[:80]}” breaks the rule “{rule[:80]}” by the newest look at it.")
    if standing := found.issues.get(key_of(zone)):
        return standing
    channel = channel_named(workspace, channel_name)
    reference = hand_over(tracker_of(channel), channel, _issue(workspace, zone, found.replays.get(route)), key_of(zone))
    audit(workspace, actor, "hand over barrier", f"{rule} on {route}")
    return reference


def _issue(workspace: Workspace, zone: Zone, replay: str | None) -> Issue:
    own = settings.NOUS.address.rstrip("/")
    rows = [
        f"Rule: {unmarked(zone.rule)} (WCAG level {zone.level}, {zone.impact})",
        f"Screen: {unmarked(zone.route)}",
        f"People who saw it: {zone.affected}; who clicked an element that breaks it: {zone.clicked}",
        f"Elements ({zone.count}): {', '.join(map(unmarked, zone.elements[:MOST_ELEMENTS]))}",
    ]
    links = [f"{own}/w/{workspace.slug}/accessibility/", *([f"{own}{replay}"] if replay else [])]
    title = f"{zone.rule} on {zone.route} stands in the way of {zone.affected} people"
    return Issue(mark_of(key_of(zone)), " ".join(title.split())[:250], "\n".join(rows), tuple(links))


def _left(workspace: Workspace, snapshot: Snapshot, period: Period) -> list[Left]:
    """Who leaves: people with a way of their own against the rest, by journey; nothing where no browser told of one."""
    events = snapshot.events()
    known = _within(events.filter(events.person_key.notnull()), period)
    described = (known.event == "Session Described") & known.properties.re_search(OWN_WAYS)
    theirs = known.filter(described | (known.event == NEED_TOLD))
    own = frozenset(theirs.select("person_key").distinct().to_pyarrow()["person_key"].to_pylist())
    if not own:
        return []
    return [_left_of(workspace, version.journey, period, own) for version in list_journeys(workspace)]


def _left_of(workspace: Workspace, journey: Journey, period: Period, own: frozenset[int]) -> Left:
    kept = kept_visits(workspace, journey)
    newest_us = kept.events.ts_us.max().to_pyarrow().as_py() or 0
    visits = kept.visits
    over = visits.completed | (visits.window_us <= newest_us)
    inside = (visits.opened_us >= period.from_us) & (visits.opened_us < period.to_us)
    found: pa.Table = visits.filter(over & inside).select("person_key", "completed").to_pyarrow()
    persons, completed = found["person_key"].to_numpy(), found["completed"].to_numpy()
    return left((journey.id, journey.name), persons, completed, own)


def _within(rows: Any, period: Period) -> Any:
    return rows.filter((rows.ts_us >= period.from_us) & (rows.ts_us < period.to_us))


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


def _clicked(snapshot: Snapshot, period: Period, scans: list[Scan]) -> Clicked:
    """Who clicked the elements that break a rule."""
    wanted = {element for scan in scans for one in scan.violations for element in elements_of(one)}
    if not wanted:
        return {}
    events = _within(snapshot.events(), period)
    events = events.filter((events.event == CLICKED) & events.person_key.notnull() & events.screen.notnull())
    mine = events.filter(events.element.isin(sorted(wanted)))
    rows = mine.select("person_key", "element", route=_route(mine.screen)).distinct().to_pyarrow()
    grouped = rows.group_by(["route", "element"]).aggregate([("person_key", "list")])
    columns = (grouped[name].to_pylist() for name in ("route", "element", "person_key_list"))
    return {(route, element): frozenset(keys) for route, element, keys in zip(*columns, strict=True)}


def _replays(workspace: Workspace, snapshot: Snapshot, routes: list[str]) -> dict[str, str]:
    """The newest recording of each route."""
    chunks = snapshot.table(REPLAY_CHUNKS)
    chunks = chunks.filter(chunks.screen.notnull() & chunks.session_id.notnull())
    chunks = chunks.select("session_id", "ts_us", route=_route(chunks.screen))
    mine = chunks.filter(chunks.route.isin(routes)).group_by("route")
    newest = mine.agg(session_id=chunks.session_id.argmax(chunks.ts_us), at_us=chunks.ts_us.max()).to_pyarrow()
    return {row["route"]: address_of(workspace.slug, row["session_id"], row["at_us"]) for row in newest.to_pylist()}
