"""The session before an answer is that of a slow reading, whatever people did and in whatever order it came."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle.screens import counted, session_before

from nousnous.capabilities.spreads.measures.moments import LowAnswers, best_moments
from nousnous.capabilities.spreads.measures.sessions import Happenings, sessions_before, views_of

MINUTE_US = 60 * 1_000_000
events = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.integers(1, 3),
            "ts_us": st.sampled_from([0, 10, 39, 40, 41, 70, 71, 1_400, 1_500, 2_900]).map(MINUTE_US.__mul__),
            "session": st.sampled_from(["", "a", "b"]),
            "screen": st.sampled_from(["", "/x", "/y", "/z"]),
        }
    ),
    max_size=14,
)
asked = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([5, 40, 71, 100, 1_480, 3_000, 9_000]), st.booleans()),
    min_size=1,
    max_size=6,
)


def happenings_of(rows: list[dict[str, Any]]) -> Happenings:
    rows = sorted(rows, key=lambda row: (row["person"], row["ts_us"], row["session"], row["screen"]))
    sessions, screens = (tuple(sorted({row[name] for row in rows} - {""})) for name in ("session", "screen"))
    columns = [
        np.array([row["person"] for row in rows], dtype=np.int64),
        np.array([row["ts_us"] for row in rows], dtype=np.int64),
        np.array([sessions.index(row["session"]) if row["session"] else -1 for row in rows], dtype=np.int64),
        np.array([screens.index(row["screen"]) if row["screen"] else -1 for row in rows], dtype=np.int64),
        np.array([row.get("signal", False) for row in rows], dtype=bool),
    ]
    return Happenings(*columns, sessions, screens)


@given(events, asked)
def test_sessions_and_their_screens_are_those_of_the_oracle(
    rows: list[dict[str, Any]], answers: list[tuple[int, int, bool]]
) -> None:
    happenings = happenings_of(rows)
    persons, minutes, low = (np.array(column) for column in zip(*answers, strict=True))
    found = sessions_before(happenings, persons, minutes * MINUTE_US)
    slowly = [session_before(rows, person, minute * MINUTE_US) for person, minute, _ in answers]
    times = [sorted(happenings.ts_us[found.event[found.answer == place]].tolist()) for place in range(len(answers))]
    assert times == [sorted(event["ts_us"] for event in one) for one in slowly]
    assert found.found.tolist() == [bool(one) for one in slowly]
    answer, screen, _ = views_of(happenings, found)
    told = counted([(one, is_low) for one, (_, _, is_low) in zip(slowly, answers, strict=True)])
    for code, name in enumerate(happenings.screens):
        seen = low[answer[screen == code]]
        assert (int(seen.sum()), int((~seen).sum())) == told.get(name, (0, 0))


def test_the_moment_to_look_at_is_where_it_turned_else_the_first_signal_else_the_screen() -> None:
    second = 1_000_000
    rows = [{"person": one, "ts_us": 0, "session": f"s{one}", "screen": "/a"} for one in (1, 2, 3)]
    rows += [{"person": one, "ts_us": 100 * second, "session": f"s{one}", "screen": "/b"} for one in (1, 2, 3)]
    clicks = [(1, 105), (1, 106), (1, 108), (1, 111), (2, 140)]
    rows += [
        {"person": one, "ts_us": at * second, "session": f"s{one}", "screen": "", "signal": True} for one, at in clicks
    ]
    happenings, persons = happenings_of(rows), np.array([1, 2, 3])
    moment_us = np.full(3, 200 * second)
    sessions = sessions_before(happenings, persons, moment_us)
    recorded, low = np.array([False, False, True]), np.ones(3, dtype=bool)
    answers = LowAnswers(happenings, sessions, persons, np.array([1.0, 1.0, 2.0]), moment_us, moment_us, low, recorded)
    best = best_moments(answers, "/b")
    assert [(one.person_key, one.at_s) for one in best] == [(3, 100.0), (1, 105.0), (2, 140.0)]
    assert (best[1].turn.at_s, best[2].turn.more, best[0].session) == (105.0, 2, "s3")
