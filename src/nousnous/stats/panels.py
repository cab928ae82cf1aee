"""What changed without randomisation: treated units against controls, before and after, one row a unit."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.stats.clusters import Floats
from nousnous.stats.estimate import Estimate, too_few

LEAST_UNITS = 5
LEAST_PERIODS = 3
LEAST_BEFORE, LEAST_AFTER = 8, 4
SIGNIFICANT = 0.05
Sided = Literal["higher", "lower", "both"]


@dataclass(frozen=True, slots=True)
class Trends:
    """Whether treated units already moved apart from controls before: slope per period less that of controls."""

    difference: Estimate
    p: float | None

    @property
    def parallel(self) -> bool | None:
        """None where it cannot be told."""
        return None if self.p is None else self.p >= SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Placebo:
    """The effect on one treated unit beside what controls show where nothing was done; `p` is its rank among them.

    `more_controls` are missing before p can be 5 % at all; `proof` says that p and the interval both hold.
    """

    effect: Estimate
    p: float
    controls: int
    more_controls: int

    @property
    def proof(self) -> bool:
        low, high = self.effect.low, self.effect.high
        apart = low is not None and high is not None and not low <= 0 <= high
        return self.more_controls == 0 and self.p <= SIGNIFICANT and apart


def difference_in_differences(panel: npt.ArrayLike, treated: npt.ArrayLike, before: int) -> Estimate:
    """Mean change of treated units less that of controls, in the unit of the values; errors clustered by unit.

    `panel` is units × periods (NaN: nothing seen), `treated` one flag a unit, the first `before` periods lie before.
    Each unit collapses to mean after less mean before, so that neighbouring periods count as one observation
    (Bertrand, Duflo and Mullainathan 2004); Welch's t over units (Bell and McCaffrey's HC2). Under 5 units of a
    kind: too few. Raises `Refused` where shapes differ or no period lies on one side.

    >>> found = difference_in_differences([[1, 2], [1, 3], [0, 1], [2, 4], [1, 2]] + [[1, 1]] * 4 + [[1, 2]],
    ...                                   [1] * 5 + [0] * 5, before=1)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (1.2, 0.47, 1.93)
    """
    rows, flags = _checked(panel, treated, before)
    return _welch(_changes(rows, before), flags)[0]


def pre_trends(panel: npt.ArrayLike, treated: npt.ArrayLike, before: int) -> Trends:
    """Slope per period of treated units less that of controls, of the periods before alone; shapes as above.

    Each unit's slope by least squares, Welch's t over units. Fewer than 3 periods before, or 5 units: too few.

    >>> rows = [[1, 2, 3, 9]] * 3 + [[1, 2, 4, 9]] * 3 + [[1, 1, 1, 1]] * 3 + [[1, 1, 2, 1]] * 3
    >>> pre_trends(rows, [1] * 6 + [0] * 6, before=3).parallel
    False
    """
    rows, flags = _checked(panel, treated, before)
    if before < LEAST_PERIODS:
        return Trends(too_few(flags.size), None)
    seen = ~np.isnan(rows[:, :before])
    counted = np.maximum(seen.sum(axis=1, keepdims=True), 1)
    when = np.where(seen, np.arange(before), 0.0)
    when = np.where(seen, when - when.sum(axis=1, keepdims=True) / counted, 0.0)
    spread = (when**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = np.where(spread > 0, (when * np.nan_to_num(rows[:, :before])).sum(axis=1) / spread, np.nan)
    return Trends(*_welch(slopes, flags))


def placebo(panel: npt.ArrayLike, unit: int, before: int, sided: Sided) -> Placebo:
    """The effect on row `unit` of a panel (units × periods), all other rows being controls, in the unit of the values.

    Its change less the mean change of the others. Each unit's is set against its own unrest u = change/σ, σ pooled
    within the periods before and within those after (at least 3 each, else 1), so that a restless unit proves nothing
    (Ferman and Pinto 2019). p is the share of units at least as far out (Abadie, Diamond and Hainmueller 2010):
    (1 + #)/(C + 1), so 5 % needs 19 controls; "both" doubles it and needs 39. Interval: ± t(0.975; C − 1) s σ
    √(1 + 1/C) with s² the mean square of the controls' u (Donald and Lang 2007). Raises `Refused` where the unit or
    fewer than 5 controls were seen on both sides.

    >>> still = [[0.0, number / 10] for number in range(19)]
    >>> found = placebo([[0.0, 4.0], *still], 0, 1, "higher")
    >>> found.p, round(found.effect.value, 2), found.proof
    (0.05, 3.1, True)
    """
    rows, _ = _checked(panel, np.zeros(len(np.asarray(panel))), before)
    changes, unrest = _changes(rows, before), _unrest(rows, before)
    seen = ~np.isnan(changes)
    controls = int(seen.sum()) - 1
    if not seen[unit] or controls < LEAST_UNITS:
        raise Refused(f"A placebo needs its unit and at least {LEAST_UNITS} controls, each seen before and after.")
    from scipy import special  # slow to load, and most commands measure nothing

    effects = (changes - changes[seen].mean()) * (controls + 1) / controls
    with np.errstate(invalid="ignore", divide="ignore"):
        unusual = np.nan_to_num(effects / unrest)
    others = np.delete(unusual, unit)[np.delete(seen, unit)]
    above = (1 + int((others >= unusual[unit]).sum())) / (controls + 1)
    below = (1 + int((others <= unusual[unit]).sum())) / (controls + 1)
    p = {"higher": above, "lower": below, "both": min(1.0, 2 * min(above, below))}[sided]
    spread = float(unrest[unit]) * sqrt(float(others @ others) / controls)
    effect = float(effects[unit])
    half = float(special.stdtrit(controls - 1, 0.975)) * spread * sqrt(1 + 1 / controls)
    found = Estimate(effect, effect - half, effect + half, controls + 1, "placebo over controls")
    return Placebo(found, p, controls, max(0, (39 if sided == "both" else 19) - controls))


def interrupted(treated: npt.ArrayLike, control: npt.ArrayLike, before: int) -> Estimate:
    """Step of a series at period `before` over that of its control, both one value a period, in their unit.

    The difference of both on 1, period and after (1 from `before` on), least squares; the error allows for
    neighbouring periods (Newey and West 1987, ⌊4(n/100)^(2/9)⌋ lags, small-sample factor, t(n − 3); controls by
    Bernal, Cummins and Gasparrini 2018). Fewer than 8 periods before or 4 after: too few. Raises `Refused` where
    lengths differ.

    >>> line = [0.0, 1.0] * 8
    >>> found = interrupted([one + 2 * (place >= 10) for place, one in enumerate(line)], [0.5] * 16, 10)
    >>> round(found.value, 2), found.low > 0
    (1.68, True)
    """
    one, other = np.asarray(treated, dtype=np.float64), np.asarray(control, dtype=np.float64)
    if one.shape != other.shape:
        raise Refused(f"A series of {one.size} periods needs a control of as many, not {other.size}.")
    apart, n = one - other, one.size
    if before < LEAST_BEFORE or n - before < LEAST_AFTER or bool(np.isnan(apart).any()):
        return too_few(n)
    from scipy import special  # slow to load, and most commands measure nothing

    when = np.arange(n, dtype=np.float64)
    design = np.stack([np.ones(n), when, (when >= before).astype(np.float64)], axis=1)
    inverse = np.linalg.inv(design.T @ design)
    slopes = inverse @ design.T @ apart
    scores = design * (apart - design @ slopes)[:, None]
    lags = int(4 * (n / 100) ** (2 / 9))
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        crossed = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (crossed + crossed.T)
    error = sqrt(max(0.0, float((inverse @ meat @ inverse)[2, 2]) * n / (n - 3)))
    value, half = float(slopes[2]), float(special.stdtrit(n - 3, 0.975)) * error
    return Estimate(value, value - half, value + half, n, "interrupted series, Newey and West")


def _checked(panel: npt.ArrayLike, treated: npt.ArrayLike, before: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    rows, flags = np.asarray(panel, dtype=np.float64), np.asarray(treated).astype(bool)
    if rows.ndim != 2 or flags.shape != rows.shape[:1] or not 0 < before < rows.shape[1]:
        raise Refused("Comparing before and after needs one row a unit, and periods on both sides.")
    return rows, flags


def _changes(rows: Floats, before: int) -> Floats:
    """Mean after less mean before, NaN for a unit that was not seen on both sides."""
    return _means(rows[:, before:]) - _means(rows[:, :before])


def _unrest(rows: Floats, before: int) -> Floats:
    """Per unit the standard deviation within the periods before and within those after, pooled."""
    parts = (rows[:, :before], rows[:, before:])
    counted = [(~np.isnan(part)).sum(axis=1) for part in parts]
    if min(part.shape[1] for part in parts) < LEAST_PERIODS:
        return np.ones(len(rows))
    squares = sum(np.nansum((part - _means(part)[:, None]) ** 2, axis=1) for part in parts)
    found: Floats = np.sqrt(squares / np.maximum(sum(counted) - 2, 1))
    return found


def _means(rows: Floats) -> Floats:
    seen = (~np.isnan(rows)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(seen > 0, np.nansum(rows, axis=1) / np.maximum(seen, 1), np.nan)


def _welch(values: Floats, flags: npt.NDArray[np.bool_]) -> tuple[Estimate, float | None]:
    kinds = [values[flags & ~np.isnan(values)], values[~flags & ~np.isnan(values)]]
    n = sum(one.size for one in kinds)
    if min(one.size for one in kinds) < LEAST_UNITS:
        return too_few(n), None
    from scipy import special  # slow to load, and most commands measure nothing

    value = float(kinds[0].mean() - kinds[1].mean())
    parts = [float(one.var(ddof=1)) / one.size for one in kinds]
    error = sqrt(sum(parts))
    if not error:
        return Estimate(value, None, None, n, "no spread"), None
    freedom = sum(parts) ** 2 / sum(part**2 / (one.size - 1) for part, one in zip(parts, kinds, strict=True))
    half = float(special.stdtrit(freedom, 0.975)) * error
    found = Estimate(value, value - half, value + half, n, "clustered by unit")
    return found, 2 * float(special.stdtr(freedom, -abs(value) / error))
