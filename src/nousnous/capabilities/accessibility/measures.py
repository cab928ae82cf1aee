"""Red zones: what stands in the way on screens, by how many people it stands in the way of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nousnous.stats.estimate import Estimate, enough, too_few
from nousnous.stats.shares import wilson

WEIGHTS: Final = {"minor": 1, "moderate": 3, "serious": 7, "critical": 10}
"""The risk of what breaks a rule, by axe-core's impact."""
ROUTE: Final = r"/[^/]*\d[^/]*"
OF_MANY: Final = "/:id"
"""Parts of a path with a digit name one thing of many: screens are told apart by what is left."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at a screen: its route, what was looked at (the page, or a form that was sent), and what was found."""

    route: str
    kind: str
    at_us: int
    violations: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Zone:
    """A rule that a screen breaks. `people` is the share of all people of the period who saw the screen, n of them all.

    `risk` is what it is ranked by: people × the weight of its impact, once a person however many elements break it.
    """

    route: str
    rule: str
    level: str
    impact: str
    elements: tuple[str, ...]
    count: int
    affected: int
    people: Estimate
    found_us: int

    @property
    def risk(self) -> int:
        return self.affected * WEIGHTS[self.impact]

    def as_dict(self) -> dict[str, Any]:
        names = ("route", "rule", "level", "impact", "count", "affected", "risk", "found_us")
        told = {name: getattr(self, name) for name in names}
        return {**told, "elements": list(self.elements), "people": self.people.as_dict()}


def red_zones(scans: Iterable[Scan], seen: Mapping[str, int], everybody: int) -> list[Zone]:
    """What the newest look at each screen found, the most people at the highest risk first.

    `seen` says how many people saw each route, `everybody` how many people there were. A screen that nobody saw in the
    period is no zone.

    >>> pale = {"rule": "color-contrast", "level": "AA", "impact": "serious", "count": 2, "elements": []}
    >>> looks = [Scan("/pay", "page", 2, [pale]), Scan("/pay", "page", 1, []), Scan("/away", "page", 1, [pale])]
    >>> [(zone.route, zone.affected, zone.risk) for zone in red_zones(looks, {"/pay": 30}, 100)]
    [('/pay', 30, 210)]
    """
    newest: dict[tuple[str, str], Scan] = {}
    for scan in sorted(scans, key=lambda one: one.at_us):
        newest[scan.route, scan.kind] = scan
    zones = [
        _zone(scan, one, seen[scan.route], everybody)
        for scan in newest.values()
        for one in scan.violations
        if seen.get(scan.route)
    ]
    return sorted(zones, key=lambda zone: (-zone.risk, zone.route, zone.rule))


def _zone(scan: Scan, found: Mapping[str, Any], affected: int, everybody: int) -> Zone:
    elements = tuple(str(one.get("element", "")) for one in found.get("elements", ()) if isinstance(one, Mapping))
    impact = str(found.get("impact"))
    return Zone(
        scan.route,
        str(found.get("rule", ""))[:80],
        str(found.get("level", "A"))[:3],
        impact if impact in WEIGHTS else "minor",
        elements,
        int(found.get("count") or len(elements)),
        affected,
        _share(affected, everybody),
        scan.at_us,
    )


def _share(affected: int, everybody: int) -> Estimate:
    """Each person counts once, so persons are observations (Wilson 1927)."""
    if not enough(everybody):
        return too_few(everybody)
    value = min(1.0, affected / everybody)
    return Estimate(value, *wilson(value, everybody), everybody, "wilson")
