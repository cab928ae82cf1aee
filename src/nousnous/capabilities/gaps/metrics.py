"""The metrics that this capability adds to the catalogue."""

from dataclasses import dataclass
from typing import Literal

from nousnous.base.errors import Place, Refused
from nousnous.stats.gaps import Kind, Scale


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing a team can have a belief about; `low` and `high` bound the values one may state."""

    id: str
    name: str
    unit: str
    kind: Kind
    direction: Literal[1, -1]
    low: float
    high: float | None
    needs: str
    version: int = 1

    @property
    def definition(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def tolerance(self) -> float:
        """The default: 2 points, or 5 % of a duration."""
        return 0.05 if self.kind == "unbounded" else 0.02

    def scale(self, answers: tuple[float, float] | None = None) -> Scale:
        """How its gap is measured; `answers` are the ends of the survey's scale, where it has one of its own."""
        low, high = answers if answers is not None and self.id == "rating" else (self.low, self.high or 0.0)
        return Scale(self.kind, self.direction, low, high)


METRICS = {
    metric.id: metric
    for metric in (
        Metric("completion", "Completion", "share", "share", 1, 0, 1, "visits"),
        Metric("failure_rate", "Failure rate", "share", "share", -1, 0, 1, "visits"),
        Metric("duration_p50", "Median duration", "s", "unbounded", -1, 0, None, "completed visits"),
        Metric("duration_p90", "Duration of the slowest tenth", "s", "unbounded", -1, 0, None, "completed visits"),
        Metric("frustration_rate", "Frustration rate", "share", "share", -1, 0, 1, "visits, frustration events"),
        Metric("contact_rate", "Contact rate", "share", "share", -1, 0, 1, "visits, contacts"),
        Metric("nps", "NPS", "points", "nps", 1, -100, 100, "answers from 0 to 10"),
        Metric("csat", "Satisfied answers", "share", "share", 1, 0, 1, "csat answers"),
        Metric("ces", "Ease", "answer", "bounded", 1, 1, 7, "answers from 1 to 7"),
        Metric("rating", "Rating", "answer", "bounded", 1, 1, 5, "ratings"),
        Metric("low_tail", "Low tail", "share", "share", -1, 0, 1, "answers on a scale"),
    )
}


def metric_of(name: str) -> Metric:
    """The metric of that id; Refused when the catalogue has none."""
    if name not in METRICS:
        raise Refused(f"There is no metric “{name}”; choose one of {', '.join(METRICS)}.", Place(field="metric"))
    return METRICS[name]
