"""How good chances were that were given before: they rank, they hold, and what a list of the likeliest is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, log, sqrt
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import Floats, coded
from nousnous.stats.estimate import Estimate, Z, enough, too_few
from nousnous.stats.hazards import SMALLEST
from nousnous.stats.shares import share_of

TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class Tenth:
    """One of ten groups of equal size by chance, the least likely first: their mean chance, and what came of it."""

    predicted: float
    observed: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Chances (0 to 1) that were given, what happened (0 or 1), and to whom; one place is one person-period."""

    chances: Floats
    happened: npt.NDArray[np.int64]
    persons: npt.NDArray[np.int64]

    @property
    def can_rank(self) -> bool:
        """Whether enough persons stand on both sides."""
        sides = (np.unique(self.persons[self.happened == side]).size for side in (0, 1))
        return all(enough(int(side)) for side in sides)


def outcomes(chances: npt.ArrayLike, happened: npt.ArrayLike, persons: npt.ArrayLike) -> Outcomes:
    """Aligned arrays as one thing. Raises `Refused` where lengths differ or a chance is none.

    >>> outcomes([0.2], [1], [7]).can_rank
    False
    """
    given, came = np.asarray(chances, dtype=np.float64), np.asarray(happened, dtype=np.int64)
    who = coded(persons)
    if not given.shape == came.shape == who.shape:
        raise Refused("Each chance that was given needs one outcome and one person.")
    if not bool(np.all((given >= 0) & (given <= 1))):
        raise Refused("A chance lies between 0 and 1.")
    return Outcomes(given, came, who)


def auc(found: Outcomes) -> Estimate:
    """The chance that who it happened to was ranked above who it did not: area under the ROC curve, ties count half.

    Variance from placements (DeLong, DeLong and Clarke-Pearson 1988), clustered by person (Obuchowski 1997); interval
    on the logit. Fewer than 5 persons on a side: too few.

    >>> auc(outcomes([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05], [1] * 5 + [0] * 5, range(10))).value
    1.0
    """
    if not found.can_rank:
        return too_few(found.happened.size)
    from scipy.stats import rankdata  # slow to load, and most commands measure nothing

    came = found.happened == 1
    many, few = int(came.sum()), int((~came).sum())
    ranks = rankdata(found.chances)
    placements = np.zeros(came.size)
    placements[came] = (ranks[came] - rankdata(found.chances[came])) / few
    placements[~came] = 1 - (ranks[~came] - rankdata(found.chances[~came])) / many
    value = float(placements[came].mean())
    sums = [_off_by_person(placements, found.persons, side, value) for side in (came, ~came)]
    sides = [np.unique(found.persons[side]).size for side in (came, ~came)]
    everybody = np.unique(found.persons).size
    variance = sum(
        size / (size - 1) * float(own @ own) / n**2 for size, own, n in zip(sides, sums, (many, few), strict=True)
    )
    variance += 2 * everybody / (everybody - 1) * float(sums[0] @ sums[1]) / (many * few)
    low, high = _on_the_logit(value, sqrt(max(0.0, variance)))
    return Estimate(value, low, high, found.happened.size, "DeLong, clustered")


def lift_of_top(found: Outcomes, share: float = 0.1) -> Estimate:
    """How many times as often it happened to the likeliest tenth as to all; of those who tie at its edge a part counts.

    lift = 1/(s + (1 − s) r) with r the share below over the share above; interval by the delta method on log r, over
    persons (Katz and others 1978, clustered). Fewer than 5 persons on a side: too few.

    >>> lift_of_top(outcomes(np.linspace(1, 0, 100), [1] * 10 + [0] * 50 + [1] * 10 + [0] * 30, range(100))).value
    5.0
    """
    if not found.can_rank:
        return too_few(found.happened.size)
    n = found.happened.size
    top = ceil(n * share)
    edge = np.sort(found.chances)[n - top]
    above, tied = found.chances > edge, found.chances == edge
    weight = np.where(above, 1.0, 0.0) + tied * (top - above.sum()) / tied.sum()
    came = found.happened.astype(np.float64)
    shares = [float(part @ came) / float(part.sum()) for part in (weight, 1 - weight)]
    if not shares[0]:
        return Estimate(0.0, 0.0, None, n, "delta method, clustered")
    value, actual = shares[0] / float(came.mean()), top / n
    if not shares[1]:
        return Estimate(value, None, value, n, "delta method, clustered")
    off = weight * (came - shares[0]) / (weight.sum() * shares[0])
    off -= (1 - weight) * (came - shares[1]) / ((1 - weight).sum() * shares[1])
    sums = np.bincount(found.persons, off)
    half = Z * sqrt(float(sums @ sums))
    ratio = log(shares[1] / shares[0])
    low, high = (1 / (actual + (1 - actual) * exp(end)) for end in (ratio + half, ratio - half))
    return Estimate(value, low, high, n, "delta method, clustered")


def calibration_slope(found: Outcomes) -> Estimate:
    """The slope of what happened on the logit of the chances (Cox 1958): 1 holds, below 1 chances were too extreme.

    Logistic regression with errors clustered by person. Fewer than 5 persons on a side, or one chance for all: too few.
    """
    n, logits = found.happened.size, _logits(found.chances)
    if not found.can_rank or float(logits.std()) < SMALLEST:
        return too_few(n)
    from statsmodels.discrete.discrete_model import Logit  # loading it takes seconds that readers are spared

    design = np.column_stack([np.ones(n), logits])
    told = Logit(found.happened, design).fit(disp=0, cov_type="cluster", cov_kwds={"groups": found.persons})
    low, high = told.conf_int()[1]
    return Estimate(float(told.params[1]), float(low), float(high), n, "logistic, clustered")


def calibration_curve(found: Outcomes, groups: int = TENTHS) -> Sequence[Tenth]:
    """Groups of equal size by chance: mean chance against the share to whom it happened, with Wilson's interval.

    >>> len(calibration_curve(outcomes(np.linspace(0, 1, 100), np.arange(100) > 50, range(100))))
    10
    """
    order = np.lexsort((found.persons, found.chances))
    return (
        [
            Tenth(float(found.chances[part].mean()), share_of(found.happened[part], found.persons[part]))
            for part in np.array_split(order, min(groups, order.size))
        ]
        if order.size
        else []
    )


def _logits(chances: Floats) -> Floats:
    bounded = np.clip(chances, SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _off_by_person(placements: Floats, persons: Any, side: Any, value: float) -> Floats:
    return np.asarray(np.bincount(persons, np.where(side, placements - value, 0.0)))


def _on_the_logit(value: float, error: float) -> tuple[float, float]:
    if not 0 < value < 1:
        return value, value
    centre, reach = log(value / (1 - value)), Z * error / (value * (1 - value))
    low, high = (1 / (1 + exp(-end)) for end in (centre - reach, centre + reach))
    return low, high
