"""The catalogue of metrics that a team can have a belief about; every part adds its own in its `metrics.py`."""

from dataclasses import dataclass
from typing import Final, Literal

from nousnous.base.errors import Place, Refused
from nousnous.stats.gaps import Kind, Scale


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing a team can have a belief about; `low` and `high` bound the values one may state.

    `own_scale`: each survey brings its own ends, so that a stated value has no upper bound before answers came.
    """

    id: str
    name: str
    unit: str
    kind: Kind
    direction: Literal[1, -1]
    low: float
    high: float | None
    needs: str
    version: int = 1
    own_scale: bool = False

    @property
    def definition(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def tolerance(self) -> float:
        """The default: 2 points, or 5 % of a duration."""
        return 0.05 if self.kind == "unbounded" else 0.02

    def holds(self, value: float) -> bool:
        """Whether a value lies on the metric's scale."""
        return value >= self.low and (self.high is None or self.own_scale or value <= self.high)

    @property
    def ends(self) -> str:
        """Where its scale ends, in words."""
        upward = self.high is None or self.own_scale
        return f"from {self.low:g} up" if upward else f"from {self.low:g} to {self.high:g}"

    def misfit(self, value: float) -> str:
        """What to say of a value off the scale: where the scale ends, and how a share is written."""
        share = self.high == 1 and 1 < value <= 100
        hint = f"; {value:g}% is written {value / 100:g}" if share else ""
        return f"{value:g} is off the scale of {self.id}, which is {self.ends}{hint}."

    def scale(self, answers: tuple[float, float] | None = None) -> Scale:
        """How its gap is measured; `answers` are the ends of the survey's scale, where it has one of its own."""
        low, high = answers if answers is not None and self.own_scale else (self.low, self.high or 0.0)
        return Scale(self.kind, self.direction, low, high)


UNITS: Final = {"share": "share", "s": "seconds", "points": "nps", "answer": "score"}
METRICS: Final[dict[str, Metric]] = {}


def register_metrics(*metrics: Metric) -> None:
    """Add metrics to the catalogue; called by the `metrics.py` of a part, which `site` finds by name."""
    METRICS.update({metric.id: metric for metric in metrics})


def metric_of(name: str) -> Metric:
    """The metric of that id; Refused when the catalogue has none."""
    if name not in METRICS:
        raise Refused(f"There is no metric “{name}”; choose one of {', '.join(METRICS)}.", Place(field="metric"))
    return METRICS[name]


def unit_of(unit: str) -> str:
    """The unit of a metric as `charts.words` reads it."""
    return UNITS.get(unit, "score")
