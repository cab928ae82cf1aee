"""`nous case`: who was let down, who calls them, and what became of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.capabilities.cases.actions import opening, reading, rotas, working
from nousnous.capabilities.cases.measures.rota import words_of
from nousnous.capabilities.cases.models import Case
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

SHOWN = ("id", "person", "said", "state", "owner", "due_at")

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="Id of the case.")]


class Command(TyperCommand):
    help = "Cases: who was let down, who calls them by when, and what became of it."

    @command(help="Keep a file as the rota that it names.")
    def rota(
        self,
        file: Annotated[Path, typer.Argument(help="The rota as TOML.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        kept = rotas.apply_rota(current_workspace(workspace), text_of(file), str(file), SHELL).definition
        said = f"{kept.name}: {len(kept.members)} people, {kept.minutes} minutes."
        typer.echo(as_json(words_of(kept)) if json else said)

    @command(name="list", help="List the cases that stand, the most urgent first.")
    def show_all(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        room = reading.war_room(current_workspace(workspace))
        rows: list[Mapping[str, Any]] = [one.as_dict() for one in room.cases]
        shown = rows if json else [{name: row[name] for name in SHOWN} for row in rows]
        show_rows(shown, json_wanted=json, empty="No case is open.")

    @command(name="open", help="Open a case by hand; who has one keeps it.")
    def open_one(
        self,
        person: Annotated[str, typer.Argument(metavar="PERSON", help="An id of theirs, as it was sent.")],
        workspace: WorkspaceOption,
        said: Annotated[str, typer.Option(help="What happened.")],
        team: Annotated[str, typer.Option(help="Id of a rota; the only one where there is one.")] = "",
        json: JsonOption = False,
    ) -> None:
        case, fresh = opening.open_by_hand(current_workspace(workspace), person, said, team, SHELL)
        words = "is open" if fresh else "stood already"
        typer.echo(as_json(case.as_dict()) if json else f"{case.id} {words}.")

    @command(help="Take a case on: its clock stops.")
    def claim(
        self,
        case: CaseArgument,
        workspace: WorkspaceOption,
        member: Annotated[str, typer.Option(help="The address of who calls.")],
        json: JsonOption = False,
    ) -> None:
        found = working.claim_case(current_workspace(workspace), case, member, SHELL)
        typer.echo(as_json(found.as_dict()) if json else f"{found.owner} calls {found.person}.")

    @command(help="Say what it was; it is closed when they were asked whether it helped.")
    def close(
        self,
        case: CaseArgument,
        workspace: WorkspaceOption,
        cause: Annotated[str, typer.Option(help="The root cause.")],
        resolved: Annotated[bool, typer.Option("--resolved/--unresolved", help="Whether they say it is resolved.")],
        step: Annotated[str, typer.Option(help="Where it lies: JOURNEY/STEP.")] = "",
        json: JsonOption = False,
    ) -> None:
        journey, _, place = step.partition("/")
        closing = working.Closing(cause, resolved, journey, place)
        found = working.close_case(current_workspace(workspace), case, closing, SHELL)
        typer.echo(as_json(found.as_dict()) if json else f"{found.id} is {found.state}.")

    @command(help="Show a case.")
    def show(self, case: CaseArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = Case.objects.named(current_workspace(workspace), case).as_dict()
        typer.echo(as_json(found)) if json else show_rows([found], json_wanted=False, empty="")
