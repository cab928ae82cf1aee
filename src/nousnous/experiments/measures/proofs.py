"""What a fix did where nobody was assigned by chance: its step beside others, its countries beside others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import ibis
import numpy as np

from nousnous.charts import words
from nousnous.stats.clusters import Floats
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.panels import (
    LEAST_UNITS,
    Placebo,
    Trends,
    difference_in_differences,
    interrupted,
    placebo,
    pre_trends,
)

Design = Literal["placebo", "difference in differences"]
Standing = Literal["proof", "association", "not proven", "too early"]
WEEK_US = 7 * 24 * 3_600 * 1_000_000
LEAST_BEFORE = 3
LEAST_VISITS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Shares of visits, units × weeks (NaN where fewer than 5 closed): `names` of units, `treated` ones, weeks before.

    `planned` are the weeks after that the fix is read out for; `seen` of them are over.
    """

    names: tuple[str, ...]
    shares: Floats
    treated: tuple[int, ...]
    before: int
    planned: int

    @property
    def seen(self) -> int:
        return int(self.shares.shape[1]) - self.before


class ProofShape(TypedDict):
    design: Design
    standing: Standing
    effect: EstimateShape | None
    controls: int
    p: float | None
    reason: str
    parallel_before: bool | None
    interrupted_series: EstimateShape | None


@dataclass(frozen=True, slots=True)
class Proof:
    """The effect of a fix with its design. `series` is the step in the treated unit's own line over the others'."""

    design: Design
    standing: Standing
    effect: Estimate | None
    controls: int
    reason: str
    p: float | None = None
    trends: Trends | None = None
    series: Estimate | None = None

    def as_dict(self) -> ProofShape:
        return {
            "design": self.design,
            "standing": self.standing,
            "effect": self.effect.as_dict() if self.effect else None,
            "controls": self.controls,
            "p": self.p,
            "reason": self.reason,
            "parallel_before": self.trends.parallel if self.trends else None,
            "interrupted_series": self.series.as_dict() if self.series else None,
        }


