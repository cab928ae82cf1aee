"""A made-up company whose customers leave by a chance that is known, and what the forecast of leaving makes of it.

    python -m bench.leaving [--people 20000] [--write]

Half of the people subscribe, half buy now and then. Each has a mood that nobody sees; it drives how often they come,
buy, ask, stumble and answer, and with their tenure whether they leave in the next 30 days. The chance by which they do
is kept beside: it ranks people as well as anything can. Fails where the forecast ranks worse than it by more than 0.03,
where its slope lies outside 0.9 to 1.1, or where fewer than 1,000 left.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from bench.parts import number, trial

from nousnous.base.clock import DAY_US
from nousnous.capabilities.attrition.measures.features import History, history_of
from nousnous.capabilities.attrition.measures.forecast import Backtest, Rules, backtest
from nousnous.capabilities.attrition.measures.leaving import (
    CONTACT,
    DOWNGRADED,
    ENDED,
    FRUSTRATION,
    PERIOD_US,
    STARTED,
)
from nousnous.capabilities.attrition.measures.signals import (
    ARTICLE,
    LOG_IN,
    OTHER,
    TRANSACTION,
    WISH,
    Limits,
    Timeline,
)
from nousnous.stats.estimate import Estimate
from nousnous.stats.forecasts import auc, calibration_slope, lift_of_top, outcomes
from nousnous.stats.hazards import chances_of

PEOPLE, PERIODS, SEEDS = 20_000, 20, 3
BEGIN_US = 1_704_067_200_000_000  # 1 January 2024
WITHIN, SLOPES, LEAVERS = 0.03, (0.9, 1.1), 1_000
RISK = 0.3
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "leaving.md"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Signals of people, and for each person and period what drives their leaving in it: a logit for subscribers, a
    pace of purchases a day for others."""

    history: History
    subscribes: Any
    logits: Any
    paces: Any

    def truth(self, found: Backtest) -> Any:
        """The chance by which each person of a backtest left within the 30 days after each moment."""
        rows = found.periods
        period = (rows.moment_us - BEGIN_US) // PERIOD_US
        bought_us = rows.moment_us - (rows.seen[:, 1] * DAY_US).astype(np.int64)
        left_days = (bought_us + (found.learned.silence_us or 0) - rows.moment_us) / DAY_US
        silent = np.exp(-self.paces[rows.person, period] * left_days)
        return np.where(self.subscribes[rows.person], chances_of(self.logits[rows.person, period]), silent)


class _Diary:
    """What happens, noted by kind, and what people answer."""

    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        self.rows: list[tuple[Any, Any, Any]] = []
        self.answers: list[tuple[Any, Any, Any]] = []

    def live(self, here: Any, mood: Any, comes: Any, begins_us: int) -> None:
        """Who is well comes often; who is not asks, reads help, stumbles, wishes, and answers low."""
        self.happen(LOG_IN, here * np.exp(comes + 0.4 * mood), begins_us)
        self.happen(CONTACT, here * np.exp(-1.6 - 0.8 * mood), begins_us)
        self.happen(FRUSTRATION, here * np.exp(-0.4 - 0.7 * mood), begins_us)
        self.happen(ARTICLE, here * np.exp(-1.2 - 0.7 * mood), begins_us)
        self.happen(WISH, here * 0.2, begins_us)
        self.happen(DOWNGRADED, here * np.exp(-4 - 0.8 * mood), begins_us)
        asked = np.flatnonzero(here & (self.random.random(here.size) < 0.15))
        said = np.clip(np.rint(3.6 + 0.8 * mood[asked] + self.random.normal(0, 0.7, asked.size)), 1, 5)
        self.answers.append((asked, begins_us + self.random.integers(1, PERIOD_US, asked.size), (said - 3) / 2))

    def happen(self, code: int, rates: Any, begins_us: int) -> None:
        who = np.repeat(np.arange(rates.size), self.random.poisson(rates))
        self.note(code, who, begins_us + self.random.integers(1, PERIOD_US, who.size))

    def note(self, code: int, who: Any, ts_us: Any) -> None:
        self.rows.append((who, ts_us, np.full(who.size, code)))

    def history(self, until_us: int) -> History:
        who, ts_us, code = (np.concatenate(part) for part in zip(*self.rows, strict=True))
        order = np.lexsort((ts_us, who))
        person, at_us, score = (np.concatenate(part) for part in zip(*self.answers, strict=True))
        return history_of(Timeline(who[order], ts_us[order], code[order], until_us), (person, at_us, score))


