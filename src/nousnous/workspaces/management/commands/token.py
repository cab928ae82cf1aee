"""API tokens: what programs show to read and change a workspace."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.workspaces.actions import create_token, revoke_token
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.roles import WORDS, spoken_scopes
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows


class Command(TyperCommand):
    help = "API tokens: what programs show to read and change a workspace."

    @command(help="Make an API token; it is shown this once.")
    def create(
        self,
        workspace: WorkspaceOption,
        label: Annotated[str, typer.Option(help="What it is for.")] = "",
        scope: Annotated[list[str] | None, typer.Option(help=f"May be repeated: {', '.join(WORDS)}; else all.")] = None,
        json: JsonOption = False,
    ) -> None:
        token, secret = create_token(current_workspace(workspace), label=label, scopes=scope or ())
        typer.echo(as_json({"id": token.id, "api_token": secret, "scopes": token.scopes}) if json else secret)

    @command(help="Revoke an API token.")
    def revoke(
        self,
        token: Annotated[str, typer.Argument(help="The id of the token.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        gone = revoke_token(current_workspace(workspace), token)
        typer.echo(as_json({"id": gone.id, "revoked_at": gone.revoked_at}) if json else f"{gone.id} is revoked.")

    @command(name="list", help="List the API tokens of a workspace.")
    def show(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        fields = ("id", "label", "scopes", "created_at", "last_used_at", "revoked_at")
        rows = list(current_workspace(workspace).api_tokens.values(*fields))
        if not json:
            rows = [row | {"scopes": spoken_scopes(row["scopes"])} for row in rows]
        show_rows(rows, json_wanted=json, empty="No API tokens yet; `nous token create` makes one.")
