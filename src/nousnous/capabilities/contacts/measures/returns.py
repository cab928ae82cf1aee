"""Next-contact avoidance, handling time beside it, and what a change of both costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final, TypedDict

import numpy as np
import numpy.typing as npt

from nousnous.stats.clusters import Floats, Integers, sample
from nousnous.stats.estimate import MINIMUM_PERSONS, Estimate, EstimateShape, Z
from nousnous.stats.means import clustered, mean
from nousnous.stats.shares import share_of

DAY_US: Final = 86_400_000_000
WITHIN_US: Final = 7 * DAY_US
DIMENSIONS: Final = ("channel", "topic", "team")

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Starts and resolutions of contacts, a row each, in any order; `minutes` of handling are NaN where nobody counted.

    `groups` has, for each dimension, an array of texts in which an empty one stands for nothing known.
    """

    persons: Integers
    ts_us: Integers
    resolved: Flags
    minutes: Floats
    groups: Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """Resolved contacts: whether their person came back within 7 days, about anything and about the same topic."""

    persons: Integers
    ts_us: Integers
    minutes: Floats
    came_back: Flags
    same_topic: Flags
    groups: Mapping[str, npt.NDArray[Any]]

    def chosen(self, mask: Flags) -> "Resolved":
        groups = {name: values[mask] for name, values in self.groups.items()}
        flags = self.came_back[mask], self.same_topic[mask]
        return Resolved(self.persons[mask], self.ts_us[mask], self.minutes[mask], *flags, groups)


class ContactLineShape(TypedDict):
    dimension: str
    group: str
    avoidance: EstimateShape
    same_topic: EstimateShape
    minutes: EstimateShape
    change: EstimateShape | None
    minutes_change: EstimateShape | None
    net_minutes: EstimateShape | None
    hurried: bool
    maturing: int


@dataclass(frozen=True, slots=True)
class Line:
    """Next-contact avoidance of one group, with its handling minutes and their changes against the period before.

    `net_minutes`: the net cost of both changes, None without a period before or where handling is not known. `hurried`:
    handling got faster while fewer stayed away, both surely (95 % intervals).
    """

    dimension: str
    name: str
    avoidance: Estimate
    same_topic: Estimate
    minutes: Estimate
    change: Estimate | None
    minutes_change: Estimate | None
    net_minutes: Estimate | None
    hurried: bool
    maturing: int

    def as_dict(self) -> ContactLineShape:
        return {
            "dimension": self.dimension,
            "group": self.name,
            "avoidance": self.avoidance.as_dict(),
            "same_topic": self.same_topic.as_dict(),
            "minutes": self.minutes.as_dict(),
            "change": self.change.as_dict() if self.change else None,
            "minutes_change": self.minutes_change.as_dict() if self.minutes_change else None,
            "net_minutes": self.net_minutes.as_dict() if self.net_minutes else None,
            "hurried": self.hurried,
            "maturing": self.maturing,
        }


def returns_of(contacts: Contacts) -> Resolved:
    """Which resolved contacts were followed by a start of the same person, later and at most 7 days after.

    >>> day = DAY_US
    >>> flags = np.array([False, True, False, True])
    >>> topics = np.array(["bill", "bill", "bags", "bags"])
    >>> times = np.array([0, day, 3 * day, 4 * day])
    >>> found = returns_of(Contacts(np.zeros(4, int), times, flags, np.full(4, np.nan), {"topic": topics}))
    >>> found.came_back.tolist(), found.same_topic.tolist()
    ([True, False], [False, False])
    """
    topics = contacts.groups.get("topic", np.full(contacts.persons.size, ""))
    codes = np.unique(topics, return_inverse=True)[1] if topics.size else np.zeros(0, dtype=np.int64)
    places = np.flatnonzero(contacts.resolved)
    return Resolved(
        contacts.persons[places],
        contacts.ts_us[places],
        contacts.minutes[places],
        _followed(contacts, np.zeros(contacts.persons.size, dtype=np.int64))[places],
        _followed(contacts, codes)[places],
        {name: values[places] for name, values in contacts.groups.items()},
    )


def lines_of(now: Resolved, before: Resolved, mature_us: int) -> tuple[Line, ...]:
    """All contacts, then each group, least avoidance first; what was resolved until `mature_us` counts."""
    whole = _line("all", "all contacts", now, before, mature_us)
    rest = [
        _line(dimension, name, now.chosen(mask), before.chosen(before.groups[dimension] == name), mature_us)
        for dimension, name, mask in _named(now.groups)
    ]
    return (whole, *sorted(rest, key=lambda one: (one.avoidance.value is None, one.avoidance.value or 0.0, one.name)))


