"""Make and list workspaces."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.workspaces.actions import WorkspaceProfile, create_workspace
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.shell import JsonOption, as_json, show_rows


class Command(TyperCommand):
    help = "Make and list workspaces."

    @command(help="Make a workspace; prints its slug, write key and API token as JSON.")
    def create(
        self,
        slug: Annotated[str, typer.Argument(help="Its short name in addresses.")],
        write_key: Annotated[str | None, typer.Option(help="Write key to use; else one is made.")] = None,
        name: Annotated[str, typer.Option(help="Its name on pages.")] = "",
        timezone: Annotated[str, typer.Option(help="Time zone of its days.")] = "UTC",
        currency: Annotated[str, typer.Option(help="Currency of its money.")] = "USD",
        json: JsonOption = True,  # noqa: ARG002  # the answer is JSON anyway
    ) -> None:
        made = create_workspace(WorkspaceProfile(slug, name, timezone, currency), write_key)
        typer.echo(as_json({"slug": slug, "write_key": made.write_key, "api_token": made.api_token}))
        typer.echo(
            "Keep the token: it is shown only now. Clients send with the write key. "
            f"Next: nous import events FILE --workspace {slug}",
            err=True,
        )

    @command(name="list", help="List the workspaces.")
    def show(self, json: JsonOption = False) -> None:
        fields = ("slug", "name", "timezone", "currency", "id")
        show_rows(
            list(Workspace.objects.values(*fields)),
            json_wanted=json,
            empty="No workspace yet; `nous workspace create SLUG` makes one.",
        )
