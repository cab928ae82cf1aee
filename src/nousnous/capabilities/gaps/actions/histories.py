"""Reading beliefs back: those that stand, what they replaced, what was judged of them."""

from typing import TypedDict

from nousnous.capabilities.gaps.actions.beliefs import belief_of
from nousnous.capabilities.gaps.models import Belief, Beliefs, BeliefShape, StoredVerdict, StoredVerdictShape
from nousnous.workspaces.models import Workspace


def beliefs_in(workspace: Workspace, journey: str | None = None, *, history: bool = False) -> Beliefs:
    """The beliefs of a workspace, with `history` those that were replaced, too."""
    found = Belief.objects.filter(workspace=workspace)
    found = found.filter(journey=journey) if journey else found
    return found if history else found.current()


def versions_of(workspace: Workspace, belief_id: str) -> list[Belief]:
    """All versions of a belief, oldest first, whichever of them is named."""
    named = belief_of(workspace, belief_id)
    same = Belief.objects.of_journey(workspace, named.journey).filter(
        step=named.step, metric=named.metric, author=named.author, segment=named.segment
    )
    return list(same.order_by("created_at", "id"))


class JudgedVersionShape(BeliefShape):
    verdicts: list[StoredVerdictShape]


class HistoryShape(TypedDict):
    versions: list[JudgedVersionShape]


def history_of(workspace: Workspace, belief_id: str) -> HistoryShape:
    """All versions of a belief with the verdicts of each."""
    return {
        "versions": [
            {**belief.as_dict(), "verdicts": [one.as_dict() for one in StoredVerdict.objects.of_belief(belief)]}
            for belief in versions_of(workspace, belief_id)
        ]
    }
