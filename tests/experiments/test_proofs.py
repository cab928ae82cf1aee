"""Fixes without a random half: beside other steps, beside other countries, in words that do not say too much."""

from typing import Any

import numpy as np
import pytest
from tests.experiments.shop import bring, exposure, row

from nousnous.base import clock
from nousnous.base.errors import Missing, Refused
from nousnous.experiments.actions.keeping import apply_experiment
from nousnous.experiments.actions.proving import apply_fix, list_fixes, proofs_of_journey, prove_fix
from nousnous.experiments.fixes import study_fix
from nousnous.experiments.measures.proofs import WEEK_US, Panel, proof, told
from nousnous.journeys.actions.versions import apply_journey
from nousnous.workspaces.models import Workspace

CHOSEN_US = clock.to_us(clock.from_us(1_767_571_200_000_000))  # 2026-01-05
SHIPPED_US = CHOSEN_US + 4 * WEEK_US
FIX = """\
[fix]
id = "one-page"
name = "One page instead of three"
journey = "shop"
step = "s0"
metric = "completion"
chosen = 2026-01-05
shipped = 2026-02-02
weeks = 4
"""
HEAD = '[journey]\nid = "shop"\ncurrency = "USD"\nhourly_wage = 1\n'


def shares(units: int, fixed: list[int], effect: float, drift: float = 0.0) -> Any:
    """Units × 10 weeks, 6 of them before; the fixed ones differ by an effect afterwards, and by a drift all along."""
    rows = 0.6 + np.random.default_rng(3).normal(0, 0.02, (units, 10))
    rows[fixed, 6:] += effect
    rows[fixed] += drift * np.arange(10)
    return rows


def panel(units: int, fixed: list[int], effect: float, drift: float = 0.0) -> Panel:
    names = tuple(f"u{number}" for number in range(units))
    return Panel(names, shares(units, fixed, effect, drift), tuple(fixed), 6, 4)


def test_one_step_is_proven_beside_nineteen_others_and_an_association_beside_eighteen() -> None:
    found = proof(panel(20, [0], 0.2), 1)
    assert (found.standing, found.controls, found.p) == ("proof", 19, 0.05)
    assert found.series is not None
    fewer = proof(panel(19, [0], 0.2), 1)
    assert (fewer.standing, fewer.reason) == ("association", "1 more are needed")
    assert told(fewer, "completion at Pay", "other steps").startswith(
        "Association, not proof: completion at Pay rose by "
    )


@pytest.mark.parametrize(("effect", "direction"), [(0.0, 1), (-0.2, 1), (0.2, -1)])
def test_what_did_not_get_better_is_not_proven(effect: float, direction: int) -> None:
    found = proof(panel(24, [3], effect), direction)
    assert found.standing == "not proven"
    assert told(found, "x", "other steps").startswith("Nothing is proven: x ")


def test_countries_that_moved_apart_before_are_an_association() -> None:
    fixed = list(range(6))
    assert proof(panel(14, fixed, 0.1), 1).standing == "proof"
    drifting = proof(panel(14, fixed, 0.1, drift=0.02), 1)
    assert (drifting.standing, drifting.design) == ("association", "difference in differences")
    assert proof(panel(14, fixed, 0.0), 1).standing == "not proven"
    assert "fewer than 5 countries" in proof(panel(8, fixed, 0.1), 1).reason


def test_too_early_says_how_long_to_wait() -> None:
    early = Panel(("a", "b"), shares(2, [0], 0.1)[:, :8], (0,), 6, 4)
    assert told(proof(early, 1), "x", "other steps") == "It is too early to tell: two weeks more must be over."
    short = Panel(("a", "b"), shares(2, [0], 0.1)[:, :6], (0,), 2, 4)
    assert "baseline needs 3 weeks" in proof(short, 1).reason


def visits(steps: int, effect: float) -> list[dict[str, Any]]:
    """Each week 40 people try each step; 60 % complete it, the first one more after it shipped."""
    draw, found = np.random.default_rng(4), []
    for week in range(8):
        for step in range(steps):
            better = effect if step == 0 and week >= 4 else 0.0
            for number in range(40):
                at_us = CHOSEN_US + week * WEEK_US + number * clock.HOUR_US
                person = f"p{week}-{step}-{number}"
                found.append(row(person, f"Begin {step}", at_us, country="DE"))
                if draw.random() < 0.6 + better:
                    found.append(row(person, f"End {step}", at_us + clock.MINUTE_US))
    found.append(row("last", "Seen", CHOSEN_US + 9 * WEEK_US))
    return found


