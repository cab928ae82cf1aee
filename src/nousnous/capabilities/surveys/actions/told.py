"""What others are told of surveys: browsers of customers which to ask for, exports and erasures what is kept."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings

from nousnous.base.mentions import Mentions
from nousnous.capabilities.surveys.measures.definition import InPage
from nousnous.capabilities.surveys.models import Asking, Survey
from nousnous.journeys.actions.versions import list_journeys
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.browsers import tell_browsers
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.naming import perhaps_naming

TELLING_RUN: Final = "surveys.telling"
_TEXTS = ("user_id", "anonymous_id", "session_id", "screen")


def tell_of_surveys(workspace: Workspace) -> None:
    """Tell browsers which surveys may be asked on pages, and beside what; the questions come when one is."""
    listed = []
    for survey in Survey.objects.filter(workspace=workspace, closed_at=None):
        version = survey.published
        beside = version.definition.in_page if version else None
        steps = _steps(workspace, beside) if beside else []
        if beside is not None and (beside.after or steps or not beside.steps):  # else all that it stood beside is gone
            listed.append(
                {
                    "survey": survey.token,
                    "after": list(beside.after),
                    "steps": steps,
                    "paths": list(beside.paths),
                    "languages": list(beside.languages),
                    "share": beside.share,
                }
            )
    tell_browsers(workspace, "surveys", {"address": settings.NOUS.address.rstrip("/"), "ask": listed})


def perform_telling(work: Work) -> Advance:
    """Tell browsers anew: a journey changed or was put away, and with it the events of its steps."""
    tell_of_surveys(Workspace.objects.get(pk=work.workspace_id))
    return Advance()


def _steps(workspace: Workspace, beside: InPage) -> list[dict[str, Any]]:
    """What completes the named steps, as browsers can tell it: names of events (none: any), and what properties say.

    A step that is over when it begins completes with its start.
    """
    steps = [step for version in list_journeys(workspace) for step in version.journey.steps if step.id in beside.steps]
    matchers = [matcher for step in steps for matcher in step.completes or step.starts]
    return [
        {"events": list(one.events), "where": {each.property: list(each.values) for each in one.where}}
        for one in matchers
    ]


def tell_of_person(
    workspace: Workspace, _person_key: int, identity_keys: Iterable[int]
) -> dict[str, list[dict[str, Any]]]:
    """What a person was asked, for their export; what they answered stands among their scores and events."""
    mine = Asking.objects.of_people(workspace, identity_keys).select_related("survey")
    return {"surveys": [one.as_dict() for one in mine]}


def erase_askings(workspace: Workspace, identity_keys: Iterable[int], mentions: Mentions) -> int:
    """Erase that a person was asked, and what names one of their ids."""
    mine = Asking.objects.filter(workspace=workspace)
    near = perhaps_naming(mine, mentions, *_TEXTS)
    named = [one.pk for one in near if any(mentions.stand_in(getattr(one, text)) for text in _TEXTS)]
    asked = Asking.objects.of_people(workspace, identity_keys).values_list("pk", flat=True)
    return mine.filter(pk__in=[*named, *asked]).delete()[0]
