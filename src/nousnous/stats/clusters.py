"""The person is the unit: observations gathered by person, and how many independent ones they are worth."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.bisection import PLACES_A_ROW

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Up to here the sum of squares of counts stays below 2^63, because it is at most the square of their sum.
EXACT_IN_64_BITS = 2**31
# Whole numbers up to here are exact in double precision.
EXACT_IN_FLOATS = 2**53


@dataclass(frozen=True, slots=True)
class Sample:
    """Answered observations: value, code of the person, weight (None: unweighted). Codes are at least 0."""

    values: Floats
    codes: Integers
    weights: Floats | None

    @property
    def n(self) -> int:
        return int(self.values.size)

    @property
    def persons(self) -> int:
        return int(np.count_nonzero(np.bincount(self.codes)))


def sample(values: npt.ArrayLike, persons: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Sample:
    """Observations (one-dimensional, aligned) ready to be gathered; NaN is no answer and is left out.

    Raises `Refused` where the lengths differ, or a weight is negative or no number.

    >>> sample([4.0, float("nan"), 5.0], [7, 7, 9]).n
    2
    """
    numbers = np.asarray(values, dtype=np.float64).ravel()
    codes = coded(persons)
    heavy = None if weights is None else np.asarray(weights, dtype=np.float64).ravel()
    if numbers.size != codes.size or (heavy is not None and heavy.size != codes.size):
        raise Refused(f"{numbers.size} values need as many persons and weights, not {codes.size}.")
    if heavy is not None and not bool(np.all(heavy >= 0)):
        raise Refused("A weight is negative or no number; give each answer a weight of at least 0.")
    answered = ~np.isnan(numbers)
    if not bool(answered.all()):
        numbers, codes = numbers[answered], codes[answered]
        heavy = None if heavy is None else heavy[answered]
    return Sample(numbers, codes, heavy)


def coded(persons: npt.ArrayLike) -> Integers:
    """Integer keys of persons as small codes; keys that are small already stay as they are.

    >>> coded([2**62, -5, 2**62]).tolist()
    [1, 0, 1]
    """
    keys = np.asarray(persons)
    if keys.size == 0:
        return np.zeros(0, dtype=np.int64)
    if not np.issubdtype(keys.dtype, np.integer):
        raise Refused(f"Persons are integer keys, not {keys.dtype}.")
    keys = keys.ravel()
    first, last = int(keys.min()), int(keys.max())
    if first >= 0 and last < 2 * keys.size + 1024:
        return keys.astype(np.int64, copy=False)
    if last - first < PLACES_A_ROW * keys.size:
        places, here = keys.astype(np.int64) - first, np.zeros(last - first + 1, dtype=bool)
        here[places] = True
        return (np.cumsum(here) - 1)[places]
    return np.unique(keys, return_inverse=True)[1].astype(np.int64, copy=False)


def sums_by_person(amounts: Floats, codes: Integers) -> tuple[Floats, Integers]:
    """Sum and count per person with an observation, in the order of codes.

    The order of rows cannot move the last digit: whole numbers add exactly, others are added in ascending order.

    >>> sums_by_person(np.array([1.5, 2.0, 0.5]), np.array([3, 0, 3]))[0].tolist()
    [2.0, 2.0]
    """
    if not codes.size:
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    if not _adds_exactly(amounts):
        order = np.lexsort((amounts, codes))
        amounts, codes = amounts[order], codes[order]
    sizes = np.bincount(codes)
    present = sizes > 0
    return np.bincount(codes, amounts)[present].astype(np.float64), sizes[present].astype(np.int64)


def steady_sum(amounts: npt.ArrayLike) -> float:
    """A sum that the order of the amounts cannot move, as math.fsum's, in a third of its time.

    >>> steady_sum([0.1, 0.2, 0.3]) == steady_sum([0.3, 0.1, 0.2])
    True
    """
    seen = np.asarray(amounts, dtype=np.float64)
    return float((seen if not seen.size or _adds_exactly(seen) else np.sort(seen)).sum())


def _adds_exactly(amounts: Floats) -> bool:
    return float(np.abs(amounts).max()) * amounts.size < EXACT_IN_FLOATS and bool(np.all(amounts == np.rint(amounts)))


@dataclass(frozen=True, slots=True)
class Clustering:
    """Exact sums over persons, of N_g observations and a whole number x_g each (ones; promoters less detractors)."""

    n: int
    persons: int
    total: int
    squares: int
    products: int
    sizes: int

    @property
    def scatter(self) -> int:
        """S = Σ(N x_g − N_g x)², in integers."""
        return self.n**2 * self.squares - 2 * self.n * self.total * self.products + self.total**2 * self.sizes

    def effective(self, variation: int) -> Fraction:
        """n_eff: the variance of a single observation over the cluster-robust variance of the mean, at most N.

        `variation` is N² times the variance of a single observation: k(N − k) for a share. S = 0: the number of
        persons. (V = G/(G − 1) S/N⁴ is the sandwich estimator with its usual correction for few clusters:
        Liang and Zeger 1986.)

        >>> Clustering(n=4, persons=4, total=2, squares=2, products=2, sizes=4).effective(4)
        Fraction(3, 1)
        """
        if self.scatter == 0:
            return Fraction(self.persons)
        unbounded = Fraction(variation * self.n**2 * (self.persons - 1), self.persons * self.scatter)
        return min(Fraction(self.n), unbounded)

    def thinning(self, variation: int) -> float:
        """What clustering leaves of one observation of a weighted sample, at most 1; 1 if everybody answers once.

        Design effects of weights and of clusters multiply (Kish 1987; Gabler, Häder and Lahiri 1999), so a weighted
        n_eff is Kish's times this.

        >>> Clustering(n=4, persons=2, total=2, squares=4, products=4, sizes=8).thinning(4)
        0.5
        """
        if self.scatter == 0:
            return self.persons / self.n
        return float(min(Fraction(1), Fraction(variation * self.n, self.scatter)))


def clustering(numbers: Integers, observations: Integers) -> Clustering:
    """Sums of one whole number and the count of observations per person; who has no observation is left out.

    >>> clustering(np.array([1, 0, 2]), np.array([1, 0, 3])).persons
    2
    """
    return Clustering(
        n=int(observations.sum()),
        persons=int(np.count_nonzero(observations)),
        total=int(numbers.sum()),
        squares=_dot(numbers, numbers, observations),
        products=_dot(numbers, observations, observations),
        sizes=_dot(observations, observations, observations),
    )


def _dot(left: Integers, right: Integers, observations: Integers) -> int:
    if int(observations.sum()) < EXACT_IN_64_BITS:
        return int(np.dot(left, right))
    return int(np.dot(left.astype(object), right.astype(object)))


def kish(weights: npt.ArrayLike, answers: npt.ArrayLike = 1) -> float:
    """(Σw)²/Σw²: the size of an unweighted sample as informative (Kish 1965), where each weight stands `answers` times.

    >>> kish([1.0, 1.0, 2.0])
    2.6666666666666665
    """
    heavy, times = np.asarray(weights, dtype=np.float64), np.asarray(answers, dtype=np.float64)
    squares = steady_sum(heavy * heavy * times)
    return steady_sum(heavy * times) ** 2 / squares if squares else 0.0
