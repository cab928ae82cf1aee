"""The language gap: how much better the company sounds than its customers in the same conversations, by group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Final, Literal, TypedDict

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.stats.clusters import Floats, Integers, sample
from nousnous.stats.estimate import Estimate, EstimateShape, Z
from nousnous.stats.means import Moments, mean, measured
from nousnous.stats.screens import benjamini_hochberg

GAP: Final = 0.4
LEAST: Final = 20
FALSE_SHARE: Final = 0.05
DIMENSIONS: Final = ("channel", "topic", "bot_version", "agent_group", "language")
CROSSED: Final = ("topic", "bot_version")
Verdict = Literal["gap", "likely", "none", "few"]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Conversations:
    """One entry for each conversation: its customer, when it began, how each side sounds (NaN: not judged), its groups.

    `groups` has, for each dimension, Arrow texts in which an empty one stands for nothing known.
    """

    persons: Integers
    began_us: Integers
    company: Floats
    customer: Floats
    groups: Mapping[str, Any]

    @property
    def gaps(self) -> Floats:
        found: Floats = self.company - self.customer
        return found

    def chosen(self, mask: Flags) -> "Conversations":
        groups = {name: values.filter(pa.array(mask)) for name, values in self.groups.items()}
        return Conversations(self.persons[mask], self.began_us[mask], self.company[mask], self.customer[mask], groups)


class LanguageGroupShape(TypedDict):
    dimension: str
    group: str
    conversations: int
    gap: EstimateShape
    company: float | None
    customer: float | None
    adjusted_p: float | None
    verdict: Verdict
    missing: int
    change: EstimateShape | None


@dataclass(frozen=True, slots=True)
class Group:
    """The gap of one group: in units of sentiment, over persons; `adjusted` is Benjamini and Hochberg's p over groups.

    `missing` conversations are wanted before anything is said. `change` is the gap less that of the period before.
    """

    dimension: str
    name: str
    gap: Estimate
    company: float | None
    customer: float | None
    adjusted: float | None
    verdict: Verdict
    missing: int
    change: Estimate | None

    def as_dict(self) -> LanguageGroupShape:
        return {
            "dimension": self.dimension,
            "group": self.name,
            "conversations": self.gap.n,
            "gap": self.gap.as_dict(),
            "company": self.company,
            "customer": self.customer,
            "adjusted_p": self.adjusted,
            "verdict": self.verdict,
            "missing": self.missing,
            "change": None if self.change is None else self.change.as_dict(),
        }


def audit(now: Conversations, before: Conversations) -> tuple[Group, tuple[Group, ...]]:
    """The gap of all conversations, and of each group with those of the period before beside it.

    A group is a *gap* where the lower end of its 95 % interval (cluster-robust t over persons) is at least 0.4 and
    Benjamini and Hochberg (1995), over all groups of at least 20 conversations, hold it against a gap of at most 0.4
    at 5 %; it is *likely* where only its value reaches 0.4.

    >>> random = np.random.default_rng(1)
    >>> persons = np.arange(60)
    >>> topics = ["billing", "delivery"] * 30
    >>> apart = np.tile([0.9, 0.1], 30) + random.normal(0, 0.2, 60)
    >>> made = Conversations(persons, persons, apart, np.zeros(60), {"topic": pa.array(topics)})
    >>> [(one.name, one.verdict) for one in audit(made, made.chosen(persons < 0))[1]]
    [('billing', 'gap'), ('delivery', 'none')]
    """
    judged, earlier = now.chosen(~np.isnan(now.gaps)), before.chosen(~np.isnan(before.gaps))
    named = list(_named(judged.groups))
    later, sooner = (replace(one, groups={}) for one in (judged, earlier))
    made = [
        _group(dimension, name, later.chosen(mask), sooner.chosen(_same(earlier, dimension, name)))
        for dimension, name, mask in named
    ]
    tested = [place for place, one in enumerate(made) if one.adjusted is not None]
    adjusted = benjamini_hochberg([made[place].adjusted or 0.0 for place in tested])
    for place, p in zip(tested, adjusted.tolist(), strict=True):
        made[place] = _judged(made[place], p)
    whole = _group("all", "all conversations", judged, earlier)
    whole = _judged(whole, whole.adjusted) if whole.adjusted is not None else whole
    order = {"gap": 0, "likely": 1, "none": 2, "few": 3}
    return whole, tuple(sorted(made, key=lambda one: (order[one.verdict], -(one.gap.value or 0.0), one.name)))


def weekly(conversations: Conversations, to_us: int, weeks: int, week_us: int) -> tuple[Estimate, ...]:
    """The gap week by week, the last one ending at `to_us`."""
    judged = replace(conversations, groups={}).chosen(~np.isnan(conversations.gaps))
    ago = (to_us - 1 - judged.began_us) // week_us
    some = [judged.chosen(ago == week) for week in range(weeks - 1, -1, -1)]
    return tuple(mean(one.gaps, one.persons) for one in some)


def _named(groups: Mapping[str, Any]) -> Iterator[tuple[str, str, Flags]]:
    """Every group of every dimension; and, where topics meet several versions of a bot, each such pair."""
    for dimension, values in groups.items():
        yield from ((dimension, name, _is(values, name)) for name in _names(values))
    first, second = (groups.get(name, pa.array([], pa.string())) for name in CROSSED)
    if min(len(_names(first)), len(_names(second))) < 2:
        return
    for name in _names(first):
        mine = _is(first, name)
        versions = _names(second.filter(pa.array(mine)))
        for version in versions if len(versions) > 1 else ():
            yield " × ".join(CROSSED), f"{name} × {version}", mine & _is(second, version)


def _names(texts: Any) -> list[str]:
    """The groups of a dimension, in their order."""
    return sorted(name for name in pc.unique(texts).to_pylist() if name)


def _is(texts: Any, name: str) -> Flags:
    return np.asarray(pc.equal(texts, name).to_numpy(zero_copy_only=False), dtype=bool)


def _same(earlier: Conversations, dimension: str, name: str) -> Flags:
    if dimension in earlier.groups:
        return _is(earlier.groups[dimension], name)
    if "×" not in dimension:
        return np.zeros(earlier.persons.size, dtype=bool)
    first, second = (
        _is(earlier.groups[crossed], one) for crossed, one in zip(CROSSED, name.rsplit(" × ", 1), strict=True)
    )
    return first & second


def _group(dimension: str, name: str, now: Conversations, before: Conversations) -> Group:
    (gap, moments), (former, former_moments) = (measured(sample(one.gaps, one.persons)) for one in (now, before))
    company, customer = (float(np.mean(side)) if side.size else None for side in (now.company, now.customer))
    missing = max(0, LEAST - gap.n)
    p = None if missing or moments is None else _above(moments)
    few: Verdict = "few"
    changed = None
    if moments is not None and former_moments is not None and min(gap.n, former.n) >= LEAST:
        changed = _change(moments, former_moments, gap.n)
    return Group(dimension, name, gap, company, customer, p, few, missing, changed)


def _judged(group: Group, p: float) -> Group:
    low, value = group.gap.low or 0.0, group.gap.value or 0.0
    verdict: Verdict = "gap" if low >= GAP and p <= FALSE_SHARE else "likely" if value >= GAP else "none"
    return Group(
        group.dimension, group.name, group.gap, group.company, group.customer, p, verdict, group.missing, group.change
    )


def _above(moments: Moments) -> float:
    """p of a gap of at most 0.4, one-sided, by the same cluster-robust t as the interval."""
    from scipy import special  # slow to load

    if moments.variance <= 0:
        return 0.0 if moments.mean > GAP else 1.0
    return float(special.stdtr(moments.persons - 1, -(moments.mean - GAP) / sqrt(moments.variance)))


def _change(later: Moments, earlier: Moments, n: int) -> Estimate:
    """The difference of both periods as of two samples."""
    value, half = later.mean - earlier.mean, Z * sqrt(later.variance + earlier.variance)
    return Estimate(value, value - half, value + half, n, "difference of cluster-robust means")
