"""`nous status`: whether this installation can do its work."""

import typer
from django_typer.management import TyperCommand

from nousnous.site.health import look
from nousnous.workspaces.shell import JsonOption, show_rows


class Command(TyperCommand):
    help = "Look at the records, the disk, the lake, the log and the runs; ends with 1 if one of them failed."

    def handle(self, json: JsonOption = False) -> None:
        findings = look()
        rows = [{"what": one.name, "state": one.state, "detail": one.detail} for one in findings]
        show_rows(rows, json_wanted=json, empty="")
        if any(one.state == "failed" for one in findings):
            raise typer.Exit(1)
