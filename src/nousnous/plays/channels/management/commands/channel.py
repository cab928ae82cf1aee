"""`nous channel`: the ways out of the house."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Missing, Refused
from nousnous.plays.channels import actions
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The channel's name, as plays call it.")]
SHOWN = ("name", "kind", "used_at", "trouble")


class Command(TyperCommand):
    help = "Channels: where plays post messages and make issues."

    @command(help="Connect a channel, or tell one that stands something new. Secrets are never shown again.")
    def add(
        self,
        kind: Annotated[str, typer.Argument(metavar="KIND", help="slack, webhook, github, jira or linear.")],
        name: NameArgument,
        workspace: WorkspaceOption,
        set_: Annotated[
            list[str] | None,
            typer.Option(
                "--set", help="field=value, more than once; @FILE reads the value from a file, @- from stdin."
            ),
        ] = None,
        json: JsonOption = False,
    ) -> None:
        values = dict(map(_pair, set_ or []))
        kept = actions.connect(current_workspace(workspace), actions.Connection(kind, name, values), SHELL)
        said = f"{kept.name} is kept; `nous channel test {kept.name}` shows whether it works."
        typer.echo(as_json(actions.as_dict(kept)) if json else said)

    @command(name="list", help="List the channels of a workspace and what the other side said last.")
    def show(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        rows: list[Mapping[str, Any]] = [*map(actions.as_dict, actions.list_channels(current_workspace(workspace)))]
        shown = rows if json else [{name: row[name] for name in SHOWN} for row in rows]
        show_rows(shown, json_wanted=json, empty="No channels yet; `nous channel add` connects one.")

    @command(help="Ask the other side whether it would take something; in Slack a message tells.")
    def test(self, name: NameArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        said = actions.test_channel(current_workspace(workspace), name, SHELL)
        typer.echo(as_json({"said": said}) if json else said)

    @command(help="Forget a channel with its secrets; plays that name it fail, and say so.")
    def remove(self, name: NameArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        gone = actions.remove_channel(current_workspace(workspace), name, SHELL)
        typer.echo(as_json({"name": gone.name}) if json else f"{gone.name} is removed.")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused(f"“{text}” is no field=value.")
    return name, _read(value[1:]) if value.startswith("@") else value


def _read(place: str) -> str:
    if place == "-":
        return sys.stdin.read().strip()
    if not Path(place).is_file():
        raise Missing(f"There is no file {place}.")
    return Path(place).read_text("utf-8").strip()
