import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nousnous.stats.bisection import Sorted, in_order

NEAR, FAR = st.integers(-3, 3), st.sampled_from([-(2**62), -1, 5, 2**17, 2**40, 2**62])


@given(st.lists(st.tuples(NEAR | FAR, NEAR | FAR, NEAR)))
def test_rows_stand_by_person_then_moment_then_number(rows):
    person, moment, then = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    assert [rows[place] for place in in_order(person, moment, then)] == sorted(rows)
    assert [rows[place][:2] for place in in_order(person, moment)] == sorted(row[:2] for row in rows)


@given(st.lists(st.tuples(NEAR | FAR, NEAR)), st.lists(st.tuples(NEAR | FAR, NEAR)))
def test_places_are_those_of_a_list(rows, asked):
    rows = sorted(rows)
    (person, moment), (whose, when) = (np.array(one, dtype=np.int64).reshape(-1, 2).T for one in (rows, asked))
    sorted_rows = Sorted(person, moment)
    assert sorted_rows.after(whose, when).tolist() == [
        sum(row <= one for row in rows if row[0] == one[0]) + sum(row[0] < one[0] for row in rows) for one in asked
    ]
    assert sorted_rows.begins(whose).tolist() == [sum(row[0] < one[0] for row in rows) for one in asked]
