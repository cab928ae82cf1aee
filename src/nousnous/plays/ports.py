"""What plays must know of parts above them, handed in by `site`: what a metric of a step is, day after day."""

from collections.abc import Callable, Sequence

from nousnous.base.errors import Unavailable
from nousnous.facts.plays import Watched
from nousnous.stats.estimate import Estimate
from nousnous.workspaces.models import Workspace

Measure = Callable[[Workspace, Watched, int], Sequence[tuple[int, Estimate]]]
"""The metric over its days, as it stood at the end of each of the last so many days that are over, with that moment;
nothing where no day is over. Refused where the step or the metric is not there."""

_measures: list[Measure] = []


def bind_measure(measure: Measure) -> None:
    """Say who measures; called once, by `site`."""
    _measures[:] = [measure]


def measured(workspace: Workspace, watched: Watched, days: int = 1) -> Sequence[tuple[int, Estimate]]:
    """Ask who measures."""
    if not _measures:
        raise Unavailable("No part of this installation measures steps.")
    return _measures[0](workspace, watched, days)
