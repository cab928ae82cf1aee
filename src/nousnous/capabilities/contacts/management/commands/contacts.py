"""`nous contacts`: who has to come back after a contact was called resolved."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand

from nousnous.capabilities.contacts.actions import USUAL_DAYS, contact_report
from nousnous.capabilities.contacts.views import (
    came_back,
    change_of,
    ends_of,
    minutes_of,
    name_of,
    net_hours,
    title_of,
)
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows


class Command(TyperCommand):
    help = "Contacts that come back within 7 days, by channel, topic and team, with handling time beside them."

    def handle(
        self,
        workspace: WorkspaceOption,
        days: Annotated[int, typer.Option(help="How many days before the newest event.")] = USUAL_DAYS,
        source: Annotated[str, typer.Option(help="Read from events or conversations; by itself what is there.")] = "",
        json: JsonOption = False,
    ) -> None:
        report = contact_report(current_workspace(workspace), days, source)
        if json:
            typer.echo(as_json(report.as_dict()))
            return
        typer.echo(title_of(report))
        rows = [
            {"group": name_of(one) + (": faster, more repeats" if one.hurried else ""),
             "came_back": f"{came_back(one)} ({ends_of(one)})", "change": change_of(one),
             "minutes": " ".join(minutes_of(one)), "net_hours": "{} ({})".format(*net_hours(one)).removesuffix(" ()"),
             "n": one.avoidance.n, "maturing": one.maturing}
            for one in report.lines
        ]  # fmt: skip
        show_rows(rows, json_wanted=False, empty="Contact Started and Contact Resolved are the events it reads.")
