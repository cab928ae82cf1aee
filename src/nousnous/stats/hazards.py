"""The chance that something happens to a person within one period: a discrete-time hazard from person-periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import Floats, coded

PENALTIES: Final = (1.0, 10.0, 100.0, 1_000.0)
FOLDS: Final = 5
TOLERANCE: Final = 1e-10
MOST_STEPS: Final = 200
SMALLEST: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """log(h/(1 − h)) = intercept + Σ coefficient × feature, each feature in its own unit; `means` are of training.

    `penalty` is that on the squares of the coefficients of standardised features (None: none).
    """

    intercept: float
    coefficients: Floats
    means: Floats
    penalty: float | None

    def logits(self, features: npt.ArrayLike) -> Floats:
        """One logit a row of features (rows × features)."""
        return np.asarray(self.intercept + np.asarray(features, dtype=np.float64) @ self.coefficients)

    def chances(self, features: npt.ArrayLike) -> Floats:
        """The chance within one period, 0 to 1, one a row.

        >>> Hazard(0.0, np.array([1.0]), np.array([0.0]), None).chances([[0.0]]).tolist()
        [0.5]
        """
        return chances_of(self.logits(features))

    def contributions(self, features: npt.ArrayLike) -> Floats:
        """What each feature adds to a row's logit, beside that of somebody average (rows × features)."""
        return np.asarray((np.asarray(features, dtype=np.float64) - self.means) * self.coefficients)


def fit(features: npt.ArrayLike, happened: npt.ArrayLike, penalty: float | None = None) -> Hazard:
    """A hazard by logistic regression over person-periods (Singer and Willett 1993), at most one event a person.

    `features` are rows × features, `happened` is 0 or 1 a row. The penalty falls on standardised coefficients, never on
    the intercept; None is plain maximum likelihood. Raises `Refused` where nothing happened, or everything.

    >>> fit([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]], [0, 0, 1, 0, 1, 1]).coefficients.round(4).tolist()
    [1.3863]
    """
    rows, outcomes = np.asarray(features, dtype=np.float64), np.asarray(happened, dtype=np.int64)
    if rows.ndim != 2 or outcomes.shape != rows.shape[:1]:
        raise Refused("Each person-period has one row of features and one outcome.")
    if not 0 < outcomes.sum() < outcomes.size:
        raise Refused("A hazard is learned from periods of both kinds; here all ended alike.")
    means, spreads = rows.mean(axis=0), rows.std(axis=0)
    varies = spreads > SMALLEST
    coefficients = np.zeros(rows.shape[1])
    intercept, slopes = _logistic((rows[:, varies] - means[varies]) / spreads[varies], outcomes, penalty)
    coefficients[varies] = slopes / spreads[varies]
    return Hazard(intercept - float(means @ coefficients), coefficients, means, penalty)


def train(features: npt.ArrayLike, happened: npt.ArrayLike, persons: npt.ArrayLike) -> Hazard:
    """A regularised, calibrated hazard: L2 (Hoerl and Kennard 1970) with the penalty that predicts others best.

    The penalty has the smallest log loss over 5 folds of persons; nobody stands in two. Slope and level are then set by
    a logistic regression of what happened on the logits of the folds left out (Platt 1999; Cox 1958).

    >>> random = np.random.default_rng(1)
    >>> rows = random.normal(size=(4000, 2))
    >>> happened = random.random(4000) < chances_of(rows[:, 0] - 2)
    >>> [round(float(one)) for one in train(rows, happened, np.arange(4000)).coefficients]
    [1, 0]
    """
    rows, outcomes = np.asarray(features, dtype=np.float64), np.asarray(happened, dtype=np.int64)
    fold = coded(persons) % FOLDS
    left_out = {penalty: _left_out(rows, outcomes, fold, penalty) for penalty in PENALTIES}
    penalty = min(PENALTIES, key=lambda one: log_loss(outcomes, chances_of(left_out[one])))
    found = fit(rows, outcomes, penalty)
    again = fit(left_out[penalty][:, None], outcomes)
    slope = float(again.coefficients[0])
    return Hazard(again.intercept + slope * found.intercept, slope * found.coefficients, found.means, penalty)


def base_rate(happened: int, periods: int, features: int) -> Hazard:
    """The same chance for everybody: (happened + ½)/(periods + 1), so that it is never 0 or 1 (Jeffreys).

    >>> base_rate(4, 99, 2).chances([[0.0, 7.0]]).round(3).tolist()
    [0.045]
    """
    share = (happened + 0.5) / (periods + 1)
    return Hazard(log(share / (1 - share)), np.zeros(features), np.zeros(features), None)


def chances_of(logits: npt.ArrayLike) -> Floats:
    """Logits as chances of 0 to 1.

    >>> chances_of([0.0, 800.0, -800.0]).tolist()
    [0.5, 1.0, 0.0]
    """
    bounded = np.clip(np.asarray(logits, dtype=np.float64), -700, 700)
    return np.asarray(np.where(np.abs(logits) < 700, 1 / (1 + np.exp(-bounded)), bounded > 0))


def log_loss(happened: npt.ArrayLike, chances: npt.ArrayLike) -> float:
    """Mean surprise in nats: −log of the chance that was given to what came.

    >>> round(log_loss([1, 0], [0.5, 0.5]), 4)
    0.6931
    """
    outcomes, given = np.asarray(happened), np.clip(np.asarray(chances, dtype=np.float64), SMALLEST, 1 - SMALLEST)
    return float(-np.mean(np.where(outcomes == 1, np.log(given), np.log1p(-given))))


def _left_out(rows: Floats, outcomes: Any, fold: Any, penalty: float) -> Floats:
    logits = np.zeros(outcomes.size)
    for number in range(FOLDS):
        out = fold == number
        if out.any():
            logits[out] = fit(rows[~out], outcomes[~out], penalty).logits(rows[out])
    return logits


def _logistic(rows: Floats, outcomes: Any, penalty: float | None) -> tuple[float, Sequence[float]]:
    from sklearn.linear_model import LogisticRegression  # loading it takes seconds that readers are spared
    from threadpoolctl import threadpool_limits

    strength = np.inf if penalty is None else 1 / penalty
    if not rows.shape[1]:
        share = outcomes.mean()
        return log(share / (1 - share)), []
    model = LogisticRegression(C=strength, solver="newton-cholesky", tol=TOLERANCE, max_iter=MOST_STEPS)
    with threadpool_limits(1):  # rows are so narrow that threads only wait for each other
        model.fit(rows, outcomes)
    return float(model.intercept_[0]), model.coef_[0]
