"""`nous themes`: what customers talk about."""

import json as reader
from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.themes.actions.arranging import Arrangement, arrange, read_file, write_file
from nousnous.capabilities.themes.actions.finding import find_of
from nousnous.capabilities.themes.actions.reading import read_themes
from nousnous.charts.words import interval, percent
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

ThemeArgument = Annotated[str, typer.Argument(metavar="ID", help="The theme, as `nous themes list` shows it.")]


class Command(TyperCommand):
    help = "What customers talk about in open answers."

    @command(name="list", help="Themes with their share of the open answers, the most talked about first.")
    def list_themes(
        self,
        workspace: WorkspaceOption,
        since: Annotated[str, typer.Option("--from", help="First day, or an instant.")] = "",
        until: Annotated[str, typer.Option("--to", help="Day or instant outside of it.")] = "",
        json: JsonOption = False,
    ) -> None:
        found = read_themes(current_workspace(workspace), since or None, until or None)
        if json:
            typer.echo(as_json(found.as_dict()))
            return
        rows = [
            {
                "id": one.theme.id,
                "theme": one.theme.name,
                "answers": one.talk.answers,
                "share": percent(one.talk.share.value),
                "interval": interval(one.talk.share.low, one.talk.share.high, "share"),
            }
            for one in found.themes
        ]
        needed = f"{found.needed} more open answers are needed." if found.needed else "No themes."
        show_rows(rows, json_wanted=False, empty=needed)

    @command(help="Find themes again now; a run does it by itself after answers came in. Arranged ones stay.")
    def find(self, workspace: WorkspaceOption) -> None:
        typer.echo(f"{find_of(current_workspace(workspace), anew=True):,} open answers read.")

    @command(help="Rename a theme, keep it, or merge it into another one.")
    def arrange(
        self,
        theme: ThemeArgument,
        workspace: WorkspaceOption,
        name: Annotated[str, typer.Option(help="Another name; it stays.")] = "",
        into: Annotated[str, typer.Option(metavar="ID", help="The theme it becomes part of.")] = "",
        apart: Annotated[bool, typer.Option("--apart", help="Stand by itself again.")] = False,
        keep: Annotated[bool | None, typer.Option("--keep/--let-go", help="Stay when themes are found again.")] = None,
        json: JsonOption = False,
    ) -> None:
        wanted = Arrangement(name or None, keep, "" if apart else into or None)
        changed = arrange(current_workspace(workspace), theme, wanted, SHELL)
        typer.echo(as_json(changed.as_dict()) if json else f"{changed.id}: {changed.name}")

    @command(help="Write all themes as a file (JSON) that another workspace can take.")
    def export(self, workspace: WorkspaceOption) -> None:
        typer.echo(as_json(write_file(current_workspace(workspace))))

    @command(name="import", help="Take the themes of a file in; they stay, beside those that stand.")
    def import_themes(
        self, file: Annotated[Path, typer.Argument(help="What `nous themes export` wrote.")], workspace: WorkspaceOption
    ) -> None:
        text = text_of(file)
        try:
            document = reader.loads(text)
        except ValueError:
            raise Refused("The file is no JSON; `nous themes export` writes it.", Place(file=file.name)) from None
        typer.echo(f"{read_file(current_workspace(workspace), document, SHELL)} themes.")
