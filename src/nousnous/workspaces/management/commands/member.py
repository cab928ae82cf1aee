"""Let people in."""

from typing import Annotated

import typer
from django.conf import settings
from django_typer.management import TyperCommand, command

from nousnous.workspaces.actions import add_member, create_sign_in_address
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.roles import ROLES
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows

Email = Annotated[str, typer.Argument(help="E-mail address of the member.")]
Role = Annotated[
    str | None, typer.Option(help=f"{', '.join(ROLES)}; else the first member is owner, others are viewers.")
]


class Command(TyperCommand):
    help = "Let people into a workspace."

    @command(help="Make somebody a member, or give a member another role.")
    def add(self, email: Email, workspace: WorkspaceOption, role: Role = None, json: JsonOption = False) -> None:
        member = add_member(current_workspace(workspace), email, role)
        answer = {"email": member.user.email, "role": member.role}
        typer.echo(as_json(answer) if json else f"{member.user.email} is {member.role} of {workspace}.")

    @command(name="list", help="List the members of a workspace.")
    def show(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        members = current_workspace(workspace).members.select_related("user")
        show_rows(
            [{"email": m.user.email, "role": m.role, "since": m.created_at.date().isoformat()} for m in members],
            json_wanted=json,
            empty="No members yet; `nous member add EMAIL` makes one.",
        )

    @command(name="sign-in", help="Print a one-time address that signs a member in, valid for 24 hours.")
    def sign_in(self, email: Email, workspace: WorkspaceOption, role: Role = None, json: JsonOption = False) -> None:
        member = add_member(current_workspace(workspace), email, role)
        address, secret = create_sign_in_address(member)
        url = f"{settings.NOUS.address.rstrip('/')}/sign-in/{secret}"
        typer.echo(as_json({"address": url, "expires_at": address.expires_at.isoformat()}) if json else url)
        if not json:
            typer.echo(f"Open it within 24 hours while `nous serve` runs; it signs {email} in once.", err=True)
