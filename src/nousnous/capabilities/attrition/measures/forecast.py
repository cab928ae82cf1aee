"""The chance to leave within 30 days: learned from the workspace's own past, and tried on what came after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from nousnous.capabilities.attrition.measures.features import FEATURES, LONG_US, History, as_inputs, features_at
from nousnous.capabilities.attrition.measures.leaving import (
    PERIOD_US,
    Departures,
    departures,
    next_departure,
    standing,
    usual_silence,
)
from nousnous.capabilities.attrition.measures.signals import Flags, Integers, Limits, Numbers
from nousnous.stats.estimate import Estimate
from nousnous.stats.forecasts import (
    Outcomes,
    Tenth,
    auc,
    calibration_curve,
    calibration_slope,
    lift_of_top,
    outcomes,
)
from nousnous.stats.hazards import Hazard, base_rate, train
from nousnous.stats.quantiles import quantile
from nousnous.stats.shares import share_of

FEWEST_LEAVERS: Final = 200
MOST_MOMENTS: Final = 24
MOST_PERIODS: Final = 1_000_000
HAZARD, BASE_RATE = "hazard", "base rate"
SUBSCRIBERS, BUYERS = KINDS = ("subscribers", "buyers")
REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """What the workspace set: from when on something is a sign, and which silence is long (None: the p90 of gaps)."""

    limits: Limits
    silence_us: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Persons at moments, one row each: what was known (as `FEATURES`), when they left within 30 days (0: not)."""

    person: Integers
    moment_us: Integers
    seen: Numbers
    left_us: Integers

    @property
    def happened(self) -> Integers:
        return (self.left_us > 0).astype(np.int64)

    @property
    def leavers(self) -> int:
        return int((self.left_us > 0).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned of one kind of customers: a hazard, or, under 200 leavers, the base rate for everybody."""

    kind: str
    method: str
    hazard: Hazard
    periods: int
    leavers: int


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What was learned of each of `KINDS`: who subscribes leaves for other reasons than who buys."""

    silence_us: int | None
    kinds: tuple[Learned, ...]

    @property
    def can_tell_people_apart(self) -> bool:
        return any(one.method == HAZARD for one in self.kinds)

    @property
    def periods(self) -> int:
        return sum(one.periods for one in self.kinds)

    @property
    def leavers(self) -> int:
        return sum(one.leavers for one in self.kinds)

    def chances(self, seen: Numbers) -> Numbers:
        """The chance of each person to leave within 30 days, 0 to 1."""
        inputs, found = as_inputs(seen, self.silence_us), np.zeros(seen.shape[0])
        for one, theirs in zip(self.kinds, of_kinds(seen), strict=True):
            found[theirs] = one.hazard.chances(inputs[theirs])
        return found

    def reasons(self, seen: Numbers) -> tuple[Integers, Numbers]:
        """The features that move each person's odds most, the strongest first, and the factor of each on the odds."""
        inputs, added = as_inputs(seen, self.silence_us), np.zeros(seen.shape)
        for one, theirs in zip(self.kinds, of_kinds(seen), strict=True):
            added[theirs] = one.hazard.contributions(inputs[theirs])
        places = np.argsort(-np.abs(added), axis=1, kind="stable")[:, :REASONS]
        return places, np.exp(np.take_along_axis(added, places, axis=1))


def of_kinds(seen: Numbers) -> tuple[Flags, Flags]:
    """Which rows are of which of `KINDS`."""
    subscribed = seen[:, FEATURES.index("subscribed")] == 1
    return subscribed, ~subscribed


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """A forecast learned up to `split_us`, held against what came after: periods that it never saw.

    `lead_days`: how long before they left those were first above `risk`, at looks every 30 days; `caught`: which share
    of leavers was; `right`: which share of those above it left.
    """

    split_us: int
    until_us: int
    learned: Forecast
    periods: Periods
    found: Outcomes
    auc: Estimate
    lift: Estimate
    slope: Estimate
    curve: Sequence[Tenth]
    caught: Estimate
    right: Estimate
    lead_days: Estimate


def moments_of(history: History) -> list[int]:
    """Moments 30 days apart, the newest 30 days before data end, the first 90 days after they begin; at most 24."""
    line = history.timeline
    if not line.ts_us.size:
        return []
    found = np.arange(line.until_us - PERIOD_US, int(line.ts_us.min()) + LONG_US - 1, -PERIOD_US)
    return [int(one) for one in found[:MOST_MOMENTS][::-1]]


def silence_of(history: History, rules: Rules) -> int | None:
    """What the workspace set, or the p90 of the gaps in this history."""
    return rules.silence_us or usual_silence(history.timeline)


def periods_of(history: History, rules: Rules, moments: Sequence[int], silence_us: int | None) -> Periods:
    """One row for each person who may leave in the 30 days after each moment, and whether they did."""
    gone = departures(history.timeline, silence_us)
    rows = [_rows(history, rules, moment, silence_us, gone) for moment in moments]
    if not rows:
        nobody = np.zeros(0, dtype=np.int64)
        return Periods(nobody, nobody, np.zeros((0, len(FEATURES))), nobody)
    return Periods(*(np.concatenate(part) for part in zip(*rows, strict=True)))


def learn(periods: Periods, silence_us: int | None) -> Forecast:
    """A hazard of each kind from periods whose end is known; under 200 leavers of a kind its base rate."""
    every = -(-periods.person.size // MOST_PERIODS)
    inputs = as_inputs(periods.seen, silence_us)
    found = []
    for kind, theirs in zip(KINDS, of_kinds(periods.seen), strict=True):
        happened = periods.happened[theirs]
        told = int(happened.size), int(happened.sum())
        method = HAZARD if FEWEST_LEAVERS <= told[1] < told[0] else BASE_RATE
        hazard = base_rate(told[1], told[0], len(FEATURES))
        if method == HAZARD:
            chosen = theirs & (periods.person % max(1, every) == 0)
            hazard = train(inputs[chosen], periods.happened[chosen], periods.person[chosen])
        found.append(Learned(kind, method, hazard, *told))
    return Forecast(silence_us, tuple(found))


def backtest(history: History, rules: Rules, risk: float) -> Backtest | None:
    """Learn from the older two thirds of the moments, and try it on the rest; None where too few left before.

    What counts as a long silence is learned from before the split, too.
    """
    moments = moments_of(history)
    tried = moments[-max(1, len(moments) // 3) :]
    if len(moments) < 2:
        return None
    split_us = tried[0]
    before = history.up_to(split_us)
    silence_us = silence_of(before, rules)
    learned = learn(periods_of(before, rules, moments[: -len(tried)], silence_us), silence_us)
    if not learned.can_tell_people_apart:
        return None
    periods = periods_of(history, rules, tried, silence_us)
    found = outcomes(learned.chances(periods.seen), periods.happened, periods.person)
    above = found.chances >= risk
    caught, lead_days = _lead(periods, above)
    right = share_of(found.happened[above], found.persons[above])
    measured = auc(found), lift_of_top(found), calibration_slope(found), calibration_curve(found)
    return Backtest(split_us, tried[-1] + PERIOD_US, learned, periods, found, *measured, caught, right, lead_days)


def _rows(
    history: History, rules: Rules, moment_us: int, silence_us: int | None, gone: Departures
) -> tuple[Integers, Integers, Numbers, Integers]:
    known = history.up_to(moment_us)
    stand = standing(known.timeline, silence_us, moment_us)
    seen = features_at(known, rules.limits, stand, silence_us)
    left_us = next_departure(gone, stand.person, moment_us)
    return stand.person, np.full(stand.person.size, moment_us), seen, left_us


def _lead(periods: Periods, flagged: Any) -> tuple[Estimate, Estimate]:
    """Of leavers: who was above the threshold at the last look, and since when without a break, in days."""
    since_us = np.zeros(int(periods.person.max(initial=-1)) + 1, dtype=np.int64)
    days, caught, who = [], [], []
    for moment in np.unique(periods.moment_us):
        now = periods.moment_us == moment
        person, above = periods.person[now], flagged[now]
        stood = since_us[person]
        since_us[:] = 0
        since_us[person] = np.where(above, np.where(stood > 0, stood, moment), 0)
        left = periods.left_us[now] > 0
        spent = (periods.left_us[now][left] - since_us[person][left]) / (PERIOD_US / 30)
        days.append(np.where(above[left], spent, np.nan))
        caught.append(above[left])
        who.append(person[left])
    gathered = [np.concatenate(part) if part else np.zeros(0) for part in (days, caught, who)]
    persons = gathered[2].astype(np.int64)
    return share_of(gathered[1], persons), quantile(gathered[0], persons, 1, 2)