def world(people: int = PEOPLE, seed: int = 1, periods: int = PERIODS) -> World:
    """A world of so many people over so many spans of 30 days, who join one after the other."""
    random = np.random.default_rng(seed)
    diary, subscribes = _Diary(random), np.arange(people) % 2 == 0
    joins, left = random.integers(0, periods - 2, people), np.zeros(people, dtype=bool)
    mood, comes = random.normal(0, 1, people), random.normal(1.3, 0.5, people)
    buys = np.exp(random.normal(0.2, 0.7, people))
    logits, paces = np.zeros((people, periods)), np.zeros((people, periods))
    for period in range(periods):
        begins_us = BEGIN_US + period * PERIOD_US
        here, new = (joins <= period) & ~left, np.flatnonzero(joins == period)
        diary.note(OTHER, new, np.full(new.size, begins_us + 1))
        diary.note(STARTED, new[subscribes[new]], np.full(int(subscribes[new].sum()), begins_us + 2))
        logits[:, period] = -3.4 - 0.9 * mood - 0.3 * np.log1p(np.maximum(period - joins, 0))
        paces[:, period] = buys * np.exp(0.5 * mood) / 30
        goes = here & subscribes & (joins < period) & (random.random(people) < chances_of(logits[:, period]))
        going = np.flatnonzero(goes)
        mood = 0.85 * mood + 0.5 * random.normal(0, 1, people)
        diary.happen(TRANSACTION, 30 * paces[:, period] * (here & ~subscribes), begins_us)
        diary.live(here, mood, comes, begins_us)
        diary.note(ENDED, going, begins_us + random.integers(1, PERIOD_US, going.size))
        left |= goes
    return World(diary.history(BEGIN_US + periods * PERIOD_US), subscribes, logits, paces)


def main() -> int:
    started_s = time.perf_counter()
    made = world(number("--people", PEOPLE))
    found = backtest(made.history, Rules(Limits()), RISK)
    if found is None:
        return trial(TABLE, "", ["too few left to learn from"])
    lines = list(page(made, found))
    print(f"{made.history.timeline.ts_us.size:,} events, {time.perf_counter() - started_s:.0f} s", file=sys.stderr)
    return trial(TABLE, "\n".join(lines) + "\n", failures(made, found))


def failures(made: World, found: Backtest, within: float = WITHIN, slopes: tuple[float, float] = SLOPES) -> list[str]:
    """What is not as asked; a thinner world is given more room."""
    best = auc(outcomes(made.truth(found), found.periods.happened, found.periods.person))
    asked = (
        ("the forecast ranks as well as the truth", (found.auc.value or 0) >= (best.value or 1) - within),
        ("the slope of the calibration is 1", slopes[0] <= (found.slope.value or 0) <= slopes[1]),
    )
    return [f"not as asked: {said}" for said, holds in asked if not holds]


def page(made: World, found: Backtest) -> Iterator[str]:
    rows = found.periods
    true = outcomes(made.truth(found), rows.happened, rows.person)
    yield "# Leaving\n"
    yield "What `make soak-leaving` last found in a made-up company whose customers leave by a chance that is known:"
    yield f"half of {made.subscribes.size:,} people subscribe, half buy now and then; a mood that nobody sees drives"
    yield f"what they do and whether they leave. Of {PERIODS} spans of 30 days the older two thirds were learned from"
    yield f"({found.learned.periods:,} person-periods, {found.learned.leavers:,} left), the newer ones were forecast"
    yield f"({rows.person.size:,} person-periods, {rows.leavers:,} left).\n"
    yield "| | forecast | truth |\n| --- | --- | --- |"
    yield f"| area under the curve | {_told(found.auc)} | {_told(auc(true))} |"
    yield f"| lift in the likeliest tenth | {_told(found.lift)} | {_told(lift_of_top(true))} |"
    yield f"| slope of the calibration | {_told(found.slope)} | {_told(calibration_slope(true))} |"
    yield f"| leavers above {RISK:.0%} at the last look | {_told(found.caught)} | |"
    yield f"| of those above {RISK:.0%}, left within 30 days | {_told(found.right)} | |"
    yield f"| days from then until they left, median | {_told(found.lead_days, 1)} | |"
    yield "\n| tenth by chance | said | came true |\n| --- | --- | --- |"
    for place, one in enumerate(found.curve, 1):
        yield f"| {place} | {one.predicted:.3f} | {_told(one.observed)} |"


def _told(one: Estimate, digits: int = 3) -> str:
    ends = " to ".join("–" if end is None else f"{end:.{digits}f}" for end in (one.low, one.high))
    return "too few" if one.value is None else f"{one.value:.{digits}f} ({ends})"


if __name__ == "__main__":
    sys.exit(main())
