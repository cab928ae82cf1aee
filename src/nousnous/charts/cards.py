"""A chart with its finding and its numbers, as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from nousnous.charts.kit import Form

FORMS: Final[tuple[Form, Form]] = ("wide", "narrow")
Cell = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Card:
    """A chart with its finding; `parts/chart.html` shows it. Columns and cells say whether they are numbers."""

    id: str
    title: str
    caption: str
    wide: str
    narrow: str
    columns: Sequence[Cell] = ()
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)
    about: str = ""
