"""Scores of one step: estimates, spread, histogram and low tail of each survey metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.visits import Floats, Integers
from nousnous.stats import scores
from nousnous.stats.estimate import Estimate
from nousnous.stats.means import mean
from nousnous.stats.quantiles import spread

SCORE_METRICS = ("nps", "csat", "ces", "rating")


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers on one scale of one metric of one step, by column; `weights` is None for an unweighted survey."""

    metric: str
    scale: tuple[float, float]
    values: Floats
    persons: Integers
    moment_us: Integers
    segment: Integers
    weights: Floats | None


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers of one metric say; quantiles and mean in the scale's unit, `low_tail` and `easy` 0 to 1."""

    metric: str
    scale: tuple[float, float]
    estimate: Estimate
    quantiles: Mapping[str, Estimate]
    histogram: Mapping[str, int]
    low_tail: Estimate
    easy: Estimate | None = None

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {name: one.as_dict() for name, one in self.quantiles.items()}
        found["histogram"] = dict(self.histogram)
        found["low_tail"] = self.low_tail.as_dict()
        return found


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
    )


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
    scales, codes, counts = np.unique(np.stack([low, high]), axis=1, return_inverse=True, return_counts=True)
    best = max(range(counts.size), key=lambda code: (counts[code], scales[1][code] - scales[0][code], code))
    return np.asarray(codes.ravel() == best)
