"""Segments: apply files, list and show them, forget them."""

from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.journeys.actions import segments
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

SHELL = "shell"

NameArgument = Annotated[str, typer.Argument(help="Name of the segment.")]


class Command(TyperCommand):
    help = "Segments: apply files, list and show them, forget them."

    @command(help="Keep the segment of a file, and say how many people are in it.")
    def apply(
        self,
        file: Annotated[Path, typer.Argument(help="The segment as TOML.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        into = current_workspace(workspace)
        kept = segments.apply_segment(into, text_of(file), str(file), SHELL)
        inside, everybody = segments.size_now(into, kept)
        row = {**kept.as_dict(), "persons": inside, "of": everybody}
        typer.echo(as_json(row) if json else f"{kept.name}: {inside} of {everybody} people.")

    @command(name="list", help="List the segments of a workspace.")
    def show_all(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        rows = [one.as_dict() for one in segments.list_segments(current_workspace(workspace))]
        show_rows(rows, json_wanted=json, empty="No segments; `nous segment apply FILE` keeps one.")

    @command(help="Print a segment as a file.")
    def show(self, name: NameArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        of = current_workspace(workspace)
        found = segments.segment_of(of, name)
        inside, everybody = segments.size_now(of, found)
        row = {**found.as_dict(), "text": found.text, "persons": inside, "of": everybody}
        typer.echo(as_json(row) if json else found.text, nl=json)

    @command(help="Forget a segment; the people in it stay.")
    def remove(self, name: NameArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        segments.remove_segment(current_workspace(workspace), name, SHELL)
        typer.echo(as_json({"removed": name}) if json else f"{name} is forgotten.")
