"""What if no visit's active time were longer than so much? Everything else stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from nousnous.capabilities.gaps.measures.debt import Wasted, hour_wages, year_scale
from nousnous.capabilities.gaps.measures.report import DebtRow
from nousnous.capabilities.gaps.measures.visits import HOUR_US, Floats
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.totals import total

ASSUMPTION = "Each active time is cut at the limit; nothing else changes, neither who comes back nor who finishes."


class SimulatedDebtShape(TypedDict):
    hours: EstimateShape
    per_year: EstimateShape | None


class BothShape(TypedDict):
    now: SimulatedDebtShape
    then: SimulatedDebtShape


class SimulatedStepShape(BothShape):
    step: str


class SimulationShape(TypedDict):
    caps_s: dict[str, float]
    assumption: str
    saved: EstimateShape
    per_year: bool
    currency: str
    journey: BothShape
    steps: list[SimulatedStepShape]


@dataclass(frozen=True, slots=True)
class Simulation:
    """Debts as they are and as they would be: of the journey and by step; `saved` is money, a year where scaled."""

    caps_s: Mapping[str, float]
    now: DebtRow
    then: DebtRow
    steps: Mapping[str, tuple[DebtRow, DebtRow]]
    saved: Estimate
    scaled: bool
    assumption: str = ASSUMPTION

    def as_dict(self) -> SimulationShape:
        return {
            "caps_s": dict(self.caps_s),
            "assumption": self.assumption,
            "saved": self.saved.as_dict(),
            "per_year": self.scaled,
            "currency": self.now.currency,
            "journey": _both(self.now, self.then),
            "steps": [{"step": step, **_both(*rows)} for step, rows in self.steps.items()],
        }


def _both(now: DebtRow, then: DebtRow) -> BothShape:
    return {"now": _debt(now), "then": _debt(then)}


def _debt(row: DebtRow) -> SimulatedDebtShape:
    yearly = row.debt.per_year
    return {"hours": row.debt.hours.as_dict(), "per_year": yearly.as_dict() if yearly else None}


@dataclass(frozen=True, slots=True)
class Costs:
    """What turns wasted time into money: wages by country, persons with a closed visit, observed time."""

    wages: Mapping[str, float]
    persons_closed: int
    observed_us: int


def saved(now: Wasted, then: Wasted, costs: Costs) -> Estimate:
    """Money that would not be lost, over persons, to a year where the window is long enough.

    Seconds never move to another person, so what a person loses can only become less.
    """
    persons = max(now.persons, then.persons)
    difference = np.maximum(_money(now, costs, persons) - _money(then, costs, persons), 0.0)
    found = total(difference[difference > 0], costs.persons_closed)
    scale = year_scale(costs.observed_us)
    return found if scale is None else found.times(scale)


def _money(wasted: Wasted, costs: Costs, persons: int) -> Floats:
    wage = hour_wages(wasted, costs.wages)[wasted.country]
    return np.bincount(wasted.person, wasted.wasted_us / HOUR_US * wage, persons).astype(np.float64, copy=False)
