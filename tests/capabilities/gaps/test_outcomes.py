"""How visits ended."""

import math

import numpy as np
from tests.capabilities.gaps.made import visits

from nousnous.capabilities.gaps.measures.contacts import Contacts, contact_rate, visit_before
from nousnous.capabilities.gaps.measures.outcomes import counts, outcomes
from nousnous.capabilities.gaps.measures.visits import SECOND_US
from nousnous.stats.bisection import in_order
from nousnous.stats.shares import share_of

DAY = 86_400


def contacts(*rows: tuple[int, int]) -> Contacts:
    person, moment = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    order, minutes = in_order(person, moment), np.ones(person.size)
    return Contacts.of_no_visit(person[order], moment[order] * SECOND_US, minutes, minutes)


def test_an_open_visit_is_shown_and_counts_nowhere() -> None:
    rows = [{"person": p, "completed": True} for p in range(6)]
    found = outcomes(visits(*rows, {"person": 6, "open": True, "failed": True}, {"person": 7, "failed": True}))
    assert found.counts.as_dict() == {"n": 7, "completed": 6, "failed": 1, "abandoned": 0, "open": 1}
    assert (found.shares["completed"].n, found.shares["failed"].n, found.persons_closed) == (7, 7, 7)
    assert (found.shares["open"].n, found.shares["open"].value) == (8, 1 / 8)


def test_the_shares_of_closed_visits_add_up_and_each_has_its_interval() -> None:
    rows = [{"person": p // 2, "completed": p % 3 == 0, "failed": p % 3 == 1} for p in range(30)]
    found = outcomes(visits(*rows, {"person": 3, "open": True})).shares
    assert math.isclose(sum(found[name].value or 0 for name in ("completed", "failed", "abandoned")), 1)
    left = share_of([not row["completed"] and not row["failed"] for row in rows], [row["person"] for row in rows])
    assert found["abandoned"] == left


def test_who_neither_completes_nor_fails_abandons() -> None:
    assert counts(visits({}, {"person": 1, "failed": True})).abandoned == 1


def test_duration_is_of_completed_visits_by_the_clock_of_the_step() -> None:
    rows = [{"person": p, "completed": True, "ended": 20, "active": 5} for p in range(6)]
    both = visits(*rows, {"person": 9, "ended": 900})
    assert outcomes(both).duration["p50"].value == 20
    assert outcomes(both, active_clock=True).duration["p50"].value == 5


def test_fewer_than_five_persons_are_too_few() -> None:
    found = outcomes(visits(*[{"person": p % 4, "completed": True} for p in range(40)]))
    assert (found.shares["completed"].value, found.shares["completed"].n, found.shares["completed"].method) == (
        None,
        40,
        "too few",
    )


def test_a_contact_follows_after_the_opening_and_within_seven_days_of_the_end() -> None:
    rows = [{"person": p, "ended": 10, "completed": True} for p in range(6)]
    calls = contacts((0, 11), (1, 0), (2, 7 * DAY + 10), (3, 7 * DAY + 11), (9, 12))
    found = contact_rate(visits(*rows), calls, newest_us=8 * DAY * SECOND_US)
    assert (found.n, found.value) == (6, 2 / 6)


def test_a_visit_younger_than_seven_days_waits() -> None:
    rows = [{"person": p, "ended": 0, "completed": True} for p in range(6)]
    assert contact_rate(visits(*rows), contacts(), newest_us=7 * DAY * SECOND_US).n == 0


def test_a_contact_belongs_to_the_step_opened_last_in_the_week_before() -> None:
    rows = [{"step": 2, "opened": 0}, {"step": 1, "opened": 50}, {"step": 0, "opened": 50}, {"step": 3, "opened": 99}]
    calls = contacts((0, 99), (0, 7 * DAY + 100), (0, 0), (5, 60))
    seen = visits(*rows)
    assert calls.of(seen, visit_before(seen, calls)).step.tolist() == [-1, 1, -1, -1]
