"""What an experiment could show, before it starts: from what the workspace's own people did in the last 28 days."""

from dataclasses import dataclass, replace
from typing import Any, TypedDict

import ibis
import numpy as np

from nousnous.base import clock
from nousnous.experiments.actions.keeping import Standing
from nousnous.experiments.actions.reading import QUANTILES, Read, rows_of
from nousnous.experiments.definition import EventGoal, ExperimentDefinition, Goal
from nousnous.experiments.measures.outcomes import PRIOR_US
from nousnous.experiments.measures.readout import Rows
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.stats.lifts import arm
from nousnous.stats.power import detectable, needed_for_means, needed_for_shares, run_days
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

LEAST_PERSONS = 50


class PlanShape(TypedDict):
    metric: str
    now: float | None
    effect: float
    needed_per_arm: int | None
    persons_a_day: float
    days: int | None
    planned_days: int | None
    detectable: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Of one metric: what it is now, how many persons each arm needs for the change that is worth finding, and for how
    many days; `detectable` is the smallest relative change that the planned dates would show. None: cannot be told.
    """

    metric: str
    now: float | None
    effect: float
    needed: int | None
    days: int | None
    planned_days: int | None
    detectable: float | None
    a_day: float

    def as_dict(self) -> PlanShape:
        return {
            "metric": self.metric,
            "now": self.now,
            "effect": self.effect,
            "needed_per_arm": self.needed,
            "persons_a_day": self.a_day,
            "days": self.days,
            "planned_days": self.planned_days,
            "detectable": self.detectable,
        }


def plans_of(workspace: Workspace, definition: ExperimentDefinition, standing: Standing | None = None) -> list[Plan]:
    """A plan for each metric but quantiles, for which no power is known here.

    The people of the last 28 days stand for those to come, each watched for 28 days from the first of them.
    """
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    events = snapshot.events()
    newest_us = int(events.ts_us.max().to_pyarrow().as_py() or 0)
    people = _people(events, definition, newest_us).order_by("person_key").to_pyarrow()
    persons, traffic = people.num_rows, standing.part[1] - standing.part[0] if standing else definition.traffic
    a_day = persons * traffic / 28
    days = _planned_days(workspace, definition)
    keys = people["person_key"].to_numpy()
    read = Read(workspace, events, snapshot.resolved(SCORES), newest_us, keys, ibis.memtable(people))
    goals = [goal for goal in definition.goals if isinstance(goal, EventGoal) or goal.metric not in QUANTILES]
    return [_plan(definition, goal, rows_of(read, goal, newest_us + 1), (a_day, days)) for goal in goals]


def _people(events: Any, definition: ExperimentDefinition, newest_us: int) -> Any:
    """Who would have met it in the last 28 days, by country and by the event at which it is seen."""
    rows = events.filter(events.person_key.notnull() & (events.ts_us > newest_us - PRIOR_US))
    if definition.countries:
        rows = rows.filter(rows.country.isin(definition.countries))
    if definition.seen:
        rows = rows.filter(rows.event == definition.seen)
    return rows.group_by("person_key").agg(first_us=rows.ts_us.min())


def _planned_days(workspace: Workspace, definition: ExperimentDefinition) -> int | None:
    if definition.end is None:
        return None
    start = workspace.instant(definition.start) if definition.start else clock.now()
    return max(1, round((workspace.instant(definition.end) - start).total_seconds() / 86_400))


def _plan(definition: ExperimentDefinition, goal: Goal, rows: Rows, pace: tuple[float, int | None]) -> Plan:
    (a_day, planned_days), effect = pace, definition.effect
    nothing = Plan(goal.name, None, effect, None, None, planned_days, None, a_day)
    x, y = (rows.columns or (np.zeros(0),) * 2)[:2]
    if x.size < LEAST_PERSONS or not y.any() or not x.any():
        return nothing
    now = arm(x, y)
    slope = np.array([1.0, -now.value, 0.0, 0.0]) / now.means[1]
    variance = float(slope @ now.covariance @ slope)
    share = min(definition.weights.values()) / sum(definition.weights.values())
    smaller = min(share, 0.5)
    if getattr(goal, "kind", "") == "did" and smaller == 0.5 and now.value * (1 + effect) <= 1:
        needed = needed_for_shares(now.value, now.value * (1 + effect))
    else:
        needed = needed_for_means(effect * now.value, variance, smaller)
    days = run_days(round(needed / smaller), a_day)
    planned = definition.persons if definition.reading == "any time" else None
    seen = None if planned_days is None else round(a_day * planned_days)
    least = None if not seen else detectable(variance, seen, smaller, planned) / now.value
    return replace(nothing, now=now.value, needed=needed, days=days, detectable=least)
