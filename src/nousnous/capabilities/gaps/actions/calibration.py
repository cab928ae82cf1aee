"""How well the teams of a workspace know what they do not know."""

from dataclasses import replace

from nousnous.capabilities.gaps.measures.calibration import Known, TeamCalibration, team_calibrations
from nousnous.capabilities.gaps.models import Belief, StoredVerdict
from nousnous.journeys.catalogue import metric_of
from nousnous.workspaces.models import Workspace


def calibrations(workspace: Workspace, journey: str | None = None) -> tuple[TeamCalibration, ...]:
    """Everybody and each team, over the sealed beliefs; the truth is what the last judged week saw."""
    beliefs = Belief.objects.filter(workspace=workspace).sealed()
    found = list(beliefs.filter(journey=journey) if journey else beliefs)
    last = StoredVerdict.objects.last_of(found)
    return team_calibrations([_known(belief, last.get(belief.id)) for belief in found])


def _known(belief: Belief, last: StoredVerdict | None) -> Known:
    metric = metric_of(belief.metric)
    scale = metric.scale()
    if last is not None and last.scale_low is not None and last.scale_high is not None:
        scale = replace(scale, low=last.scale_low, high=last.scale_high)
    return Known(belief.author, belief.stated, scale, last.value if last else None, bool(last and last.sealed_in_time))
