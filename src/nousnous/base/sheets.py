"""Tables as CSV: the one place that writes them, so that no cell becomes a formula in somebody's spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows of the same names under a head; numbers stay numbers, and texts texts.

    >>> as_csv([{"name": "=1+1", "gap": -0.5}]).splitlines()
    ['name,gap', "'=1+1,-0.5"]
    """
    written = io.StringIO()
    every = list(rows)
    sheet = csv.writer(written)  # noqa: TID251  # the one that holds formulas as texts
    if every:
        sheet.writerow(map(held, every[0]))
    sheet.writerows(map(held, row.values()) for row in every)
    return written.getvalue()


def held(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, behind the sign by which it is a text.

    >>> [held(one) for one in ("@SUM(A1)", " -2+3", "-2", -2, "a-b", "\uff1d1")]
    ["'@SUM(A1)", "' -2+3", '-2', -2, 'a-b', "'\uff1d1"]
    """
    takes = isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value)
    return f"'{value}" if takes else value
