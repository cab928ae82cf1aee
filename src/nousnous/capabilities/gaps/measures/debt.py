"""Experience debt: the active seconds that people wasted, each counted once, and what they cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.overlap import Stretches, own_seconds
from nousnous.capabilities.gaps.measures.visits import HOUR_US, Floats, Integers, Visits
from nousnous.stats.clusters import coded, steady_sum
from nousnous.stats.columns import Columns
from nousnous.stats.estimate import Estimate
from nousnous.stats.totals import total

YEAR_US = int(365.25 * 24 * HOUR_US)
LEAST_OBSERVED_US = 28 * 24 * HOUR_US
SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a step's visits may take before a second is wasted, in active microseconds; None: no bound.

    `clean_us` bounds clean completed visits (only an owner's reference does), `troubled_us` the other completed ones.
    """

    clean_us: int | None
    troubled_us: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Visits that may have wasted seconds, by column; `activity` is flat (start, end, … as offsets from the opening).

    `bounds` has one place more than visits: the stretches of visit i are activity[bounds[i]:bounds[i + 1]]. `cause` is
    a code into `causes`, `country` one into `countries`, `segment` one of the property that splits; `allowed_us` are
    active microseconds that are not wasted.
    """

    person: Integers
    step: Integers
    opened_us: Integers
    allowed_us: Integers
    cause: Integers
    country: Integers
    segment: Integers
    activity: Integers
    bounds: Integers
    causes: Sequence[str]
    countries: Sequence[str]

    def __len__(self) -> int:
        return int(self.person.size)


@dataclass(frozen=True, slots=True, eq=False)
class Wasted(Columns):
    """Wasted time after the overlap rule: one place per visit that wasted anything, in microseconds."""

    person: Integers
    step: Integers
    cause: Integers
    country: Integers
    segment: Integers
    opened_us: Integers
    wasted_us: Integers
    causes: Sequence[str]
    countries: Sequence[str]

    @property
    def persons(self) -> int:
        return int(self.person.max()) + 1 if self.person.size else 0


class CauseShape(TypedDict):
    cause: str
    hours: float


@dataclass(frozen=True, slots=True)
class Cause:
    """What wasted the time, and how many hours of it."""

    cause: str
    hours: float

    def as_dict(self) -> CauseShape:
        return {"cause": self.cause, "hours": self.hours}


@dataclass(frozen=True, slots=True)
class Debt:
    """`hours` of customers' time, `money` of the window in the workspace's currency, `per_year` scaled, by cause."""

    hours: Estimate
    money: Estimate
    per_year: Estimate | None
    causes: tuple[Cause, ...]


def reference(visits: Visits, owners_us: int | None) -> Reference:
    """The reference of one step: the owner's for every completed visit, else the clean median for troubled ones.

    The median is the ⌈n/2⌉-th smallest active time of the clean completed visits; without one nothing is wasted.
    """
    if owners_us is not None:
        return Reference(owners_us, owners_us)
    clean = np.sort(visits.active_us[visits.clean])
    return Reference(None, int(clean[(clean.size + 1) // 2 - 1]) if clean.size else None)


def wasted_time(found: Candidates, cap_us: Mapping[int, int] | None = None) -> Wasted:
    """What each visit wasted: its last active microseconds above what is allowed, each second counted once.

    `cap_us` simulates by step that no active time were longer than this, with everything else as it is.
    """
    own_us = own_seconds(_stretches(found, cap_us or {}), len(found))
    wasted = Wasted(
        found.person,
        found.step,
        found.cause,
        found.country,
        found.segment,
        found.opened_us,
        own_us,
        found.causes,
        found.countries,
    )
    return wasted.only(own_us > 0)


def _stretches(found: Candidates, cap_us: Mapping[int, int]) -> Stretches:
    """The parts of the active stretches that lie above the allowed active time (and below the simulated cap)."""
    starts, ends = found.activity[0::2], found.activity[1::2]
    visit = np.repeat(np.arange(len(found)), np.diff(found.bounds) // 2)
    lengths = ends - starts
    through = np.cumsum(lengths)
    before = through - lengths
    firsts = np.searchsorted(visit, np.arange(len(found)))
    base = before[np.minimum(firsts, before.size - 1)] if before.size else np.zeros(len(found), dtype=np.int64)
    before = before - base[visit]
    first = starts + np.clip(found.allowed_us[visit] - before, 0, lengths)
    last = ends
    for step, cap in cap_us.items():
        capped = starts + np.clip(cap - before, 0, lengths)
        last = np.where(found.step[visit] == step, capped, last)
    some = first < last
    visit = visit[some]
    opened_us = found.opened_us[visit]
    return Stretches(
        found.person[visit], visit, found.step[visit], opened_us, opened_us + first[some], opened_us + last[some]
    )


def year_scale(observed_us: int) -> float | None:
    """How often the observed time fits into a year of 365.25 days; None under 28 observed days.

    >>> year_scale(LEAST_OBSERVED_US - 1) is None
    True
    """
    return YEAR_US / observed_us if observed_us >= LEAST_OBSERVED_US else None


def debt(wasted: Wasted, persons_closed: int, wages: Mapping[str, float] | float, observed_us: int) -> Debt:
    """Debt of some wasted time: hours, and hours × wage; intervals over persons (Fay and Feuer 1997).

    `wages` are money per hour, one or by country (its "default" serves the others), amplification included;
    `persons_closed` counts persons with a closed visit; `observed_us` is the observed time of the window, which scales
    money to a year from 28 days on.
    """
    hours = total(_by_person(wasted, np.ones(1)), persons_closed)
    money = total(_by_person(wasted, hour_wages(wasted, wages)), persons_closed)
    scale = year_scale(observed_us)
    return Debt(hours, money, None if scale is None else money.times(scale), causes(wasted))


def money_of(wasted: Wasted, wages: Mapping[str, float] | float) -> float:
    """The money of `debt` alone, without what it rests on."""
    return steady_sum(_by_person(wasted, hour_wages(wasted, wages)))


def causes(wasted: Wasted) -> tuple[Cause, ...]:
    """Hours by cause, most first; they add up to the hours of the wasted time."""
    sums = np.bincount(wasted.cause, weights=wasted.wasted_us, minlength=len(wasted.causes))
    found = [Cause(wasted.causes[code], float(sums[code]) / HOUR_US) for code in np.flatnonzero(sums).tolist()]
    return tuple(sorted(found, key=lambda cause: (-cause.hours, cause.cause)))


def hour_wages(wasted: Wasted, wages: Mapping[str, float] | float) -> Floats:
    """Money per hour by country code; a country without a wage of its own takes the default."""
    if not isinstance(wages, Mapping):
        return np.full(len(wasted.countries) or 1, float(wages))
    return np.array([wages.get(country, wages["default"]) for country in wasted.countries] or [wages["default"]])


def _by_person(wasted: Wasted, per_hour: Floats) -> npt.NDArray[np.float64]:
    """Per person with wasted time: Σ hours × what an hour counts in the visit's country, countries added in order."""
    person = coded(wasted.person)
    persons = int(person.max(initial=-1)) + 1
    sums = np.zeros(persons)
    if bool((per_hour == per_hour[0]).all()):
        per_hour = per_hour[:1]
    for code in range(per_hour.size):
        mine = wasted.country == code if per_hour.size > 1 else slice(None)
        in_country = np.bincount(person[mine], weights=wasted.wasted_us[mine], minlength=persons)
        sums += in_country * (per_hour[code] / HOUR_US)
    return sums[np.bincount(person, minlength=persons) > 0]
