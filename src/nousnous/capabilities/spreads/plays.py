"""What plays can be triggered by: an answer in the low tail."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from nousnous.capabilities.spreads.models import LowScore
from nousnous.facts.plays import Told
from nousnous.plays.registry import FactTrigger
from nousnous.workspaces.models import Workspace


def told(fact: Mapping[str, Any]) -> Told | None:
    """Whose answer it was; nobody where it is gone, or names nobody."""
    found = LowScore.objects.filter(pk=fact["low_score"]).first()
    return None if found is None or found.identity_key is None else _told(found, found.identity_key)


def past(workspace: Workspace, since_us: int) -> Iterable[Told]:
    """The low answers that were given since a moment."""
    for found in LowScore.objects.filter(workspace=workspace, given_us__gte=since_us):
        if found.identity_key is not None:
            yield _told(found, found.identity_key)


def _told(score: LowScore, identity_key: int) -> Told:
    said = f"answered {score.value:g} ({score.metric.upper()}){' at ' if score.step else ''}{score.step}"
    details = {"metric": score.metric, "step": score.step, "value": score.value, "said": said}
    return Told(score.id, identity_key, score.given_us, details)


GIVEN: Final = FactTrigger(("metric", "step"), told, past)
