"""Scores of one step: estimates, spread, histogram and low tail of each survey metric."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NotRequired, TypedDict, cast

import numpy as np
import numpy.typing as npt

from nousnous.stats import scores
from nousnous.stats.columns import Columns
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.gaps import Gap, GapShape, Judgement, Lean, Verdict, judge
from nousnous.stats.means import mean
from nousnous.stats.quantiles import spread

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer[Any]]

SCORE_METRICS = ("nps", "csat", "ces", "rating")
MEANS = ("ces", "rating")
# Where durations stand beside the answers of these metrics.
ELAPSED = "elapsed"
PAIRED_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Answers(Columns):
    """Answers on one scale of one metric of one step, by column; `weights` is None for an unweighted survey.

    `believed` is what the company showed or believed for the same person, NaN where nothing; None: for nobody.
    """

    metric: str
    scale: tuple[float, float]
    values: Floats
    persons: Integers
    moment_us: Integers
    segment: Integers
    weights: Floats | None
    believed: Floats | None = None


class PairedShape(TypedDict):
    difference: EstimateShape
    gap: GapShape | None
    verdict: Verdict
    lean: Lean | None
    needed_n: int | None
    needed_reason: str | None


@dataclass(frozen=True, slots=True)
class Paired:
    """Beliefs about single persons beside their own answers: the mean difference, as a gap, judged."""

    difference: Estimate
    gap: Gap
    judgement: Judgement

    def as_dict(self) -> PairedShape:
        return {
            "difference": self.difference.as_dict(),
            "gap": None if self.gap.value is None else self.gap.as_dict(),
            "verdict": self.judgement.verdict,
            "lean": self.judgement.lean,
            "needed_n": self.judgement.needed_n,
            "needed_reason": self.judgement.reason,
        }


class QuantilesShape(TypedDict):
    """A spread."""

    p5: EstimateShape
    p10: EstimateShape
    p25: EstimateShape
    p50: EstimateShape
    p75: EstimateShape
    p90: EstimateShape
    p95: EstimateShape


class ScoreShape(QuantilesShape):
    histogram: dict[str, float]
    low_tail: EstimateShape
    scale: list[float]
    estimate: EstimateShape
    unweighted: EstimateShape | None
    easy: NotRequired[EstimateShape]
    paired: PairedShape | None


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers of one metric say; quantiles and mean in the scale's unit, `low_tail` and `easy` 0 to 1.

    `unweighted` stands beside a weighted estimate; `paired` is what was believed of each person less what they said.
    """

    metric: str
    scale: tuple[float, float]
    estimate: Estimate
    quantiles: Mapping[str, Estimate]
    histogram: Mapping[str, int]
    low_tail: Estimate
    easy: Estimate | None = None
    unweighted: Estimate | None = None
    paired: Paired | None = None

    def as_dict(self) -> ScoreShape:
        found: dict[str, Any] = {name: one.as_dict() for name, one in self.quantiles.items()}
        found["histogram"] = dict(self.histogram)
        found["low_tail"] = self.low_tail.as_dict()
        found["scale"] = list(self.scale)
        found["estimate"] = self.estimate.as_dict()
        found["unweighted"] = self.unweighted.as_dict() if self.unweighted else None
        if self.easy is not None:
            found["easy"] = self.easy.as_dict()
        found["paired"] = self.paired.as_dict() if self.paired else None
        return cast("ScoreShape", found)


def score(answers: Answers) -> Score:
    """NPS, csat's share, the mean of ces and rating, each beside its histogram and low tail.

    >>> ones = Answers("rating", (1, 5), np.ones(6), *[np.arange(6)] * 3, None)
    >>> score(ones).low_tail.value
    1.0
    """
    values, persons, weights = answers.values, answers.persons, answers.weights
    low, high = answers.scale
    bars = scores.histogram(values, (int(low), int(high)), weights)
    return Score(
        answers.metric,
        answers.scale,
        _estimate(answers),
        spread(values, persons, weights),
        {f"{answer:g}": count for answer, count in zip(bars.answers, bars.counts, strict=True)},
        scores.low_tail(values, persons, answers.scale, weights),
        scores.easy(values, persons, weights) if answers.metric == "ces" else None,
        None if weights is None else _estimate(replace(answers, weights=None)),
        paired(answers),
    )


def paired(answers: Answers) -> Paired | None:
    """Believed less answered, person by person, in the scale's unit, and as a per cent of the scale; None without both.

    Positive is bad news: the company believed more than the person felt. Only for scales whose mean means something.

    >>> film = Answers("rating", (0, 5), np.full(6, 4.0), *[np.arange(6)] * 3, None, np.full(6, 4.5))
    >>> found = paired(film)
    >>> found.difference.value, found.gap.value, found.judgement.verdict
    (0.5, 10.0, 'gap')
    """
    if answers.believed is None or answers.metric not in MEANS:
        return None
    both = ~np.isnan(answers.believed)
    if not both.any():
        return None
    weights = None if answers.weights is None else answers.weights[both]
    difference = mean(answers.believed[both] - answers.values[both], answers.persons[both], weights)
    low, high = answers.scale
    spread_of = difference.times(100 / (high - low))
    found = Gap(spread_of.value, spread_of.low, spread_of.high, "percent of scale")
    return Paired(difference, found, judge(found, difference, PAIRED_TOLERANCE))


def _estimate(answers: Answers) -> Estimate:
    if answers.metric == "nps":
        return scores.nps(answers.values, answers.persons, answers.weights)
    if answers.metric == "csat":
        return scores.csat(answers.values, answers.persons, int(answers.scale[1]), answers.weights)
    return mean(answers.values, answers.persons, answers.weights)


def commonest_scale(low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
    """Which answers are on the scale most of them use (ties: the wider); scales never mix.

    >>> commonest_scale(np.array([1.0, 1.0, 0.0]), np.array([5.0, 5.0, 10.0])).tolist()
    [True, True, False]
    """
    if bool((low == low[0]).all() and (high == high[0]).all()):
        return np.ones(low.size, dtype=bool)
    scales, codes, counts = np.unique(np.stack([low, high]), axis=1, return_inverse=True, return_counts=True)
    best = max(range(counts.size), key=lambda code: (counts[code], scales[1][code] - scales[0][code], code))
    return np.asarray(codes.ravel() == best)
