"""What followed signs of fading within 30 days: who left, who downgraded, how long after; and what is usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nousnous.capabilities.attrition.measures.features import History
from nousnous.capabilities.attrition.measures.leaving import DOWNGRADED, PERIOD_US, departures
from nousnous.capabilities.attrition.measures.signals import DAY_US, Integers, Limits, Numbers, Timeline, signs_of
from nousnous.stats.estimate import Estimate
from nousnous.stats.quantiles import quantile
from nousnous.stats.shares import share_of

LEFT, DOWNGRADE = EVENTS = ("left", "downgraded")
MILLISECOND_US: Final = 1_000


@dataclass(frozen=True, slots=True)
class Echo:
    """Of signs of one kind: the share that an event followed within 30 days, the usual share, the days between.

    `usual` is of everybody who did anything in the 30 days before moments 30 days apart: an association, no effect.
    """

    signal: str
    event: str
    followed: Estimate
    usual: Estimate
    lead_days: Estimate


def echoes(history: History, limits: Limits, silence_us: int | None, moments: Sequence[int]) -> tuple[Echo, ...]:
    """Of each sign and each event; signs of the last 30 days, whose end is not known, are left out."""
    line = history.timeline
    gone, down = departures(line, silence_us), line.code == DOWNGRADED
    happened = {LEFT: (gone.person, gone.left_us), DOWNGRADE: (line.person[down], line.ts_us[down])}
    active = [_active(line, moment) for moment in moments]
    who = np.concatenate(active) if active else np.zeros(0, dtype=np.int64)
    when_us = np.repeat(np.array(moments, dtype=np.int64), [one.size for one in active])
    usual = {name: share_of(_days_to(who, when_us, *found) <= 30, who) for name, found in happened.items()}
    return tuple(
        Echo(signs.signal, name, share_of(days <= 30, person), usual[name], quantile(_within(days), person, 1, 2))
        for signs in signs_of(line, limits)
        for person, moment_us in [_known(signs.person, signs.moment_us, line.until_us)]
        for name, found in happened.items()
        for days in [_days_to(person, moment_us, *found)]
    )


def _known(person: Integers, moment_us: Integers, until_us: int) -> tuple[Integers, Integers]:
    known = moment_us <= until_us - PERIOD_US
    return person[known], moment_us[known]


def _active(line: Timeline, moment_us: int) -> Integers:
    return np.unique(line.person[(line.ts_us <= moment_us) & (line.ts_us > moment_us - PERIOD_US)])


def _days_to(person: Integers, moment_us: Integers, whose: Integers, when_us: Integers) -> Numbers:
    """Days from each moment to the next event of its person after it; infinity for none."""
    if not whose.size or not person.size:
        return np.full(person.size, np.inf)
    base_us = min(int(moment_us.min()), int(when_us.min()))
    span = (max(int(moment_us.max()), int(when_us.max())) - base_us) // MILLISECOND_US + 2
    order = np.lexsort((when_us, whose))
    keys = whose[order] * span + (when_us[order] - base_us) // MILLISECOND_US
    place = np.searchsorted(keys, person * span + (moment_us - base_us) // MILLISECOND_US, side="right")
    inside = np.minimum(place, whose.size - 1)
    mine = (place < whose.size) & (whose[order][inside] == person)
    return np.where(mine, (when_us[order][inside] - moment_us) / DAY_US, np.inf)


def _within(days: Numbers) -> Numbers:
    return np.where(days <= 30, days, np.nan)