def by_week(visits: Any, metric: str, unit: Any, moments: tuple[int, int, int]) -> Any:
    """Closed visits and those that count, by `unit` (a column) and `week` from the first full week of the baseline.

    `moments` are when the baseline begins, when reading ends, and the newest event; weeks are whole from the first.
    """
    from_us, to_us, newest_us = moments
    rows = visits.filter((visits.opened_us >= from_us) & (visits.opened_us < to_us))
    rows = rows.filter(rows.completed | (rows.window_us <= newest_us))
    flag = {"completion": rows.completed, "failure_rate": rows.failed, "frustration_rate": rows.frustrated}[metric]
    rows = rows.mutate(unit=unit(rows), week=((rows.opened_us - from_us) // WEEK_US).cast("int64"))
    return rows.group_by("unit", "week").agg(n=ibis._.count(), k=ibis.ifelse(flag, 1, 0).sum())


def proof(panel: Panel, direction: int) -> Proof:
    """What the panel proves; `direction` +1 where more is better.

    Several treated units: difference in differences, a proof only where both kinds moved alike before. One: a placebo
    over controls, one-sided, for a fix is meant to help; under 19 controls it is an association.
    """
    design: Design = "placebo" if len(panel.treated) == 1 else "difference in differences"
    controls = len(panel.names) - len(panel.treated)
    if panel.before < LEAST_BEFORE:
        return Proof(design, "too early", None, controls, f"the baseline needs {LEAST_BEFORE} weeks before it shipped")
    if panel.seen < panel.planned:
        left = words.counted(panel.planned - panel.seen, "week")
        return Proof(design, "too early", None, controls, f"{left} more must be over")
    if design == "placebo":
        return _by_placebo(panel, direction)
    return _by_difference(panel, direction)


def _by_difference(panel: Panel, direction: int) -> Proof:
    flags, controls = np.isin(np.arange(len(panel.names)), panel.treated), len(panel.names) - len(panel.treated)
    effect = difference_in_differences(panel.shares, flags, panel.before)
    trends = pre_trends(panel.shares, flags, panel.before)
    standing: Standing
    if effect.too_few:
        standing, reason = "not proven", f"fewer than {LEAST_UNITS} countries on one side"
    elif not _apart(effect, direction):
        standing, reason = "not proven", "the interval does not leave out 0"
    elif trends.parallel:
        standing, reason = "proof", ""
    else:
        standing, reason = "association", "both kinds moved apart before it shipped"
    return Proof("difference in differences", standing, effect, controls, reason, trends=trends)


def _by_placebo(panel: Panel, direction: int) -> Proof:
    unit = panel.treated[0]
    rest = np.delete(panel.shares, unit, axis=0)
    seen = ~np.isnan(rest)
    usable = int((seen[:, : panel.before].any(axis=1) & seen[:, panel.before :].any(axis=1)).sum())
    own = panel.shares[unit]
    if usable < LEAST_UNITS or np.isnan(own[: panel.before]).all() or np.isnan(own[panel.before :]).all():
        reason = f"fewer than {LEAST_UNITS} other steps were seen before and after, or this one was not"
        return Proof("placebo", "not proven", None, usable, reason)
    found = placebo(panel.shares, unit, panel.before, "higher" if direction > 0 else "lower")
    whole = seen.all(axis=1)
    series = interrupted(own, rest[whole].mean(axis=0), panel.before) if whole.any() else None
    standing, reason = _standing(found, direction)
    return Proof("placebo", standing, found.effect, found.controls, reason, found.p, series=series)


def _standing(found: Placebo, direction: int) -> tuple[Standing, str]:
    if not _apart(found.effect, direction):
        return "not proven", "other steps moved as much"
    if found.more_controls:
        return "association", f"{found.more_controls} more are needed"
    return ("proof", "") if found.proof else ("not proven", "other steps moved as much")


def _apart(effect: Estimate, direction: int) -> bool:
    low, high = effect.low, effect.high
    return low is not None and high is not None and (low > 0 if direction > 0 else high < 0)


def panel_of(rows: Sequence[tuple[str, int, int, int]], treated: Sequence[str], weeks: tuple[int, int, int]) -> Panel:
    """A panel from (unit, week, closed visits, those that count); `weeks` are before, seen after, planned after.

    >>> panel_of([("a", 0, 10, 5), ("b", 1, 4, 4)], ["a"], (1, 1, 1)).shares.tolist()
    [[0.5, nan], [nan, nan]]
    """
    names = tuple(sorted({unit for unit, *_ in rows} | set(treated)))
    places = {name: place for place, name in enumerate(names)}
    shares = np.full((len(names), weeks[0] + weeks[1]), np.nan)
    for unit, week, closed, counted in rows:
        if week < shares.shape[1] and closed >= LEAST_VISITS:
            shares[places[unit], week] = counted / closed
    return Panel(names, shares, tuple(places[name] for name in treated), weeks[0], weeks[2])


def told(found: Proof, what: str, others: str) -> str:
    """The proof in one sentence; `what` names metric and step, `others` what stands beside it.

    >>> effect = Estimate(0.08, 0.03, 0.13, 20, "")
    >>> told(Proof("placebo", "association", effect, 7, "12 more are needed"), "completion", "steps")
    'Association, not proof: completion rose by 8.0 points beside 7 steps (3.0 to 13.0); 12 more are needed.'
    """
    if found.effect is None or found.effect.value is None:
        return f"{'It is too early to tell' if found.standing == 'too early' else 'Nothing is proven'}: {found.reason}."
    effect, sign = found.effect, 1 if found.effect.value > 0 else -1
    ends = [words.number(100 * sign * end, 1) for end in (effect.low, effect.high) if end is not None][::sign]
    verb, points = "rose" if sign > 0 else "fell", words.number(abs(100 * found.effect.value), 1)
    moved = f"{what} {verb} by {points} points beside {found.controls} {others} ({' to '.join(ends)})"
    begins = {"proof": "It is proven", "association": "Association, not proof"}.get(found.standing, "Nothing is proven")
    return f"{begins}: {moved}{'; ' + found.reason if found.reason else ''}."
