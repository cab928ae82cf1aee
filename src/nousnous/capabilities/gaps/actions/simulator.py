"""The simulator of the step page: shorter visits and nothing else."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from nousnous.base.clock import DAY_US
from nousnous.base.errors import Place, Refused
from nousnous.capabilities.gaps.actions.cases import case_of
from nousnous.capabilities.gaps.actions.opening import open_journey
from nousnous.capabilities.gaps.actions.reports import question_of
from nousnous.capabilities.gaps.measures.assembly import journey_row, step_rows
from nousnous.capabilities.gaps.measures.examples import position_of
from nousnous.capabilities.gaps.measures.simulator import Costs, Simulation, saved
from nousnous.capabilities.gaps.measures.visits import SECOND_US
from nousnous.journeys.actions.parts import part_of
from nousnous.journeys.windows import Asked, window_of
from nousnous.workspaces.models import Workspace

LONGEST_S = 365 * DAY_US / SECOND_US


def simulate(workspace: Workspace, asked: Asked, caps_s: Mapping[str, float]) -> Simulation:
    """What a journey's debt would be if no active time of some steps were longer than so many seconds."""
    opened = open_journey(workspace, asked.journey)
    ids = tuple(step.id for step in opened.journey.steps)
    if not caps_s or not all(0 <= limit <= LONGEST_S for limit in caps_s.values()):
        raise Refused(
            "Say a limit of 0 or more seconds, of at most a year, for at least one step.", Place(field="seconds")
        )
    caps_us = {position_of(ids, step): round(limit * SECOND_US) for step, limit in caps_s.items()}
    part = part_of(opened.workspace, opened.sources, asked.by, asked.segment)
    window = window_of(asked.from_text, asked.to_text, opened.timezone)
    question = replace(question_of(opened, window), split=part.split)
    now = case_of(opened.sources, question, opened.extent, part)
    then = case_of(opened.sources, replace(question, caps_us=caps_us), opened.extent, part)
    before, after = ({row.step.id: row.debt for row in step_rows(case)} for case in (now, then))
    visits, inside = now.evidence.visits, now.period.holds(now.wasted.opened_us)
    persons = int(np.count_nonzero(visits.by_person(visits.closed)))
    costs = Costs(now.journey.hour_costs, persons, now.observed_us)
    return Simulation(
        dict(caps_s),
        journey_row(now).debt,
        journey_row(then).debt,
        {step: (before[step], after[step]) for step in ids},
        saved(now.wasted.only(inside), then.wasted.only(then.period.holds(then.wasted.opened_us)), costs),
        "year_scale" in now.factors() and now.factors()["year_scale"] is not None,
    )
