"""When within a session did it turn: the second from which signals of frustration came more often."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nousnous.stats.clusters import Floats

LEAST_SIGNALS = 3
CHANCE = 0.01
MOST_BINS = 1_800
DRAWS = 999


@dataclass(frozen=True, slots=True)
class Turn:
    """The second from the beginning of the session at which it turned, or None with the reason; p is 0 to 1.

    `n` counts signals; `more` is how many are missing before anything can be said.
    """

    at_s: float | None
    p: float | None
    n: int
    more: int = 0
    reason: str | None = None


def turning_point(signals_s: npt.ArrayLike) -> Turn:
    """Where the rate of signals rose, from their seconds since the session began, up to the last of them.

    One change of a Poisson rate, placed by ruptures (Truong, Oudre and Vayatis 2020) with the Poisson cost
    −n log(n/length) of seconds; claimed where a rise as likely as this has a chance of at most 1 % for even signals.
    Given the last one, even signals before it are uniform, so p is counted in 999 draws of such sessions (seed 0).

    >>> turning_point([290, 294, 297, 301, 310, 318]).at_s, turning_point([20, 140]).more
    (290.0, 1)
    """
    moments = np.sort(np.floor(np.asarray(signals_s, dtype=np.float64).ravel()))
    n = int(moments.size)
    if n < LEAST_SIGNALS:
        return Turn(None, None, n, LEAST_SIGNALS - n, f"{n} of {LEAST_SIGNALS} signals")
    width = float(max(1, -(-(moments[-1] + 1) // MOST_BINS)))
    bins = np.floor(moments / width)
    length = int(bins[-1]) + 1
    p = _chance(float(_rises(bins[None, :-1], length)[0]), n - 1, length)
    place = _placed(np.bincount(bins.astype(np.int64), minlength=length))
    before, after = (bins < place).sum() / max(1, place), (bins >= place).sum() / (length - place)
    if p > CHANCE or after <= before:
        return Turn(None, p, n, reason="signals came evenly")
    return Turn(float(moments[bins >= place][0]), p, n)


def _placed(counts: npt.NDArray[np.int64]) -> int:
    """The bin with which the better half of two rates begins."""
    import ruptures  # slow to load, and most pages look at no session

    class Poisson(ruptures.base.BaseCost):  # type: ignore[misc]  # ruptures has no types
        model, min_size = "", 1

        def fit(self, signal: Any) -> "Poisson":
            self.signal, self.sums = signal, np.concatenate([[0.0], np.cumsum(signal[:, 0])])
            return self

        def error(self, start: int, end: int) -> float:
            total = self.sums[end] - self.sums[start]
            return float(-total * np.log(total / (end - start))) if total else 0.0

    if counts.size < 2:
        return 0
    found = ruptures.Binseg(custom_cost=Poisson(), min_size=1, jump=1).fit(counts.reshape(-1, 1).astype(np.float64))
    return int(found.predict(n_bkps=1)[0])


def _rises(bins: Floats, length: int) -> Floats:
    """Per row of ascending bins: how much likelier the best rise at one of them is than one rate, as a logarithm."""
    m = bins.shape[1]
    before = np.arange(m, dtype=np.float64)[None, :]
    after, past = m - before, bins / length
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(before > 0, before * np.log(before / (m * past)), 0.0) + after * np.log(
            after / (m * (1 - past))
        )
    rising = after * past > before * (1 - past)
    return np.asarray(np.where(rising, gain, 0.0).max(axis=1))


@lru_cache(maxsize=256)
def _even(m: int, length: int) -> Floats:
    draw = np.random.default_rng(0)
    return np.sort(_rises(np.sort(np.floor(draw.random((DRAWS, m)) * length), axis=1), length))


def _chance(rise: float, m: int, length: int) -> float:
    as_high = DRAWS - int(np.searchsorted(_even(m, length), rise - 1e-9, side="left"))
    return (1 + as_high) / (1 + DRAWS)
