"""How many were asked, answered and finished, by survey."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from django.db.models import Count, Q

from nousnous.capabilities.surveys.models import Asking, Survey
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.shares import share
from nousnous.workspaces.models import Workspace


class RateShape(TypedDict):
    asked: int
    answered: int
    finished: int
    dismissed: int
    came_by_themselves: int
    response: EstimateShape


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts of people; who came by themselves (open link, QR) was not asked and is in no rate."""

    asked: int
    answered: int
    finished: int
    dismissed: int
    unasked: int
    response: Estimate

    def as_dict(self) -> RateShape:
        return {
            "asked": self.asked,
            "answered": self.answered,
            "finished": self.finished,
            "dismissed": self.dismissed,
            "came_by_themselves": self.unasked,
            "response": self.response.as_dict(),
        }


def rates_of(workspace: Workspace) -> dict[str, Rate]:
    """The rate of each survey of a workspace, by its id."""
    came = Q(way__in=("open", "qr"))
    answered = Q(answered_at__isnull=False)
    counted = (
        Asking.objects.filter(workspace=workspace)
        .values("survey__survey_id")
        .annotate(
            asked=Count("pk", filter=~came & Q(dismissed_at=None)),
            answered=Count("pk", filter=answered),
            answered_asked=Count("pk", filter=answered & ~came),
            finished=Count("pk", filter=Q(finished_at__isnull=False)),
            dismissed=Count("pk", filter=Q(dismissed_at__isnull=False)),
            unasked=Count("pk", filter=came),
        )
    )
    found = {row["survey__survey_id"]: _rate(row) for row in counted.order_by("survey__survey_id")}
    nobody = Rate(0, 0, 0, 0, 0, share([], []))
    ids = Survey.objects.filter(workspace=workspace).values_list("survey_id", flat=True)
    return {survey_id: found.get(survey_id, nobody) for survey_id in ids}


def _rate(row: Mapping[str, Any]) -> Rate:
    asked, answered = row["asked"], row["answered_asked"]
    ones = np.arange(asked) < answered
    response = share(ones.astype(np.int64), np.ones(asked, dtype=np.int64))
    return Rate(asked, row["answered"], row["finished"], row["dismissed"], row["unasked"], response)
