"""`nous quarantine`: what arrived and could not be kept."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.collector.quarantine import all_quarantined, quarantined
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows


class Command(TyperCommand):
    help = "List and export what arrived under a valid key and could not be kept."

    @command(name="list", help="The newest entries with their reasons.")
    def list_entries(
        self,
        workspace: WorkspaceOption,
        most: Annotated[int, typer.Option(help="How many to list.")] = 50,
        json: JsonOption = False,  # an option of the shell
    ) -> None:
        entries = quarantined(current_workspace(workspace), most=most)
        rows = [
            {
                "received": clock.from_us(entry["received_us"]).isoformat(timespec="seconds"),
                "path": entry["path"],
                "reason": entry["reason"],
                "body": entry["body"][:120],
            }
            for entry in entries
        ]
        show_rows(entries if json else rows, json_wanted=json, empty="Nothing is in quarantine.")

    @command(help="Write every entry to the standard output.")
    def export(
        self,
        workspace: WorkspaceOption,
        form: Annotated[str, typer.Option("--format", help="jsonl or json.")] = "jsonl",
    ) -> None:
        entries = all_quarantined(current_workspace(workspace))
        if form == "json":
            typer.echo(as_json(list(entries)))
        elif form == "jsonl":
            for entry in entries:
                typer.echo(as_json(entry))
        else:
            raise Refused(f"{form} is no format of quarantine; use jsonl or json.")
