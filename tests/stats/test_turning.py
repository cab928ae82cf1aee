"""The second at which a session turned, and when nothing can be said."""

import numpy as np
from bench.screens import session

from nousnous.stats.turning import LEAST_SIGNALS, turning_point


def test_a_burst_after_a_calm_session_is_where_it_turned() -> None:
    found = turning_point([40, 300, 303, 307, 310, 311])
    assert (found.at_s, found.n, found.more) == (300.0, 6, 0)


def test_a_calm_end_does_not_hide_the_turn() -> None:
    burst = [300, 303, 307, 310, 311]
    assert turning_point(burst).at_s == turning_point([*burst, 311]).at_s == 300.0


def test_signals_that_come_evenly_are_no_turn() -> None:
    found = turning_point(np.arange(30, 600, 45))
    assert (found.at_s, found.reason) == (None, "signals came evenly")
    calmer = turning_point([5, 7, 9, 12, 14, 500])
    assert calmer.at_s is None


def test_too_few_signals_say_how_many_are_missing() -> None:
    assert [turning_point(one).more for one in ([], [5], [5, 9], [5, 5, 5])] == [3, 2, 1, 0]
    assert turning_point([8.5]).reason == f"1 of {LEAST_SIGNALS} signals"


def test_hours_are_cut_into_longer_pieces_and_the_answer_repeats() -> None:
    signals = [90.0, *(36_000 + 7 * np.arange(12))]
    assert turning_point(signals) == turning_point(signals[::-1])
    assert abs((turning_point(signals).at_s or 0) - 36_000) <= 20


def test_the_sessions_of_the_soak_are_the_same_every_time() -> None:
    assert session(3, "turned")[0].tolist() == session(3, "turned")[0].tolist()
