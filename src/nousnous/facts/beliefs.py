"""A belief as somebody states it: on a page, by the API, or in a journey file."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """A belief as somebody states it; None takes the metric's default tolerance and this instant."""

    journey: str
    step: str
    metric: str
    value: float
    author: str
    tolerance: float | None = None
    range: tuple[float, float] | None = None
    expected_gap: float | None = None
    segment: str = ""
    stated_at: datetime | None = None
