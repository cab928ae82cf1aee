"""Barriers on screens, as browsers tell of them: what breaks a rule, how bad it is, and on which screen."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

SCANNED: Final = "Accessibility Scanned"
WEIGHTS: Final = {"minor": 1, "moderate": 3, "serious": 7, "critical": 10}
"""The risk of what breaks a rule, by axe-core's impact."""
ROUTE: Final = r"/[^/]*\d[^/]*"
OF_MANY: Final = "/:id"
ANY_PLACE: Final = ":nth-of-type(*)"
"""Parts of a path with a digit name one thing of many: screens are told apart by what is left."""


def route_of(screen: str) -> str:
    """The route of a screen's path.

    >>> route_of("/order/1001/pay")
    '/order/:id/pay'
    """
    return re.sub(ROUTE, OF_MANY, screen)


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at a screen: its route, what was looked at (the page, or a form that was sent), and what was found."""

    route: str
    kind: str
    at_us: int
    violations: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Barrier:
    """An element that breaks a rule, by the selector that clicks on it have."""

    element: str
    rule: str
    impact: str

    @property
    def risk(self) -> int:
        return WEIGHTS[self.impact]


def scan_of(properties: str | None, at_us: int) -> Scan | None:
    """A look as our script tells it; None for whatever else calls itself so.

    >>> scan_of('{"route": "/pay", "kind": "page", "violations": []}', 7)
    Scan(route='/pay', kind='page', at_us=7, violations=[])
    """
    try:
        told = json.loads(properties or "{}")
    except ValueError:
        return None
    found, route = (told.get("violations"), told.get("route")) if isinstance(told, dict) else (None, None)
    if not isinstance(found, list) or not isinstance(route, str):
        return None
    return Scan(route, str(told.get("kind")), at_us, [one for one in found if isinstance(one, dict)])


def newest_of(scans: Iterable[Scan]) -> list[Scan]:
    """The newest look at each screen of each kind.

    >>> [one.at_us for one in newest_of([Scan("/pay", "page", 2, []), Scan("/pay", "page", 1, [])])]
    [2]
    """
    newest = {(scan.route, scan.kind): scan for scan in sorted(scans, key=lambda one: one.at_us)}
    return list(newest.values())


def impact_of(violation: Mapping[str, Any]) -> str:
    """How bad it is; what names none that is known is minor.

    >>> impact_of({"impact": "serious"}), impact_of({"impact": 7})
    ('serious', 'minor')
    """
    impact = str(violation.get("impact"))
    return impact if impact in WEIGHTS else "minor"


def elements_of(violation: Mapping[str, Any]) -> tuple[str, ...]:
    """The selectors of the elements, also of those that were told together: alike but for their places.

    >>> rows = {"like": "ul > li:nth-of-type(*) > a", "at": [[11], [12]]}
    >>> elements_of({"elements": [{"element": "#pay"}], "alike": [rows]})
    ('#pay', 'ul > li:nth-of-type(11) > a', 'ul > li:nth-of-type(12) > a')
    """
    first = (str(one["element"]) for one in _dicts(violation.get("elements")) if one.get("element"))
    return (*first, *(place for one in _dicts(violation.get("alike")) for place in _places(one)))


def untold_of(violation: Mapping[str, Any]) -> int:
    """How many elements a browser did not tell, for want of room; no click is known to be on those."""
    untold = violation.get("untold")
    return max(0, untold) if isinstance(untold, int) else 0


def _dicts(ones: object) -> list[dict[str, Any]]:
    return [one for one in ones if isinstance(one, dict)] if isinstance(ones, list) else []


def _places(alike: Mapping[str, Any]) -> Iterator[str]:
    parts, at = str(alike.get("like", "")).split(ANY_PLACE), alike.get("at")
    for numbers in at if isinstance(at, list) else ():
        if isinstance(numbers, list) and len(numbers) == len(parts) - 1 and parts != [""]:
            between = [f":nth-of-type({number})" for number in numbers]
            yield "".join(part + place for part, place in zip_longest(parts, between, fillvalue=""))


def barriers_of(scans: Iterable[Scan]) -> list[Barrier]:
    """The worst that each element breaks, by some looks, the worst first.

    >>> pale = {"rule": "color-contrast", "impact": "serious", "elements": [{"element": "#pay"}]}
    >>> barriers_of([Scan("/pay", "page", 1, [pale])])
    [Barrier(element='#pay', rule='color-contrast', impact='serious')]
    """
    worst: dict[str, Barrier] = {}
    for scan in scans:
        for violation in scan.violations:
            for element in elements_of(violation):
                barrier = Barrier(element, str(violation.get("rule", ""))[:80], impact_of(violation))
                if element not in worst or worst[element].risk < barrier.risk:
                    worst[element] = barrier
    return sorted(worst.values(), key=lambda one: (-one.risk, one.element))
