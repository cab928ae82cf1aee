"""`nous attrition`: who fades, and by which signs."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.attrition.actions.reading import count_signals, list_fading
from nousnous.capabilities.attrition.actions.signals import change_thresholds, find_signals, limits_as_dict
from nousnous.capabilities.attrition.measures.signals import Limits
from nousnous.capabilities.attrition.views import title_of
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows


class Command(TyperCommand):
    help = "Who fades without a word, and by which signs."

    @command(help="Find signs of fading again now; a run does it by itself after events came in, and daily.")
    def signals(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        chosen = current_workspace(workspace)
        find_signals(chosen)
        counts = count_signals(chosen)
        typer.echo(as_json(counts.as_dict()) if json else title_of(counts))

    @command(help="Who shows signs of the last 30 days, with evidence; looking is noted in the audit log.")
    def people(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = list_fading(current_workspace(workspace), SHELL)
        if json:
            typer.echo(as_json({"items": [one.as_dict() for one in found]}))
            return
        rows = [
            {"person": one.person, "sign": sign["said"], "began": sign["began_at"]}
            for one in found
            for sign in one.signals
        ]
        show_rows(rows, json_wanted=False, empty="Nobody shows a sign of fading.")

    @command(help="Show the thresholds, or change some: --set log_ins=4.")
    def thresholds(
        self,
        workspace: WorkspaceOption,
        changes: Annotated[
            list[str] | None, typer.Option("--set", metavar="NAME=NUMBER", help="May be given again.")
        ] = None,
        json: JsonOption = False,
    ) -> None:
        chosen = current_workspace(workspace)
        if changes:
            change_thresholds(chosen, dict(read_change(one) for one in changes), SHELL)
        found = limits_as_dict(chosen)
        lines = "\n".join(f"{name} = {value}" for name, value in found.items())
        typer.echo(as_json(found) if json else lines)


def read_change(text: str) -> tuple[str, str]:
    """A name of a threshold and what it becomes; refuses a name that none has."""
    name, _, value = text.partition("=")
    if name not in Limits.__slots__:
        raise Refused(f"There is no threshold “{name}”; there are {', '.join(Limits.__slots__)}.", Place(field="set"))
    return name, value
