"""How well scorers agree with people on labels that none of them has seen."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from nousnous.capabilities.language.measures.qualities import Quality
from nousnous.stats.clusters import Floats, Integers
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.means import mean
from nousnous.stats.ranks import rank_correlation
from nousnous.stats.shares import share_of


class AgreementShape(TypedDict):
    scorer: str
    same_class: EstimateShape
    rank_correlation: EstimateShape
    better: EstimateShape | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A scorer on held-out labels: share of texts in the right one of three classes, and whether the order agrees.

    `better` is that share less the one of the scorer that it is set against, on the same texts (None: itself).
    """

    scorer: str
    same: Estimate
    order: Estimate
    better: Estimate | None

    def as_dict(self) -> AgreementShape:
        return {
            "scorer": self.scorer,
            "same_class": self.same.as_dict(),
            "rank_correlation": self.order.as_dict(),
            "better": None if self.better is None else self.better.as_dict(),
        }


def agreements(
    quality: Quality, felt: Floats, persons: Integers, told: dict[str, Floats], against: str
) -> tuple[Agreement, ...]:
    """Each scorer on the same held-out labels of persons, beside the one named `against`.

    >>> from nousnous.capabilities.language.measures.qualities import SENTIMENT
    >>> felt = np.array([-1.0, -0.5, 0.0, 0.5, 1.0, 0.0])
    >>> told = {"old": np.zeros(6), "new": felt}
    >>> [(one.scorer, round(one.same.value, 2)) for one in agreements(SENTIMENT, felt, np.arange(6), told, "old")]
    [('old', 0.33), ('new', 1.0)]
    """
    right = {name: quality.class_of(felt) == quality.class_of(values) for name, values in told.items()}
    return tuple(
        Agreement(
            name,
            share_of(right[name], persons),
            rank_correlation(values, felt, persons),
            None if name == against else mean(right[name].astype(float) - right[against], persons),
        )
        for name, values in told.items()
    )


def commonest(quality: Quality, learned: Floats) -> float:
    """The level that people chose most often: what always saying one thing would be worth.

    >>> from nousnous.capabilities.language.measures.qualities import REACTION
    >>> commonest(REACTION, np.array([0.0, 1.0, 0.0]))
    0.0
    """
    levels = np.array([level for level, _ in quality.levels])
    return float(levels[np.argmax([(learned == level).sum() for level in levels])])
