"""Scores of surveys: NPS, eNPS, shares of the scale's ends, histograms."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import Floats, clustering, kish, sample, steady_sum
from nousnous.stats.estimate import Estimate, Z, enough, too_few
from nousnous.stats.shares import share_of

PROMOTER_FROM = 9
DETRACTOR_BELOW = 7
EASY_FROM = 5


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often each answer was given, ascending; `counts` are unweighted, `shares` (0 to 1) weighted."""

    answers: tuple[float, ...]
    counts: tuple[int, ...]
    shares: tuple[float, ...]


def nps(values: npt.ArrayLike, persons: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Estimate:
    """Net Promoter Score, −100 to 100: 100 (promoters 9–10 less detractors 0–6) / answered.

    Adjusted Wald (Rocks 2016): n' = n + 3, p' = (P + 0.75)/n', d' = (D + 0.75)/n',
    p' − d' ± z √((p' + d' − (p' − d')²)/n'), clipped to ±100; for n stands n_eff = min(n, the variance of an answer on
    {−1, 0, 1} / V), with P and D their shares times it. Weighted: weighted shares and Kish's n_eff, thinned by
    clustering. NaN, and what lies outside 0 to 10, is no answer.

    >>> nps([10, 9, 8, 3, 10], [1, 2, 3, 4, 5]).value
    40.0
    """
    answers = sample(_on_scale(values, 0, 10), persons, weights)
    signs = _signs(answers.values)
    width = int(answers.codes.max()) + 1 if answers.n else 0
    sizes = np.bincount(answers.codes, minlength=width).astype(np.int64)
    if not enough(int(np.count_nonzero(sizes))):
        return too_few(answers.n)
    up = np.bincount(answers.codes[signs > 0], minlength=width).astype(np.int64)
    down = np.bincount(answers.codes[signs < 0], minlength=width).astype(np.int64)
    sums, p, d = clustering(up - down, sizes), int(up.sum()), int(down.sum())
    variation = (p + d) * sums.n - sums.total**2
    if answers.weights is None:
        return _estimate(p / sums.n, d / sums.n, sums.n, float(sums.effective(variation)), "adjusted Wald")
    heavy, everything = answers.weights, steady_sum(answers.weights)
    if everything <= 0:
        return too_few(answers.n)
    promoters, detractors = steady_sum(heavy[signs > 0]) / everything, steady_sum(heavy[signs < 0]) / everything
    n_eff = kish(heavy) * sums.thinning(variation)
    return _estimate(promoters, detractors, sums.n, n_eff, "adjusted Wald, weighted")


def enps(values: npt.ArrayLike, staff: int, others: int | None = None) -> Estimate:
    """NPS of a staff of N who answer once each, with the finite population in the interval.

    f = (N − n)/(N − 1); n' = n + 3f, p' = (P + 0.75f)/n', d' = (D + 0.75f)/n', SE × √f. `others` is the number of
    answers in the complement of the cell (None: the cell is the whole staff); a cell with fewer than 5 answers, in it
    or in its complement, is "too few". Raises `Refused` where more answer than there are.

    >>> enps([10] * 6 + [5] * 4, staff=10).value
    20.0
    """
    answers = _on_scale(values, 0, 10)
    signs = _signs(answers[~np.isnan(answers)])
    n = int(signs.size)
    if n > staff:
        raise Refused(f"{n} answers came from a staff of {staff}; state the size of the staff that was asked.")
    if not enough(n) or (others is not None and not enough(others)):
        return too_few(n)
    p, d = int(np.count_nonzero(signs > 0)), int(np.count_nonzero(signs < 0))
    value = 100 * (p - d) / n
    low, high = _adjusted_wald(p, d, n, (staff - n) / (staff - 1))
    return Estimate(value, min(value, low), max(value, high), n, "adjusted Wald, finite", float(n))


def csat(
    values: npt.ArrayLike, persons: npt.ArrayLike, scale_high: int, weights: npt.ArrayLike | None = None
) -> Estimate:
    """Share of satisfied answers, 0 to 1: the top two of 5, the top one of 3, the top three of 10.

    >>> csat([5, 4, 3, 2, 5], [1, 2, 3, 4, 5], 5).value
    0.6
    """
    return _share_where(values, persons, weights, lambda answers: answers > scale_high - top_answers(scale_high))


def easy(values: npt.ArrayLike, persons: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Estimate:
    """Share of 5 to 7 on the 1–7 scale of "made it easy", which stands beside the mean of ces.

    >>> easy([7, 5, 4, 2, 6], [1, 2, 3, 4, 5]).value
    0.6
    """
    return _share_where(values, persons, weights, lambda answers: answers >= EASY_FROM)


def low_tail(
    values: npt.ArrayLike, persons: npt.ArrayLike, scale: tuple[float, float], weights: npt.ArrayLike | None = None
) -> Estimate:
    """Share of bad answers, 0 to 1: 1–2 of 5, 0–6 of 10; on other scales the lowest two fifths.

    >>> low_tail([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], (1, 5)).value
    0.4
    """
    cut = low_answers_to(*scale)
    return _share_where(values, persons, weights, lambda answers: answers <= cut)


def top_answers(scale_high: int) -> int:
    """How many answers of a scale from 1 count as satisfied: three tenths of them, rounded half up, at least one.

    >>> [top_answers(high) for high in (3, 5, 10)]
    [1, 2, 3]
    """
    return max(1, (3 * scale_high + 5) // 10)


def low_answers_to(low: float, high: float) -> float:
    """The highest answer that still lies in the low tail.

    >>> low_answers_to(1, 5), low_answers_to(0, 10), low_answers_to(1, 3)
    (2.0, 6.0, 1.0)
    """
    if high == 10:
        return 6.0
    if high == 5:
        return 2.0
    return float(low - 1 + max(1, floor((high - low + 1) * 2 / 5)))


def histogram(values: npt.ArrayLike, scale: tuple[int, int], weights: npt.ArrayLike | None = None) -> Histogram:
    """Bars of every whole answer of the scale and of every other answer given; NaN is no answer.

    >>> histogram([5, 5, 3], (1, 5)).counts
    (0, 0, 1, 0, 2)
    """
    everyone = np.asarray(values, dtype=np.float64).ravel()
    given = ~np.isnan(everyone)
    heavy = np.ones(everyone.size) if weights is None else np.asarray(weights, dtype=np.float64).ravel()
    bars, place = np.unique(
        np.concatenate([np.arange(scale[0], scale[1] + 1, dtype=np.float64), everyone[given]]), return_inverse=True
    )
    place = place[scale[1] - scale[0] + 1 :]
    counts = np.bincount(place, minlength=bars.size)
    weighed = heavy[given]
    masses = counts.tolist() if weights is None else [steady_sum(weighed[place == bar]) for bar in range(bars.size)]
    everything = steady_sum(masses)
    shares = tuple(mass / everything if everything else 0.0 for mass in masses)
    return Histogram(tuple(bars.tolist()), tuple(counts.tolist()), shares)


def _on_scale(values: npt.ArrayLike, low: float, high: float) -> Floats:
    answers = np.asarray(values, dtype=np.float64).ravel()
    return np.where((answers >= low) & (answers <= high), answers, np.nan)


def _signs(answers: Floats) -> npt.NDArray[np.int8]:
    return (answers >= PROMOTER_FROM).astype(np.int8) - (answers < DETRACTOR_BELOW).astype(np.int8)


def _estimate(promoters: float, detractors: float, n: int, n_eff: float, method: str) -> Estimate:
    value = 100 * (promoters - detractors)
    low, high = _adjusted_wald(promoters * n_eff, detractors * n_eff, n_eff, 1.0)
    return Estimate(value, min(value, low), max(value, high), n, method, n_eff)


def _adjusted_wald(promoters: float, detractors: float, n: float, finite: float) -> tuple[float, float]:
    size = n + 3 * finite
    p, d = (promoters + 0.75 * finite) / size, (detractors + 0.75 * finite) / size
    half = Z * sqrt(finite * max(0.0, p + d - (p - d) ** 2) / size)
    return max(-100.0, 100 * (p - d - half)), min(100.0, 100 * (p - d + half))


def _share_where(
    values: npt.ArrayLike,
    persons: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    counts: Callable[[Floats], npt.NDArray[np.bool_]],
) -> Estimate:
    answers = np.asarray(values, dtype=np.float64).ravel()
    return share_of(np.where(np.isnan(answers), np.nan, counts(answers)), persons, weights)