def shop_of(workspace: Workspace, steps: int, effect: float) -> None:
    bring(workspace, visits(steps, effect))
    step = '[[step]]\nid = "s{0}"\nname = "Step {0}"\nstarts = {{ event = "Begin {0}" }}\n'
    each = (step.format(n) + f'completes = {{ event = "End {n}" }}\n' for n in range(steps))
    apply_journey(workspace, HEAD + "".join(each), None, "ada")
    apply_fix(workspace, FIX, None, "ada")


def slowly(rows: list[dict[str, Any]], steps: int) -> float:
    """The change of the first step less the mean change of the others, counted row by row."""
    done = np.zeros((steps, 8))
    for one in rows:
        if one["event"].startswith("End "):
            done[int(one["event"][4:]), (one["ts_us"] - CHOSEN_US) // WEEK_US] += 1 / 40
    changes = done[:, 4:].mean(axis=1) - done[:, :4].mean(axis=1)
    return float(changes[0] - changes[1:].mean())


def test_a_fix_of_a_real_journey_is_proven_from_its_visits(workspace: Workspace) -> None:
    shop_of(workspace, 20, 0.3)
    with clock.frozen(SHIPPED_US + 4 * WEEK_US):
        found = prove_fix(workspace, "one-page")
    assert found.sentence.startswith("It is proven: completion at Step 0 rose by ")
    assert found.found.effect is not None
    assert found.found.effect.value == pytest.approx(slowly(visits(20, 0.3), 20))
    assert (found.found.controls, found.read_on) == (19, "2 March 2026")
    with clock.frozen(SHIPPED_US + WEEK_US):
        assert prove_fix(workspace, "one-page").found.standing == "too early"
        assert proofs_of_journey(workspace, "shop")["s0"]["status"] == "running"


def test_a_random_half_goes_before_any_comparison(workspace: Workspace) -> None:
    shop_of(workspace, 6, 0.0)
    arms = '[[variant]]\nid = "before"\n[[variant]]\nid = "fixed"\n'
    goal = '[[metric]]\ncatalogue = "completion"\nstep = "s0"\njourney = "shop"\n'
    half = f'[experiment]\nid = "fix/one-page"\nstart = 2026-02-02\nend = 2026-02-16\n{arms}{goal}'
    with clock.frozen(CHOSEN_US):
        apply_experiment(workspace, half, None, "ada")
    rows = [
        one
        for n in range(300)
        for one in (
            exposure(f"h{n}", ("before", "fixed")[n % 2], SHIPPED_US + n, experiment="fix/one-page"),
            row(f"h{n}", "Begin 0", SHIPPED_US + clock.HOUR_US),
            *([row(f"h{n}", "End 0", SHIPPED_US + clock.HOUR_US + 9)] if n % 2 or n % 4 else []),
        )
    ]
    bring(workspace, rows)
    with clock.frozen(SHIPPED_US + 5 * WEEK_US):
        found = prove_fix(workspace, "one-page")
    assert found.half == "fix/one-page"
    assert found.sentence.startswith("With fixed, completion of s0 rises from ")


def test_a_fix_names_a_step_that_is_there_and_days_in_order(workspace: Workspace) -> None:
    apply_journey(workspace, f'{HEAD}[[step]]\nid = "s0"\nstarts = {{ event = "x" }}\n', None, "ada")
    with pytest.raises(Refused, match="There is no step"):
        apply_fix(workspace, FIX.replace('"s0"', '"s1"'), None, "ada")
    apply_fix(workspace, FIX, None, "ada")
    assert apply_fix(workspace, FIX, None, "ada").fix_id == "one-page"
    assert [one.name for one in list_fixes(workspace)] == ["One page instead of three"]
    with pytest.raises(Missing, match="no fix"):
        prove_fix(workspace, "other")
    wrong = {
        "shipped = 2026-02-02": ("shipped = 2026-01-02", "not after"),
        'metric = "completion"': ('metric = "nps"', "cannot be compared"),
        "weeks = 4": ("weeks = 0", "whole number"),
        "chosen = 2026-01-05": ("", "is missing"),
        'id = "one-page"': ('id = "one page"', "is no id"),
    }
    for right, (other, sentence) in wrong.items():
        assert sentence in study_fix(FIX.replace(right, other)).troubles[0].sentence
