"""The screen where it turned: which screens stand behind the low answers of a step."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from nousnous.capabilities.spreads.measures.sessions import Flags, Happenings, Integers, Sessions, views_of
from nousnous.charts.words import percent
from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import Estimate, EstimateShape, enough
from nousnous.stats.screens import guilty_screens
from nousnous.stats.shares import share_of

MOST_INNOCENT = 20
"""So many screens that nothing is proven of stand below the guilty."""


class GuiltyScreenShape(TypedDict):
    screen: str
    guilty: bool
    low: EstimateShape
    high: EstimateShape
    difference: EstimateShape
    log_odds: EstimateShape
    p: float
    adjusted_p: float
    persons: int


@dataclass(frozen=True, slots=True)
class GuiltyScreen:
    """One screen: in which share of low and of high sessions it was seen, and how surely that is no chance.

    Shares are 0 to 1 over persons, `difference` their difference; `log_odds` ranks; `p` and `adjusted` are 0 to 1;
    `persons` counts people whose low session saw it.
    """

    screen: str
    low: Estimate
    high: Estimate
    difference: Estimate
    log_odds: Estimate
    p: float
    adjusted: float
    guilty: bool
    persons: int

    def as_dict(self) -> GuiltyScreenShape:
        return {
            "screen": self.screen,
            "guilty": self.guilty,
            "low": self.low.as_dict(),
            "high": self.high.as_dict(),
            "difference": self.difference.as_dict(),
            "log_odds": self.log_odds.as_dict(),
            "p": self.p,
            "adjusted_p": self.adjusted,
            "persons": self.persons,
        }


class SessionsShape(TypedDict):
    low: int
    high: int
    answers_without: int


class NeededShape(TypedDict):
    low: int
    high: int


class ScreensShape(TypedDict):
    sessions: SessionsShape
    needed: NeededShape
    screens: list[GuiltyScreenShape]


@dataclass(frozen=True, slots=True)
class Screens:
    """All screens of the sessions before the answers, the guilty first, and how many sessions are missing."""

    low: int
    high: int
    without: int
    more_low: int
    more_high: int
    screens: tuple[GuiltyScreen, ...]

    @property
    def guilty(self) -> tuple[GuiltyScreen, ...]:
        return tuple(one for one in self.screens if one.guilty)

    def as_dict(self) -> ScreensShape:
        return {
            "sessions": {"low": self.low, "high": self.high, "answers_without": self.without},
            "needed": {"low": self.more_low, "high": self.more_high},
            "screens": [one.as_dict() for one in self.screens],
        }


def screens_behind(happenings: Happenings, sessions: Sessions, person: Integers, low: Flags) -> Screens:
    """Guilty screens among those that at least 5 persons saw; `person` and `low` are by answer."""
    answer, screen, _ = views_of(happenings, sessions)
    counted = sessions.found
    count = len(happenings.screens)
    people = _persons_by(screen, person[answer], count)
    chosen = np.flatnonzero([enough(one) for one in people.tolist()])
    is_low = low[answer]
    low_seen = np.bincount(screen[is_low], minlength=count)[chosen]
    high_seen = np.bincount(screen[~is_low], minlength=count)[chosen]
    sizes = int((counted & low).sum()), int((counted & ~low).sum())
    found = guilty_screens(low_seen, high_seen, *sizes)
    innocent = [one for one in np.argsort(found.p, kind="stable").tolist() if not found.guilty[one]]
    order = [*found.ranked, *innocent[:MOST_INNOCENT]]
    persons_low = _persons_by(screen[is_low], person[answer][is_low], count)
    rows = []
    for place in order:
        code = int(chosen[place])
        seen = np.zeros(person.size)
        seen[answer[screen == code]] = 1
        in_low, in_high = (share_of(seen[counted & side], person[counted & side]) for side in (low, ~low))
        rows.append(
            GuiltyScreen(
                happenings.screens[code],
                in_low,
                in_high,
                contrast([(1, in_low), (-1, in_high)]),
                found.log_odds[place],
                float(found.p[place]),
                float(found.adjusted[place]),
                bool(found.guilty[place]),
                int(persons_low[code]),
            )
        )
    return Screens(*sizes, int((~counted).sum()), found.more_low, found.more_high, tuple(rows))


def _persons_by(screen: Integers, person: Integers, count: int) -> Integers:
    """How many different persons saw each screen."""
    pairs = np.unique(np.stack([screen, person]), axis=1) if screen.size else np.zeros((2, 0), dtype=np.int64)
    return np.bincount(pairs[0], minlength=count)


def about_step(name: str) -> str:
    """A step's name within a sentence.

    >>> about_step("Check-in"), about_step("SMS code")
    ('check-in', 'SMS code')
    """
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def sentence(screen: GuiltyScreen, about: str) -> str:
    """What is found, as a title says it.

    >>> seen, others = Estimate(0.61, 0.5, 0.7, 200, "wilson"), Estimate(0.3, 0.27, 0.33, 800, "wilson")
    >>> odds = Estimate(1.3, 1.0, 1.6, 1000, "log-odds, Dirichlet prior")
    >>> sentence(GuiltyScreen("Seat map", seen, others, seen, odds, 0.0, 0.0, True, 120), "check-in")
    '“Seat map” stands behind low check-in answers: 61% of low sessions saw it, 30% of high ones'
    """
    low, high = percent(screen.low.value), percent(screen.high.value)
    return f"“{screen.screen}” stands behind low {about} answers: {low} of low sessions saw it, {high} of high ones"
