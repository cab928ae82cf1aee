"""Red zones: what stands in the way on screens, by how many people it stands in the way of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from nousnous.base.shapes import shaped
from nousnous.facts.barriers import WEIGHTS, Scan, elements_of, impact_of, newest_of, untold_of
from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import Estimate, EstimateShape, enough, too_few
from nousnous.stats.shares import share_of, wilson

Clicked = Mapping[tuple[str, str], frozenset[int]]
"""Who clicked an element of a route, by (route, selector)."""


class ZoneShape(TypedDict):
    route: str
    rule: str
    level: str
    impact: str
    count: int
    affected: int
    clicked: int
    untold: int
    risk: int
    found_us: int
    elements: list[str]
    people: EstimateShape


@dataclass(frozen=True, slots=True)
class Zone:
    """A rule that a screen breaks. `people` is the share of all people of the period who saw the screen, n of them all.

    `risk` is what it is ranked by: people × the weight of its impact, once a person however many elements break it.
    `clicked` is how many people clicked one of the elements that break it; of `untold` elements, which had no room in
    what a browser told, that is not known.
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
    clicked: int = 0
    untold: int = 0

    @property
    def risk(self) -> int:
        return self.affected * WEIGHTS[self.impact]

    def as_dict(self) -> ZoneShape:
        return shaped(ZoneShape, self, elements=list(self.elements), people=self.people.as_dict())


def red_zones(scans: Iterable[Scan], seen: Mapping[str, int], everybody: int, clicked: Clicked) -> list[Zone]:
    """What the newest look at each screen found, the most people at the highest risk first.

    `seen` says how many people saw each route, `everybody` how many people there were, `clicked` who clicked what. A
    screen that nobody saw in the period is no zone.

    >>> pale = {"rule": "color-contrast", "level": "AA", "impact": "serious", "elements": [{"element": "#pay"}]}
    >>> looks = [Scan("/pay", "page", 2, [pale]), Scan("/pay", "page", 1, []), Scan("/away", "page", 1, [pale])]
    >>> (zone,) = red_zones(looks, {"/pay": 30}, 100, {("/pay", "#pay"): frozenset({7, 8})})
    >>> zone.route, zone.affected, zone.risk, zone.clicked
    ('/pay', 30, 210, 2)
    """
    zones = [
        _zone(scan, one, (seen[scan.route], _share(seen[scan.route], everybody)), clicked)
        for scan in newest_of(scans)
        for one in scan.violations
        if seen.get(scan.route)
    ]
    return sorted(zones, key=lambda zone: (-zone.risk, zone.route, zone.rule))


def _zone(scan: Scan, found: Mapping[str, Any], seen: tuple[int, Estimate], clicked: Clicked) -> Zone:
    elements, (affected, people) = elements_of(found), seen
    return Zone(
        scan.route,
        str(found.get("rule", ""))[:80],
        str(found.get("level", "A"))[:3],
        impact_of(found),
        elements,
        int(found.get("count") or len(elements)),
        affected,
        people,
        scan.at_us,
        len(frozenset().union(*(clicked.get((scan.route, one), frozenset()) for one in elements))),
        untold_of(found),
    )


def _share(affected: int, everybody: int) -> Estimate:
    """Each person counts once, so persons are observations (Wilson 1927)."""
    if not enough(everybody):
        return too_few(everybody)
    value = min(1.0, affected / everybody)
    return Estimate(value, *wilson(value, everybody), everybody, "wilson")


class LeftShape(TypedDict):
    journey: str
    name: str
    people: int
    theirs: EstimateShape
    others: EstimateShape
    difference: EstimateShape


@dataclass(frozen=True, slots=True)
class Left:
    """The share of visits of a journey that were not completed: of people who use the keyboard alone or forced colours
    or told of a need, of the rest, and the first less the second; n are visits, persons are what is independent."""

    journey: str
    name: str
    persons: int
    theirs: Estimate
    others: Estimate
    difference: Estimate

    def as_dict(self) -> LeftShape:
        return {
            "journey": self.journey,
            "name": self.name,
            "people": self.persons,
            "theirs": self.theirs.as_dict(),
            "others": self.others.as_dict(),
            "difference": self.difference.as_dict(),
        }


def left(
    journey: tuple[str, str], persons: npt.NDArray[np.int64], completed: npt.NDArray[np.bool_], own: frozenset[int]
) -> Left:
    """Compare visits that are over of the persons in `own` with all others; `journey` is its id and its name.

    `persons` and `completed` are aligned, a visit each. Shares with Wilson's interval for visits of the same persons,
    the difference by "square and add".

    >>> persons = np.arange(40)
    >>> found = left(("shop", "Shop"), persons, persons % 4 > 0, frozenset(range(0, 40, 2)))
    >>> found.persons, found.theirs.value, found.others.value, found.difference.value
    (20, 0.5, 0.0, 0.5)
    """
    mine = np.isin(persons, np.fromiter(own, dtype=np.int64, count=len(own)))
    theirs, others = (share_of(~completed[chosen], persons[chosen]) for chosen in (mine, ~mine))
    count = len(np.unique(persons[mine]))
    return Left(*journey, count, theirs, others, contrast([(1, theirs), (-1, others)]))
