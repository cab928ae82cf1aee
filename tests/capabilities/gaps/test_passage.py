"""The journey as a whole."""

import numpy as np
from tests.capabilities.gaps.made import visits

from nousnous.capabilities.gaps.measures.passage import Finishes, passage, transitions
from nousnous.capabilities.gaps.measures.visits import SECOND_US


def finishes(*rows: tuple[int, int]) -> Finishes:
    person, moment = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return Finishes(person, moment * SECOND_US, 0 * person)


def test_who_completes_the_last_step_has_finished() -> None:
    rows = [{"person": p, "opened": 20, "completed": True} for p in range(6)]
    found = passage(visits(*rows), finishes((0, 80), (0, 99), (1, 81), (2, 20), (3, 19)))
    assert (found.entered, found.finished.n, found.finished.value) == (6, 6, 0.5)
    assert found.elapsed["p50"].n == 3


def test_an_open_visit_enters_the_journey() -> None:
    assert passage(visits({"open": True}), finishes()).entered == 1


def test_transitions_are_consecutive_visits_by_opening_and_step() -> None:
    rows = [{"step": 1, "opened": 0}, {"step": 0, "opened": 0}, {"step": 2, "opened": 30}, {"person": 1, "step": 2}]
    found = transitions(visits(*rows))
    assert [(one.origin, one.target, one.n, one.share, one.p50_s) for one in found] == [
        (0, 1, 1, 1.0, 0.0),
        (1, 2, 1, 1.0, 30.0),
    ]


def test_the_share_is_of_all_that_leave_a_step() -> None:
    rows = [{"person": p, "step": 0, "opened": 0} for p in range(3)]
    rows += [{"person": p, "step": 1 if p else 2, "opened": 10 + p} for p in range(3)]
    found = {(one.origin, one.target): (one.share, one.p50_s) for one in transitions(visits(*rows))}
    assert found == {(0, 1): (2 / 3, 11.0), (0, 2): (1 / 3, 10.0)}
