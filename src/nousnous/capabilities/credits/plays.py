"""What a play can do with credits: `grant_credit`, at most a month of the person's own subscription."""

from collections.abc import Mapping
from typing import Any, Final

from nousnous.base.errors import NousError, Refused, Unavailable
from nousnous.capabilities.credits.actions import Receiver, Wish, cents_of, grant_credit, largest_credit, standing_of
from nousnous.facts.plays import Firing, Outcome
from nousnous.plays.registry import Action, Ask
from nousnous.workspaces.models import Workspace

PARAMETERS: Final = ("amount", "month")


def grant(firing: Firing) -> Outcome:
    """Grant what the play says; a budget that is spent or a person who had one already is an answer, no failure."""
    workspace = Workspace.objects.get(pk=firing.workspace_id)
    amounts = {name: cents_of(firing.parameters[name], name) for name in PARAMETERS if name in firing.parameters}
    wish = Wish(firing.key, firing.moment_us, amounts.get("amount"), amounts.get("month"))
    try:
        receiver = Receiver(firing.person, firing.identity_keys)
        credit = grant_credit(workspace, receiver, wish, f"play {firing.play}")
    except Unavailable:
        raise
    except NousError as trouble:
        return Outcome(f"No credit was granted. {trouble.sentence}")
    until = f"{credit.valid_until:%Y-%m-%d %H:%M} UTC"
    return Outcome(f"A credit of {credit.amount:.2f} {workspace.currency} was granted, valid until {until}.", credit.id)


def check(parameters: Mapping[str, Any]) -> None:
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise Refused(f"grant_credit knows no “{name}”; it takes {' and '.join(PARAMETERS)}.")
        if not cents_of(value, name):
            raise Refused(f"“{name}” of grant_credit is more than nothing.")


def closed(workspace_id: str, parameters: Mapping[str, Any]) -> str:
    """Why nobody can be given anything: what is left does not cover the largest credit that was given so far."""
    workspace = Workspace.objects.get(pk=workspace_id)
    needed = largest_credit(workspace) if "amount" not in parameters else cents_of(parameters["amount"], "amount")
    return "" if standing_of(workspace).left >= max(needed, 1) else "The budget for credits is spent."


def cost(parameters: Mapping[str, Any]) -> int:
    """At most this is granted; a credit that is read off the person's subscription tells nothing before."""
    return next((cents_of(parameters[name], name) for name in ("amount", "month") if name in parameters), 0)


ASKS: Final = (
    Ask("amount", needed=False, kind="number", help="Empty: a month of the person's own subscription."),
    Ask("month", needed=False, kind="number", help="What a month costs where no subscription is known."),
)
ACTION: Final = Action(grant, check, inner=True, closed=closed, cost=cost, label="Grant a credit", asks=ASKS)
