import gzip
from timeit import timeit
from xml.etree import ElementTree as ET

import pytest
from tests.charts.northwind import HEADS, ROWS
from tests.charts.stored_text import assert_stored

from nousnous.charts.belief_gaps import belief_gaps
from nousnous.charts.kit import Form, Sheet


@pytest.mark.parametrize("form", ["wide", "narrow"])
def test_the_dot_plot_is_as_stored(form: Form) -> None:
    assert_stored(f"belief_gaps.{form}.svg", belief_gaps(ROWS, HEADS, Sheet("gap", form)))


def test_every_row_is_one_sentence_and_the_chart_one_tab_stop() -> None:
    tree = ET.fromstring(belief_gaps(ROWS, HEADS, Sheet("gap")))
    marks = [one for one in tree.iter() if one.get("role") == "img"]
    assert marks[0].get("aria-label") == (
        "Mobile check-in: the team believes 95%, customers 61% (58 to 64%), n 1,204; "
        "gap +34 points, worse; $412k a year"
    )
    assert [one.get("tabindex") for one in marks] == ["0", *["-1"] * 7]


def test_the_fixed_form_places_nothing_in_per_cent() -> None:
    text = belief_gaps(ROWS, HEADS, Sheet("gap", "wide", 934))
    assert '%"' not in text
    assert "vector-effect" not in text


def test_it_is_small_and_quick() -> None:
    both = [belief_gaps(ROWS, HEADS, Sheet("gap", form)) for form in ("wide", "narrow")]
    assert all(len(gzip.compress(one.encode())) <= 3 * 1024 for one in both)
    assert min(timeit(lambda: belief_gaps(ROWS, HEADS, Sheet("gap")), number=10) for _ in range(5)) / 10 < 0.002
