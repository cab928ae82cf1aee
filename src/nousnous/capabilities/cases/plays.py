"""What a play can do with cases: `open_case`, for a team of the rota."""

from collections.abc import Mapping
from typing import Any, Final

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.cases.actions.opening import Cause, Whom, open_case
from nousnous.capabilities.cases.models import Case
from nousnous.facts.plays import Firing, Outcome
from nousnous.plays.channels.filling import filled, known, sound
from nousnous.plays.registry import Action, Ask
from nousnous.workspaces.models import Workspace

PARAMETERS: Final = {"team": False, "said": False, "offer": False, "priority": False}
PRIORITIES: Final = tuple(name for name, _ in Case.PRIORITIES)


def check(parameters: Mapping[str, Any]) -> None:
    sound("open_case", PARAMETERS, parameters)
    if parameters.get("priority", "normal") not in PRIORITIES:
        raise Refused(f"“priority” is one of {', '.join(PRIORITIES)}.", Place(field="priority"))


def open_one(firing: Firing) -> Outcome:
    """Open a case for the person of a firing; one who has a case already keeps that one."""
    workspace, asked, told = Workspace.objects.get(pk=firing.workspace_id), firing.parameters, known(firing)
    said = filled(str(asked.get("said", "{said}")), told).strip() or f"The play {firing.play} found them."
    offer = filled(str(asked.get("offer", "")), told)
    whom = Whom(firing.person, firing.identity_keys, str(asked.get("team", "")), str(asked.get("priority", "normal")))
    source = str(told.get("signal") or told.get("metric") or firing.play)
    case, fresh = open_case(
        workspace, whom, Cause(firing.key, source, said, firing.moment_us, firing.play, firing.arm, offer)
    )
    return Outcome("A case was opened." if fresh else "They have a case already.", case.id)


ASKS: Final = (
    Ask("team", needed=False, help="Id of a rota; the only one where there is one."),
    Ask("said", needed=False, help="What happened; {said} is what the product found."),
    Ask("offer", needed=False, kind="text", help="What may be offered, and only after listening."),
    Ask("priority", needed=False, help="urgent, normal or low."),
)
ACTION: Final = Action(open_one, check, inner=True, label="Open a case for a call", asks=ASKS)
