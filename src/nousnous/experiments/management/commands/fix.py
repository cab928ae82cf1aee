"""Fixes: apply files, list them, prove them."""

from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.experiments.actions import proving
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

SHELL = "shell"


class Command(TyperCommand):
    help = "Fixes: apply files, list them, prove them."

    @command(help="Keep the fix of a file.")
    def apply(
        self,
        file: Annotated[Path, typer.Argument(help="The fix as TOML.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        kept = proving.apply_fix(current_workspace(workspace), text_of(file), str(file), SHELL)
        typer.echo(
            as_json(kept.as_dict()) if json else f"{kept.name} is kept; `nous fix prove {kept.fix_id}` reads it."
        )

    @command(name="list", help="List the fixes of a workspace.")
    def show_all(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        rows = [one.as_dict() for one in proving.list_fixes(current_workspace(workspace))]
        show_rows(rows, json_wanted=json, empty="No fixes; `nous fix apply FILE` notes one.")

    @command(help="Say what is proven of a fix: proof, association, or neither.")
    def prove(
        self,
        fix: Annotated[str, typer.Argument(help="Id of the fix.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        found = proving.prove_fix(current_workspace(workspace), fix)
        typer.echo(as_json(found.as_dict()) if json else found.sentence)
