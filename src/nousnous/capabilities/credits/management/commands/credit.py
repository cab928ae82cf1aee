"""`nous credit`: what is given back, and from which budget."""

from datetime import datetime
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.base import clock
from nousnous.capabilities.credits import actions
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows

SHOWN = ("id", "person", "cents", "state", "valid_until", "granted_by")


class Command(TyperCommand):
    help = "Credits: at most a month of a customer's own subscription, once, from a budget."

    @command(help="Show the budget; with an amount, set it.")
    def budget(
        self,
        workspace: WorkspaceOption,
        amount: Annotated[str, typer.Option(help="What may be given in all, such as 500.")] = "",
        period_days: Annotated[int, typer.Option(help="One credit a person in so many days.")] = 90,
        json: JsonOption = False,
    ) -> None:
        found = current_workspace(workspace)
        if amount:
            actions.set_budget(found, actions.cents_of(amount, "amount"), period_days, SHELL)
        show = actions.standing_of(found).as_dict()
        typer.echo(as_json(show)) if json else show_rows([show], json_wanted=False, empty="")

    @command(help="Give somebody at most a month of their subscription.")
    def grant(
        self,
        person: Annotated[str, typer.Argument(metavar="PERSON", help="An id of theirs, as it was sent.")],
        workspace: WorkspaceOption,
        amount: Annotated[str, typer.Option(help="Without it, one month.")] = "",
        month: Annotated[str, typer.Option(help="What a month costs them, where no event tells it.")] = "",
        key: Annotated[str, typer.Option(help="The same key answers the same credit.")] = "",
        signalled_at: Annotated[datetime | None, typer.Option(help="The moment for which it makes up.")] = None,
        json: JsonOption = False,
    ) -> None:
        found = current_workspace(workspace)
        moment_us = clock.to_us(found.instant(signalled_at)) if signalled_at else clock.now_us()
        amounts = [
            actions.cents_of(text, name) if text else None for text, name in ((amount, "amount"), (month, "month"))
        ]
        made = actions.grant_to(found, person, actions.Wish(key, moment_us, *amounts), SHELL).as_dict()
        said = f"{made['id']}: {made['cents'] / 100:.2f} {found.currency} for {made['person']}."
        typer.echo(as_json(made) if json else said)

    @command(help="Take a credit back; its sum returns to the budget.")
    def reverse(
        self,
        credit: Annotated[str, typer.Argument(metavar="CREDIT", help="Id of the credit.")],
        workspace: WorkspaceOption,
        reason: Annotated[str, typer.Option(help="Why it is taken back.")],
        json: JsonOption = False,
    ) -> None:
        gone = actions.reverse_credit(current_workspace(workspace), credit, reason, SHELL).as_dict()
        typer.echo(as_json(gone) if json else f"{gone['id']} is reversed.")

    @command(name="list", help="List what was given to whom.")
    def show(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        rows = [one.as_dict() for one in actions.list_credits(current_workspace(workspace))]
        shown = rows if json else [{name: row[name] for name in SHOWN} for row in rows]
        show_rows(shown, json_wanted=json, empty="Nothing was given yet; `nous credit grant` gives something.")