def net_minutes(now: Resolved, before: Resolved) -> Estimate:
    """Minutes that the changes cost: what handling takes longer, less what contacts that stay away spare; minus saves.

    n ((m - m0) - (a - a0) m) for n contacts, m their mean handling and a the share that did not come back, m0 and a0
    those before. Its variance is that of the linear form in the four means, cluster-robust over persons, of two
    samples. Handling is known of some contacts at least, in both.

    >>> flags = np.array([True, False] * 5)
    >>> groups = {}
    >>> before = Resolved(np.arange(10), np.zeros(10, int), np.full(10, 9.0), flags, flags, groups)
    >>> now = Resolved(np.arange(10), np.zeros(10, int), np.full(10, 10.0), ~flags & False, ~flags & False, groups)
    >>> net_minutes(now, before).value
    -40.0
    """
    (stayed, minutes), (past_stayed, past_minutes) = (_means(one) for one in (now, before))
    change, size = stayed - past_stayed, now.persons.size
    later = _spread(now, (-minutes, stayed), (1.0 - change, minutes))
    earlier = _spread(before, (minutes, past_stayed), (-1.0, past_minutes))
    value, half = (minutes - past_minutes) - change * minutes, Z * sqrt(later + earlier)
    ends = (size * (value - half), size * (value + half))
    return Estimate(size * value, *ends, size, "difference of cluster-robust means")


def _means(contacts: Resolved) -> tuple[float, float]:
    return float(1.0 - contacts.came_back.mean()), float(np.nanmean(contacts.minutes))


def _spread(contacts: Resolved, stayed: tuple[float, float], minutes: tuple[float, float]) -> float:
    """The variance over persons of a weighted sum of the share that stayed away and of mean handling: weight, mean."""
    known = ~np.isnan(contacts.minutes)
    pull = stayed[0] * (~contacts.came_back - stayed[1]) / known.size
    pull = pull + minutes[0] * np.where(known, contacts.minutes - minutes[1], 0.0) / known.sum()
    codes = np.unique(contacts.persons, return_inverse=True)[1]
    sums = np.bincount(codes, pull)
    return float(sums.size / (sums.size - 1) * (sums @ sums))


def _followed(contacts: Contacts, codes: Any) -> Flags:
    """Starts come before resolutions of the same moment: what starts as another ends is no return."""
    order = np.lexsort((contacts.resolved, contacts.ts_us, codes, contacts.persons))
    size = order.size
    starts = ~contacts.resolved[order]
    following = np.minimum.accumulate(np.where(starts, np.arange(size), size)[::-1])[::-1]
    persons, alike = np.append(contacts.persons[order], -1), np.append(codes[order], -1)
    times = np.append(contacts.ts_us[order], 0)
    here = np.arange(size)
    same = (following < size) & (persons[following] == persons[here]) & (alike[following] == alike[here])
    found = np.zeros(size, dtype=bool)
    found[order] = same & (times[following] - times[here] <= WITHIN_US)
    return found


def _named(groups: Mapping[str, npt.NDArray[Any]]) -> Iterator[tuple[str, str, Flags]]:
    for dimension, values in groups.items():
        for name in np.unique(values).tolist():
            if name:
                yield dimension, name, values == name


def _line(dimension: str, name: str, now: Resolved, before: Resolved, mature_us: int) -> Line:
    ripe, past = now.chosen(now.ts_us <= mature_us), before.chosen(before.ts_us <= mature_us)
    stayed, past_stayed = ((~one.came_back).astype(np.float64) for one in (ripe, past))
    avoidance, minutes = share_of(stayed, ripe.persons), mean(ripe.minutes, ripe.persons)
    change = _difference((stayed, ripe.persons), (past_stayed, past.persons))
    longer = _difference((ripe.minutes, ripe.persons), (past.minutes, past.persons))
    net = None if change is None or longer is None else net_minutes(ripe, past)
    hurried = bool(change and longer and (change.high or 0.0) < 0 and (longer.high or 0.0) < 0)
    return Line(
        dimension,
        name,
        avoidance,
        share_of(1.0 - ripe.same_topic, ripe.persons),
        minutes,
        change,
        longer,
        net,
        hurried,
        int(now.persons.size - ripe.persons.size),
    )


def _difference(now: tuple[Floats, Integers], before: tuple[Floats, Integers]) -> Estimate | None:
    """The difference of two means over persons, as of two samples; None where either has too few people."""
    later, earlier = sample(*now), sample(*before)
    if min(np.unique(later.codes).size, np.unique(earlier.codes).size) < MINIMUM_PERSONS:
        return None
    first, second = clustered(later), clustered(earlier)
    value, half = first.mean - second.mean, Z * sqrt(first.variance + second.variance)
    return Estimate(value, value - half, value + half, later.n, "difference of cluster-robust means")
