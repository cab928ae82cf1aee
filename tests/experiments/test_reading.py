"""Readouts: as assigned, from the first exposure on, blocked by a broken split, in one sentence first."""

from typing import Any

import numpy as np
import pytest
from tests.experiments.shop import END_US, PERSONS, START_US, TEXT, arms_in, bring, exposure, row, shop

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.experiments.actions.keeping import apply_experiment, end_experiment
from nousnous.experiments.actions.reading import Readout, list_seen, read_experiment
from nousnous.stats.lifts import arm, compare
from nousnous.workspaces.models import Workspace

RUNNING_US, AFTER_US = START_US + 12 * clock.DAY_US, END_US + clock.DAY_US


def read(workspace: Workspace, moment_us: int = AFTER_US, experiment: str = "short-form") -> Readout:
    with clock.frozen(moment_us):
        return read_experiment(workspace, experiment)


@pytest.fixture
def running(workspace: Workspace) -> Workspace:
    with clock.frozen(START_US - clock.DAY_US):
        apply_experiment(workspace, TEXT, None, "ada")
    return workspace


def slowly(rows: list[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """Who ordered within 7 days after the exposure, by arm, row by row."""
    seen = {one["user_id"]: (one["variant"], one["ts_us"]) for one in rows if one.get("experiment")}
    ordered = {
        one["user_id"]
        for one in rows
        if one["event"] == "Order Completed" and 0 <= one["ts_us"] - seen[one["user_id"]][1] < 7 * clock.DAY_US
    }
    arms = [
        [float(person in ordered) for person, (of, _) in seen.items() if of == wanted]
        for wanted in ("control", "short")
    ]
    return arms[0], arms[1]


def test_a_readout_says_what_was_found_first_and_counts_as_a_slow_reading_does(running: Workspace) -> None:
    rows = shop()
    bring(running, rows)
    found = read(running)
    ordered = found.lines[0]
    control, short = slowly(rows)
    plain = compare(arm(control), arm(short))
    assert found.sentence.startswith("With the short form, Ordered rises from ")
    assert (ordered.verdict, ordered.found.control.n, ordered.found.treated.n) == ("better", len(control), len(short))
    assert ordered.found.difference.value == pytest.approx(plain.difference.value or 0, abs=0.02)
    assert ordered.found.difference.low != plain.difference.low
    assert ordered.found.variance_saved > 0.01
    assert [line.verdict for line in found.lines] == ["better", "better", "better", "held"]
    assert (sum(found.split.persons), found.split.dropped, found.sequential) == (PERSONS, 0, False)


def test_each_country_lends_strength_to_the_others(running: Workspace) -> None:
    bring(running, shop())
    line = read(running).lines[0]
    assert line.by_country is not None
    assert line.pooled is not None
    assert list(line.by_country) == ["AT", "CH", "DE", "FR", "IT"]
    alone, together = (
        np.std([one.value or 0 for one in each]) for each in (line.by_country.values(), line.pooled.each)
    )
    assert together < alone


def test_before_its_end_only_guard_rails_are_told(running: Workspace) -> None:
    bring(running, shop(600))
    found = read(running, RUNNING_US)
    assert (found.waits, found.sentence) == (True, "600 people take part so far. It is read out on 19 January 2026.")
    assert [line.asked.name for line in found.lines] == ["Asked for help"]


def test_ended_before_its_time_it_is_read_always_valid(running: Workspace) -> None:
    bring(running, shop())
    fixed = read(running).lines[0].found.difference
    with clock.frozen(RUNNING_US):
        end_experiment(running, "short-form", "ada")
    found = read(running)
    early = found.lines[0].found.difference
    assert (found.sequential, early.method) == (True, "delta method, always valid")
    assert (early.high or 0) - (early.low or 0) > 1.3 * ((fixed.high or 0) - (fixed.low or 0))


def test_a_broken_split_blocks_the_readout(running: Workspace) -> None:
    rows = shop(1_000)
    lost = {f"p{number}" for number in range(0, 1_000, 5)}
    arms = arms_in(rows)
    bring(running, [one for one in rows if one["user_id"] not in lost or arms[one["user_id"]] == "control"])
    found = read(running)
    assert found.sentence.startswith("Nothing can be read out, the split is broken: ")
    assert (found.lines, found.split.mismatch.blocks) == ((), True)


def test_who_was_seen_in_two_arms_is_dropped_and_counted(running: Workspace) -> None:
    rows = shop(200)
    arms = arms_in(rows)
    others = [
        exposure(f"p{number}", {"control": "short"}.get(arms[f"p{number}"], "control"), END_US - 1)
        for number in range(7)
    ]
    bring(running, [*rows, *others])
    found = read(running)
    assert (sum(found.split.persons), found.split.dropped) == (193, 7)


def test_what_happened_before_the_first_exposure_or_after_its_time_does_not_count(running: Workspace) -> None:
    rows = [exposure(f"p{number}", ("control", "short")[number % 2], START_US + 1) for number in range(20)]
    rows += [exposure(f"p{number}", ("control", "short")[number % 2], START_US + clock.DAY_US) for number in range(20)]
    rows += [row(f"p{number}", "Order Completed", START_US, revenue=9.0) for number in range(20)]
    rows += [row("p1", "Order Completed", START_US + 2, revenue=5.0)]
    rows += [row("p3", "Order Completed", START_US + 8 * clock.DAY_US, revenue=5.0)]
    rows += [row("p5", "Order Completed", END_US, revenue=5.0)]
    bring(running, rows)
    ordered, revenue = read(running).lines[:2]
    assert (ordered.found.control.value, revenue.found.control.value) == (0.0, 0.0)
    assert ordered.found.treated.value == pytest.approx(0.1)
    assert revenue.found.treated.value == pytest.approx(1.0)


def test_a_broken_guard_rail_stands_in_the_sentence(running: Workspace) -> None:
    rows = shop(1_500, ordering=(0.2, 0.2))
    arms = arms_in(rows)
    rows += [
        row(who, "Contact Started", END_US - 5)
        for number, (who, of) in enumerate(arms.items())
        if of == "short" and number % 3
    ]
    bring(running, rows)
    found = read(running)
    assert found.sentence.startswith("A guard rail is broken: Asked for help with the short form +")
    assert found.lines[3].verdict == "broken"


def test_a_holdout_of_a_play_is_read_out_by_the_same_code(workspace: Workspace) -> None:
    rows = [
        exposure(f"p{n}", "held_out" if n % 10 == 0 else "acted", START_US, experiment="play/hello") for n in range(400)
    ]
    rows += [row(f"p{n}", "Order Completed", START_US + 1, revenue=3.0) for n in range(400) if n % 10 and n % 2]
    bring(workspace, rows)
    found = read(workspace, experiment="play/hello")
    assert found.names == {"held_out": "held out", "acted": "acted"}
    assert found.sentence.startswith("With acted, Ordered rises from 0.0% to ")
    assert list_seen(workspace)["play/hello"]["arms"] == {"acted": 360, "held_out": 40}


def test_nobody_yet_and_nothing_at_all(running: Workspace) -> None:
    assert read(running).sentence == "Nobody has been seen in an arm yet."
    with pytest.raises(Missing, match="no event names it"):
        read(running, experiment="other")
