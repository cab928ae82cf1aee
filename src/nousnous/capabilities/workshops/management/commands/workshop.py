"""`nous workshop`: three tones of a sentence, and customers who choose."""

import json as notation
from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.workshops.actions import holding, letters
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

WorkshopArgument = Annotated[str, typer.Argument(metavar="WORKSHOP", help="Id of the workshop.")]


class Command(TyperCommand):
    help = "Workshops of tone: customers choose among three versions of a sentence."

    @command(name="list", help="List workshops and what came of them.")
    def show_all(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = [one.as_dict() for one in holding.list_workshops(current_workspace(workspace))]
        names = ("id", "name", "key", "state")
        rows = found if json else [{name: one[name] for name in names} | _last(one) for one in found]
        show_rows(rows, json_wanted=json, empty="No workshop was made yet; `nous workshop create` makes one.")

    @command(help="Show a workshop, its address and what came of each round.")
    def show(self, workshop: WorkshopArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = holding.workshop_named(current_workspace(workspace), workshop)
        told = found.as_dict() | {"address": letters.address_of(found.link)}
        typer.echo(as_json(told) if json else as_json(told, indent=2))

    @command(help="Make a workshop of a JSON document.")
    def create(
        self,
        file: Annotated[Path, typer.Argument(metavar="FILE", help="name, key, sentence and three versions.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        try:
            document = notation.loads(text_of(file))
        except ValueError as trouble:
            raise Refused("This is no JSON.", Place(file=str(file), line=getattr(trouble, "lineno", None))) from None
        made = holding.create_workshop(current_workspace(workspace), document, SHELL)
        typer.echo(as_json(made.as_dict()) if json else f"{made.id}: {letters.address_of(made.link)}")

    @command(name="open", help="Let customers vote; the closing is set with this.")
    def begin(self, workshop: WorkshopArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        made = holding.open_round(current_workspace(workspace), workshop, SHELL)
        typer.echo(as_json(made.as_dict()) if json else f"Open until {made.closes_at:%Y-%m-%d %H:%M} UTC.")

    @command(help="Open the next slot of a live call.")
    def slot(self, workshop: WorkshopArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        made = holding.open_slot(current_workspace(workspace), workshop, SHELL)
        typer.echo(as_json(made.as_dict()) if json else f"{made.slots} versions may be chosen.")

    @command(help="Hold it no more after this round.")
    def stop(self, workshop: WorkshopArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        gone = holding.stop_repeating(current_workspace(workspace), workshop, SHELL)
        typer.echo(as_json(gone.as_dict()) if json else f"{gone.id} is held no more after this round.")

    @command(help="Send one-time links to the addresses of a file, one a line, perhaps with a person's id.")
    def send(
        self,
        workshop: WorkshopArgument,
        file: Annotated[Path, typer.Argument(metavar="FILE", help="email or email,person in each line.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        to = letters.recipients_in(text_of(file))
        sent = letters.send_letters(current_workspace(workspace), workshop, to, SHELL)
        typer.echo(as_json(sent) if json else f"{sent['sent']} mails are out, {len(sent['left_out'])} were left out.")


def _last(told: dict[str, object]) -> dict[str, object]:
    rounds = told["rounds"]
    newest = rounds[0] if isinstance(rounds, list) and rounds else None
    outcome = newest["outcome"] if newest else None
    return {"votes": newest["votes"] if newest else 0, "winner": _winner(told, outcome)}


def _winner(told: dict[str, object], outcome: dict[str, object] | None) -> str:
    versions = told["versions"]
    place = outcome["winner"] if outcome else None
    return str(versions[place]["tone"]) if isinstance(place, int) and isinstance(versions, list) else ""
