"""Plays: apply files, try them, switch them on and off, see what they did."""

from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.plays.actions import dry_run as trying
from nousnous.plays.actions import versions
from nousnous.plays.actions.results import newest_firings, results_of
from nousnous.plays.definition import parse_play
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

SHELL = "shell"

PlayArgument = Annotated[str, typer.Argument(help="Id of the play.")]
FileArgument = Annotated[Path, typer.Argument(help="The play as TOML.")]


class Command(TyperCommand):
    help = "Plays: apply files, try them, switch them on and off, see what they did."

    @command(help="Keep a file as the newest version of the play that it names; a new play is off.")
    def apply(self, file: FileArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        into = current_workspace(workspace)
        kept = versions.apply_play(into, text_of(file), str(file), SHELL)
        said = f"{kept.name}: version {kept.current.number}, {'on' if kept.on else 'off'}."
        typer.echo(as_json(kept.as_dict()) if json else said)

    @command(name="list", help="List the plays of a workspace, with how many people they reached.")
    def show_all(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        rows = [
            {
                "id": one.play.play_id,
                "name": one.play.name,
                "on": one.play.on,
                "reached": one.acted,
                "held_out": one.held_out,
                "waiting": one.waiting,
                "failed": one.failed,
            }
            for one in results_of(current_workspace(workspace)).values()
        ]
        show_rows(rows, json_wanted=json, empty="No plays; `nous play apply FILE` keeps one.")

    @command(help="Print a play as a file.")
    def show(self, play: PlayArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = versions.play_of(current_workspace(workspace), play)
        text = found.current.text
        typer.echo(as_json({**found.as_dict(), "text": text}) if json else text, nl=json)

    @command(name="dry-run", help="Say for whom the play of a file would have fired in the last 30 days.")
    def try_out(self, file: FileArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        of = current_workspace(workspace)
        definition = parse_play(text_of(file), str(file))
        versions.check_play(of, definition, str(file))
        found = trying.dry_run(of, definition)
        if json:
            typer.echo(as_json(found.as_dict(people=True)))
            return
        typer.echo(found.sentence)
        for person, moment in found.newest:
            typer.echo(f"  {person}  {moment[:16]}")

    @command(help="Let a play fire from now on.")
    def on(self, play: PlayArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = versions.switch_play(current_workspace(workspace), play, SHELL, on=True)
        typer.echo(as_json(found.as_dict()) if json else f"{found.name} is on.")

    @command(help="Let a play fire no more.")
    def off(self, play: PlayArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = versions.switch_play(current_workspace(workspace), play, SHELL, on=False)
        typer.echo(as_json(found.as_dict()) if json else f"{found.name} is off.")

    @command(help="List the newest that pulled a play's trigger, for whom, and what came of it.")
    def firings(self, play: PlayArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = versions.play_of(current_workspace(workspace), play)
        rows = [one.as_dict() for one in newest_firings(found)]
        shown = rows if json else [{name: row[name] for name in ("person", "event", "state", "said")} for row in rows]
        show_rows(shown, json_wanted=json, empty="It has not fired yet.")
