"""The last weeks of a report, one by one: a metric's trend, and the whole distribution of what it rests on."""

from collections.abc import Mapping, Sequence

from nousnous.capabilities.gaps.measures.evidence import Evidence, Period
from nousnous.capabilities.gaps.measures.outcomes import duration
from nousnous.capabilities.gaps.measures.report import Trend
from nousnous.capabilities.gaps.measures.visits import HOUR_US
from nousnous.stats.estimate import Estimate

WEEK_US = 7 * 24 * HOUR_US
TREND_WEEKS = 8
ELAPSED = "elapsed"

Spreads = Mapping[str, Estimate]


def trend_weeks(period: Period) -> list[Period]:
    """The last 8 weeks that end with the window, fewer where it is shorter, oldest first; one alone is no trend.

    >>> [len(trend_weeks(Period(0, weeks * WEEK_US))) for weeks in (1, 3, 99)]
    [0, 3, 8]
    """
    weeks = min(TREND_WEEKS, (period.to_us - period.from_us) // WEEK_US)
    if weeks < 2:
        return []
    return [Period(period.to_us - back * WEEK_US, period.to_us - (back - 1) * WEEK_US) for back in range(weeks, 0, -1)]


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
