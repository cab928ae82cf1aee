"""Write keys: what clients send with their events."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.workspaces.actions import create_key, revoke_key
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows


class Command(TyperCommand):
    help = "Write keys: what clients send with their events."

    @command(help="Make a write key.")
    def create(
        self,
        workspace: WorkspaceOption,
        label: Annotated[str, typer.Option(help="What it is for.")] = "",
        key: Annotated[str | None, typer.Option(help="The key to use; else one is made.")] = None,
        json: JsonOption = False,
    ) -> None:
        made = create_key(current_workspace(workspace), label=label, key=key)
        typer.echo(as_json({"id": made.id, "write_key": made.key}) if json else made.key)

    @command(help="Revoke a write key; clients that send it are answered 401.")
    def revoke(
        self,
        key: Annotated[str, typer.Argument(help="The key or its id.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        gone = revoke_key(current_workspace(workspace), key)
        typer.echo(as_json({"id": gone.id, "revoked_at": gone.revoked_at}) if json else f"{gone.id} is revoked.")

    @command(name="list", help="List the write keys of a workspace.")
    def show(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        fields = ("id", "key", "label", "created_at", "revoked_at")
        rows = list(current_workspace(workspace).write_keys.values(*fields))
        show_rows(rows, json_wanted=json, empty="No write keys yet; `nous key create` makes one.")
