"""Whether being called helps: each play that opened cases, arm by arm, beside those whom it held out."""

from dataclasses import dataclass
from typing import Final, TypedDict

from django.db.models import Sum

from nousnous.base.errors import Missing
from nousnous.capabilities.cases.measures.outcomes import cost_of_one
from nousnous.capabilities.cases.models import Case
from nousnous.experiments.actions.reading import read_experiment
from nousnous.experiments.measures.readout import Line, ReadoutLineShape
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.workspaces.models import Workspace

MOST_PLAYS: Final = 20


class RescueShape(TypedDict):
    play: str
    arm: str
    persons: int
    spent: float
    reversal: ReadoutLineShape
    cost_of_one: EstimateShape


@dataclass(frozen=True, slots=True)
class Rescue:
    """One arm of a play beside those who were left alone: its first metric, and what each of them cost who came
    back."""

    play: str
    arm: str
    line: Line
    persons: int
    spent: float
    cost: Estimate

    def as_dict(self) -> RescueShape:
        return {
            "play": self.play,
            "arm": self.arm,
            "persons": self.persons,
            "spent": self.spent,
            "reversal": self.line.as_dict(),
            "cost_of_one": self.cost.as_dict(),
        }


def read_rescues(workspace: Workspace) -> list[Rescue]:
    """The arms of every play that opened cases, as assigned: also who was not reached, or never called."""
    plays = Case.objects.of(workspace).exclude(play="").order_by("play").values_list("play", flat=True).distinct()
    return [one for play in plays[:MOST_PLAYS] for one in _arms(workspace, play)]


def _arms(workspace: Workspace, play: str) -> list[Rescue]:
    try:
        found = read_experiment(workspace, f"play/{play}")
    except Missing:
        return []
    cases = Case.objects.of(workspace).filter(play=play).order_by()
    spent = {row["arm"]: (row["cents"] or 0) / 100 for row in cases.values("arm").annotate(cents=Sum("cents"))}
    persons = dict(zip(found.split.arms, found.split.persons, strict=True))
    return [
        Rescue(
            play,
            line.variant,
            line,
            persons[line.variant],
            spent.get(line.variant, 0.0),
            cost_of_one(spent.get(line.variant, 0.0), persons[line.variant], line.found.difference),
        )
        for line in found.lines
        if line.asked == found.lines[0].asked
    ]
