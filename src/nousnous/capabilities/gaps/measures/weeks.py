"""The last weeks of a report, one by one: a metric's trend, and the whole distribution of what it rests on."""

from collections.abc import Mapping, Sequence

from nousnous.capabilities.gaps.measures.evidence import Evidence
from nousnous.capabilities.gaps.measures.outcomes import duration
from nousnous.capabilities.gaps.measures.report import Trend
from nousnous.journeys.scores import ELAPSED
from nousnous.stats.estimate import Estimate

Spreads = Mapping[str, Estimate]


def trend(weeks: Sequence[Evidence], position: int, metric: str, unit: str) -> Trend | None:
    """A metric of a step week by week."""
    if not weeks:
        return None
    return Trend(metric, unit, tuple(week.experienced(position, metric).estimate for week in weeks))


def spreads(weeks: Sequence[Evidence], position: int) -> dict[str, tuple[Spreads, ...]]:
    """The quantiles of the durations and of each score of a step week by week; nothing where nobody answered."""
    if not weeks:
        return {}
    step = weeks[0].journey.steps[position]
    found: dict[str, tuple[Spreads, ...]] = {
        ELAPSED: tuple(duration(week.visits.of_step(position), active_clock=step.active_clock) for week in weeks)
    }
    for metric in sorted({metric for about, metric in weeks[0].answers if about == step.id}):
        scored = [week.score(step.id, metric) for week in weeks]
        found[metric] = tuple({} if one is None else one.quantiles for one in scored)
    return found
