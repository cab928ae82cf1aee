"""Metrics of the catalogue at a step, read out by arm; plans from the workspace's own history."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.experiments.shop import END_US, START_US, arms_in, bring, exposure, row, shop

from nousnous.base import clock
from nousnous.collector.landing import land
from nousnous.experiments.actions.keeping import apply_experiment, experiment_of
from nousnous.experiments.actions.planning import plans_of
from nousnous.experiments.actions.reading import read_experiment
from nousnous.experiments.measures.readout import Line
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.versions import apply_journey
from nousnous.stats.power import needed_for_shares
from nousnous.workspaces.models import Workspace

JOURNEY = """
[journey]
id = "shop"
currency = "USD"
hourly_wage = 1
[[step]]
id = "pay"
starts = { event = "Pay Begun" }
completes = { event = "Paid" }
fails = { event = "Pay Failed" }
"""
METRICS = ("completion", "failure_rate", "frustration_rate", "contact_rate", "duration_p50", "nps", "csat", "low_tail")
HEAD = '[experiment]\nid = "short-form"\nstart = 2026-01-05\nend = 2026-01-19\n[[variant]]\nid = "control"\n'
TEXT = f'{HEAD}[[variant]]\nid = "short"\n' + "".join(
    f'[[metric]]\nname = "{metric}"\ncatalogue = "{metric}"\nstep = "pay"\n' for metric in METRICS
)
PERSONS = 1_200


def payments() -> list[dict[str, Any]]:
    """Of 10 people 6 pay in the control arm and 8 in the other, sooner; one of 10 fails, and asks for help."""
    draw = np.random.default_rng(9)
    found: list[dict[str, Any]] = []
    for number in range(PERSONS):
        person, arm = f"p{number}", ("control", "short")[number % 2]
        begun_us, luck = START_US + int(draw.integers(1, 5 * clock.DAY_US)), draw.random()
        took_us = int(draw.lognormal(4.0 if arm == "short" else 4.5, 0.4) * clock.SECOND_US)
        found += [exposure(person, arm, begun_us - 1), row(person, "Pay Begun", begun_us)]
        if luck < (0.6, 0.8)[arm == "short"]:
            found.append(row(person, "Paid", begun_us + took_us))
        elif luck > 0.9:
            found += [row(person, "Pay Failed", begun_us + 9), row(person, "Rage Click", begun_us + 5)]
            found.append(row(person, "Contact Started", begun_us + clock.DAY_US))
    found.append(row("late", "Seen", END_US + 10 * clock.DAY_US))
    return found


def answers(arms: dict[str, str]) -> Any:
    """The short form makes promoters of half of those who answer; the others answer 7, and are satisfied alike."""
    rows = [
        {"metric": metric, "value": value, "scale_low": low, "scale_high": high, "user_id": person}
        for number, (person, arm) in enumerate(arms.items())
        for metric, value, low, high in (
            ("nps", 10.0 if arm == "short" and number % 4 < 2 else 7.0 - number % 3 // 2, 0.0, 10.0),
            ("csat", 5.0 - number % 3, 1.0, 5.0),
        )
    ]
    columns: dict[str, Any] = {name: [one[name] for one in rows] for name in rows[0]}
    columns |= {"score_id": [f"s{number}" for number in range(len(rows))], "step": ["pay"] * len(rows)}
    columns |= {name: pa.array([END_US - 1] * len(rows), pa.int64()) for name in ("ts_us", "received_us")}
    return pa.table(columns)


@pytest.fixture
def lines(workspace: Workspace) -> dict[str, Line]:
    rows = payments()
    bring(workspace, rows)
    land(workspace, SCORES, answers(arms_in(rows)))
    apply_journey(workspace, JOURNEY, None, "ada")
    with clock.frozen(START_US - 1):
        apply_experiment(workspace, TEXT, None, "ada")
    with clock.frozen(END_US + 20 * clock.DAY_US):
        return {line.asked.name: line for line in read_experiment(workspace, "short-form").lines}


def test_visits_and_answers_of_a_step_are_read_out_by_arm(lines: dict[str, Line]) -> None:
    verdicts = {name: line.verdict for name, line in lines.items()}
    assert verdicts == {
        "completion": "better",
        "failure_rate": "not proven",
        "frustration_rate": "not proven",
        "contact_rate": "not proven",
        "duration_p50": "better",
        "nps": "better",
        "csat": "not proven",
        "low_tail": "better",
    }
    ends = {name: (line.found.control.value, line.found.treated.value) for name, line in lines.items()}
    assert ends["completion"] == pytest.approx((0.6, 0.8), abs=0.05)
    assert ends["failure_rate"] == ends["contact_rate"] == pytest.approx((0.1, 0.1), abs=0.03)
    assert ends["duration_p50"] == pytest.approx((np.exp(4.5), np.exp(4.0)), rel=0.1)
    assert ends["csat"] == pytest.approx((2 / 3, 2 / 3), abs=0.02)


def test_a_median_has_an_interval_of_its_difference_and_of_its_ratio(lines: dict[str, Line]) -> None:
    found = lines["duration_p50"].found
    assert (found.difference.high or 0) < 0
    assert (found.lift.low or 0) < np.exp(-0.5) - 1 < (found.lift.high or 0)


def test_a_plan_says_people_and_days_from_the_last_28_days(workspace: Workspace) -> None:
    bring(workspace, [one for one in shop(1_500) if not one.get("experiment")])
    text = HEAD.replace("start", 'seen = "Product Viewed"\nstart') + '[[variant]]\nid = "short"\n'
    text += '[[metric]]\ndid = { event = "Order Completed" }\n[[metric]]\ncount = { event = "Never" }\n'
    text += '[[metric]]\nratio = { event = "Order Completed" }\nper = { event = "Product Viewed" }\n'
    with clock.frozen(START_US - 1):
        apply_experiment(workspace, text, None, "ada")
    standing = experiment_of(workspace, "short-form")
    share, never, ratio = plans_of(workspace, standing.definition, standing)
    assert share.now == pytest.approx(0.26, abs=0.04)
    assert share.needed == needed_for_shares(share.now or 0, 1.1 * (share.now or 0))
    assert share.a_day == pytest.approx(1_500 / 28)
    assert share.days == -(-2 * (share.needed or 0) // share.a_day)
    assert (share.planned_days, never.needed) == (14, None)
    assert (share.detectable or 0) > 0.1
    assert (ratio.needed or 0) > 100


def test_nothing_is_planned_from_nothing(workspace: Workspace) -> None:
    text = f'{HEAD}[[variant]]\nid = "short"\n[[metric]]\ndid = {{ event = "x" }}\n'
    with clock.frozen(START_US - 1):
        (plan,) = plans_of(workspace, apply_experiment(workspace, text, None, "ada").definition)
    assert (plan.now, plan.needed, plan.days, plan.detectable) == (None, None, None, None)


def test_a_plan_reads_metrics_of_the_catalogue_from_visits(workspace: Workspace) -> None:
    bring(workspace, [one for one in payments() if not one.get("experiment")])
    apply_journey(workspace, JOURNEY, None, "ada")
    text = f'{HEAD}[[variant]]\nid = "short"\n'
    text += '[[metric]]\ncatalogue = "completion"\nstep = "pay"\n[[metric]]\ncatalogue = "duration_p50"\nstep = "pay"\n'
    with clock.frozen(START_US - 1):
        (plan,) = plans_of(workspace, apply_experiment(workspace, text, None, "ada").definition)
    assert plan.now == pytest.approx(0.7, abs=0.04)
    assert plan.needed == pytest.approx(needed_for_shares(plan.now or 0, 1.1 * (plan.now or 0)), rel=0.15)
