"""`nous doctor`: what is wrong with this installation, why, and what to do."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand

from nousnous.collector.doctor import FAILED, OK, examine, mended, permissions
from nousnous.site.health import look
from nousnous.workspaces.shell import JsonOption, show_rows


class Command(TyperCommand):
    help = "Look for what is damaged, left behind or open to others; ends with 1 if something failed."

    def handle(
        self,
        fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended without losing anything.")] = False,
        json: JsonOption = False,
    ) -> None:
        health = look()
        away = any(one.name == "records" and one.state == FAILED for one in health)
        found = [*health, *(permissions() if away else examine())]
        found = mended(found) if fix else found
        told = ("name", "state", "detail", "remedy")
        rows = [{key: getattr(one, key) for key in told} | {"fixable": one.mend is not None} for one in found]
        show_rows(rows, json_wanted=json, empty="")
        if not json and any(one.mend for one in found):
            typer.echo("\nWhat is fixable is mended by `nous doctor --fix`.")
        if not json and all(one.state == OK for one in found):
            typer.echo("\nNothing is wrong.")
        if any(one.state == FAILED for one in found):
            raise typer.Exit(1)
