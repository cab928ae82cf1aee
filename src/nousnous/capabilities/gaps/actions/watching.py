"""A metric of a step as it stood at the ends of past days, for plays that wait until it passes a value."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.gaps.actions.opening import open_journey
from nousnous.capabilities.gaps.actions.reading import read_evidence
from nousnous.facts.plays import Watched
from nousnous.journeys.catalogue import metric_of
from nousnous.journeys.periods import Period
from nousnous.journeys.windows import Window, days_before_us, period_of
from nousnous.stats.estimate import Estimate
from nousnous.workspaces.models import Workspace


def metric_day_by_day(workspace: Workspace, watched: Watched, days: int) -> Sequence[tuple[int, Estimate]]:
    """The metric over its days at the end of each of the last so many days that are over, oldest first."""
    opened = open_journey(workspace, watched.journey or None)
    steps = [step.id for step in opened.journey.steps]
    if watched.step not in steps:
        told = f"There is no step “{watched.step}” in {opened.journey.id}; there are {', '.join(steps)}."
        raise Refused(told, Place(field="step"))
    metric_of(watched.metric)
    if opened.extent.last_day_us is None or opened.extent.newest_us is None:
        return ()
    zone = ZoneInfo(opened.timezone)
    newest_us = period_of(Window(), opened.extent.last_day_us, opened.timezone).to_us
    ends = [days_before_us(newest_us, back, zone) for back in reversed(range(days))]
    whole = Period(days_before_us(ends[0], watched.days, zone), newest_us)
    [(evidence, _)] = read_evidence(opened.sources, opened.journey, whole, opened.extent.newest_us)
    position = steps.index(watched.step)
    found = []
    for end_us in ends:
        inside = evidence.during(Period(days_before_us(end_us, watched.days, zone), end_us))
        found.append((end_us, inside.experienced(position, watched.metric).estimate))
    return tuple(found)
