"""From what people did to what was found: each metric by arm, judged, and said in one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np
import numpy.typing as npt

from nousnous.stats.clusters import Floats
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.lifts import Comparison, arm, compare, compare_quantiles
from nousnous.stats.mismatch import Mismatch
from nousnous.stats.pooling import Pooled, pooled
from nousnous.stats.quantiles import quantile
from nousnous.stats.screens import benjamini_hochberg

Verdict = Literal["better", "worse", "not proven", "held", "broken", "not known yet"]
FALSE_SHARE = 0.05
LEAST_COUNTRIES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One metric: per assigned person (aligned with their arms) x, y, x0, y0; or observations of persons (`values`).

    `values` are what a quantile is taken of, each with the place of its person.
    """

    columns: tuple[Floats, Floats, Floats, Floats] | None = None
    values: Floats | None = None
    persons: npt.NDArray[np.int64] | None = None
    quantile: tuple[int, int] = (1, 2)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said of a metric beside its rows: name, unit, direction; a guard rail has a tolerance."""

    name: str
    unit: str
    direction: int
    tolerance: float | None = None


class CountryShape(TypedDict):
    alone: EstimateShape
    pooled: EstimateShape


class ReadoutLineShape(TypedDict):
    """One metric of one arm against control; the countries where they are told apart."""

    metric: str
    unit: str
    direction: int
    guard: bool
    tolerance: float | None
    variant: str
    verdict: Verdict
    control: EstimateShape
    treated: EstimateShape
    difference: EstimateShape
    lift: EstimateShape
    p: float | None
    p_adjusted: float | None
    variance_saved: float | None
    by_country: NotRequired[dict[str, CountryShape]]
    everywhere: NotRequired[EstimateShape | None]
    new_country: NotRequired[EstimateShape | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of one arm beside the control arm; `adjusted` is p after Benjamini and Hochberg, None for guards."""

    asked: Asked
    variant: str
    found: Comparison
    verdict: Verdict
    adjusted: float | None = None
    by_country: Mapping[str, Estimate] | None = None
    pooled: Pooled | None = None

    def as_dict(self) -> ReadoutLineShape:
        found = self.found
        told: ReadoutLineShape = {
            "metric": self.asked.name,
            "unit": self.asked.unit,
            "direction": self.asked.direction,
            "guard": self.asked.tolerance is not None,
            "tolerance": self.asked.tolerance,
            "variant": self.variant,
            "verdict": self.verdict,
            "control": found.control.as_dict(),
            "treated": found.treated.as_dict(),
            "difference": found.difference.as_dict(),
            "lift": found.lift.as_dict(),
            "p": found.p,
            "p_adjusted": self.adjusted,
            "variance_saved": found.variance_saved,
        }
        if self.by_country and self.pooled:
            shrunk = zip(self.by_country, self.pooled.each, strict=True)
            told["by_country"] = {
                name: {"alone": self.by_country[name].as_dict(), "pooled": one.as_dict()} for name, one in shrunk
            }
            everywhere, new = self.pooled.everywhere, self.pooled.new
            told["everywhere"] = everywhere.as_dict() if everywhere else None
            told["new_country"] = new.as_dict() if new else None
        return told


class SplitShape(TypedDict):
    persons: dict[str, int]
    expected: dict[str, float]
    dropped: int
    mismatch_p: float | None
    blocked: bool


@dataclass(frozen=True, slots=True)
class Split:
    """Persons per arm in the order of the arms, how many were seen in two and dropped, and whether weights held."""

    arms: tuple[str, ...]
    persons: tuple[int, ...]
    dropped: int
    mismatch: Mismatch

    def as_dict(self) -> SplitShape:
        return {
            "persons": dict(zip(self.arms, self.persons, strict=True)),
            "expected": dict(zip(self.arms, self.mismatch.expected, strict=True)),
            "dropped": self.dropped,
            "mismatch_p": self.mismatch.p,
            "blocked": self.mismatch.blocks,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """Arms of the assigned persons as places (0 is control), and their countries (−1: unknown) as places of names."""

    arm: npt.NDArray[np.int64]
    country: npt.NDArray[np.int64]
    countries: tuple[str, ...] = ()


def lines(
    people: Assigned, arms: Sequence[str], goals: Sequence[tuple[Asked, Rows]], planned: int | None
) -> tuple[Line, ...]:
    """Every metric of every arm against the first one; `planned`: always valid, for that many persons.

    Goals are judged together: Benjamini and Hochberg hold the share of false findings at 5 %, guard rails stand alone.
    """
    found = [
        (asked, place, _compared(people, rows, place, planned), rows)
        for asked, rows in goals
        for place in range(1, len(arms))
    ]
    judged = [
        number for number, (asked, *_, one, _) in enumerate(found) if asked.tolerance is None and one.p is not None
    ]
    adjusted = dict(zip(judged, benjamini_hochberg([found[number][2].p or 0.0 for number in judged]), strict=True))
    made = []
    for number, (asked, place, one, rows) in enumerate(found):
        p = float(adjusted[number]) if number in adjusted else None
        line = Line(asked, arms[place], one, _verdict(asked, one, p), p)
        made.append(_with_countries(line, people, rows, place))
    return tuple(made)


def _compared(people: Assigned, rows: Rows, place: int, planned: int | None, chosen: Any = None) -> Comparison:
    masks = [(people.arm == one) & (True if chosen is None else chosen) for one in (0, place)]
    if rows.columns is not None:
        sides = [arm(*(column[mask] for column in rows.columns)) for mask in masks]
        return compare(sides[0], sides[1], planned)
    values, persons = np.asarray(rows.values), np.asarray(rows.persons)
    ends = [quantile(values[mask[persons]], persons[mask[persons]], *rows.quantile) for mask in masks]
    return compare_quantiles(ends[0], ends[1], sum(int(mask.sum()) for mask in masks), planned)


def _verdict(asked: Asked, found: Comparison, adjusted: float | None) -> Verdict:
    low, high, value = found.difference.low, found.difference.high, found.difference.value
    if asked.tolerance is not None:
        ends = [-asked.direction * end for end in (found.lift.low, found.lift.high) if end is not None]
        if len(ends) < 2:
            return "not known yet"
        worst, best = max(ends), min(ends)
        return "held" if worst <= asked.tolerance else "broken" if best > 0 else "not known yet"
    if low is None or high is None or value is None or adjusted is None or adjusted > FALSE_SHARE or low <= 0 <= high:
        return "not proven"
    return "better" if value * asked.direction > 0 else "worse"


def _with_countries(line: Line, people: Assigned, rows: Rows, place: int) -> Line:
    """The difference in each country, each lending strength to the others; from 4 countries on."""
    each = {}
    for number, name in enumerate(people.countries):
        one = _compared(people, rows, place, None, people.country == number).difference
        if one.low is not None:
            each[name] = one
    if len(each) < LEAST_COUNTRIES:
        return line
    return replace(line, by_country=each, pooled=pooled(list(each.values())))
