"""The whole distribution of the answers to one question about one step: now, before, week by week, and by segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, cast

import numpy as np

from nousnous.base.shapes import Window
from nousnous.journeys.periods import Period, trend_weeks
from nousnous.journeys.scores import Answers, QuantilesShape, Score, ScoreShape, score
from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import Estimate, EstimateShape, too_few
from nousnous.stats.quantiles import spread

SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """Answers about one step on one metric's scale, with when they were given and the moment that they are about.

    `about_us` is −1 where the moment is not known, then it is that of the answer.
    """

    step: str
    answers: Answers
    about_us: Any

    def only(self, chosen: Any) -> "Answered":
        return replace(self, answers=self.answers.only(chosen), about_us=self.about_us[chosen])

    def during(self, period: Period) -> "Answered":
        return self.only(period.holds(self.answers.moment_us))


class WeekShape(QuantilesShape):
    low_tail: EstimateShape


class StepSpreadShape(ScoreShape):
    step: str | None
    name: str
    journey: str | None
    metric: str
    change: EstimateShape | None
    delay_s: dict[str, EstimateShape]
    weeks: list[WeekShape | None]
    segments: dict[str, ScoreShape]


@dataclass(frozen=True, slots=True)
class StepSpread:
    """One question about one step. `weeks` are quantiles of each of the last weeks, None where nobody answered.

    `change` is the low tail less that of the equally long period before; `delay` are quantiles of the seconds between
    the moment and the answer, over those of which the moment is known.
    """

    step: str
    name: str
    journey: str | None
    score: Score
    change: Estimate
    delay: Mapping[str, Estimate]
    weeks: tuple[Score | None, ...]
    segments: Mapping[str, Score] = field(default_factory=dict)

    @property
    def metric(self) -> str:
        return self.score.metric

    @property
    def n(self) -> int:
        return self.score.low_tail.n

    @property
    def proven_change(self) -> Estimate | None:
        """The change, if its interval excludes 0."""
        one = self.change
        if one.low is None or one.high is None or one.low <= 0 <= one.high:
            return None
        return one

    def as_dict(self) -> StepSpreadShape:
        found = self.proven_change
        return {
            "step": self.step or None,
            "name": self.name,
            "journey": self.journey,
            "metric": self.metric,
            **self.score.as_dict(),
            "change": found.as_dict() if found else None,
            "delay_s": {name: one.as_dict() for name, one in self.delay.items()},
            "weeks": [None if one is None else _week(one) for one in self.weeks],
            "segments": {value: one.as_dict() for value, one in self.segments.items()},
        }


def _week(found: Score) -> WeekShape:
    spread = {"low_tail": found.low_tail, **found.quantiles}
    return cast("WeekShape", {name: one.as_dict() for name, one in spread.items()})


class SpreadReportShape(TypedDict):
    workspace: str
    window: Window
    by: str | None
    segment: str | None
    spreads: list[StepSpreadShape]


@dataclass(frozen=True, slots=True)
class SpreadReport:
    """The spreads of a workspace in a period, the largest low tail first."""

    workspace: str
    from_at: str
    to_at: str
    rows: tuple[StepSpread, ...]
    by: str | None = None
    segment: str | None = None
    answered: int = 0

    def as_dict(self) -> SpreadReportShape:
        return {
            "workspace": self.workspace,
            "window": {"from": self.from_at, "to": self.to_at},
            "by": self.by,
            "segment": self.segment,
            "spreads": [row.as_dict() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Names:
    """What a step is called, and which journey it belongs to."""

    step: str
    name: str
    journey: str | None


def step_spread(answered: Answered, names: Names, period: Period, segments: Mapping[str, Any]) -> StepSpread:
    """Measure one question; `answered` reaches back over the equally long period before."""
    before = Period(2 * period.from_us - period.to_us, period.from_us)
    now, then = answered.during(period), answered.during(before)
    found = score(now.answers)
    earlier = score(then.answers).low_tail if then.answers.values.size else too_few(0)
    weeks = [now.during(week) for week in trend_weeks(period)]
    parts = {value: now.only(chosen_in(now, code)) for value, code in segments.items()}
    return StepSpread(
        names.step,
        names.name,
        names.journey,
        found,
        contrast([(1, found.low_tail), (-1, earlier)]),
        delays(now),
        tuple(score(week.answers) if week.answers.values.size else None for week in weeks),
        {value: score(part.answers) for value, part in parts.items() if part.answers.values.size},
    )


def chosen_in(answered: Answered, code: int) -> Any:
    return answered.answers.segment == code


def delays(answered: Answered) -> dict[str, Estimate]:
    """Quantiles of the seconds between the moment and the answer, where the moment is known; empty where none is."""
    known = answered.about_us >= 0
    if not known.any():
        return {}
    seconds = (answered.answers.moment_us[known] - answered.about_us[known]) / SECOND_US
    found = spread(np.maximum(seconds, 0.0), answered.answers.persons[known])
    return {name: found[name] for name in ("p50", "p90")}


def ordered(rows: list[StepSpread]) -> tuple[StepSpread, ...]:
    """The largest low tail first; those that too few people answered stand last."""
    return tuple(sorted(rows, key=lambda row: (row.score.low_tail.value is None, -(row.score.low_tail.value or 0))))
